"""Stores how seats are used: the counts of one sweep of all people, or nothing of it."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, insert

from webexhist.seat_counts import COLUMNS
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import seat_count, seat_sweep
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.sweeps import sum_of_counts


def store_seats(
    connection: Connection, placed: Sequence[Placed], license_ids: Mapping[int, Mapping[str, int]]
) -> None:
    """Adds what snapshots brought of seats; a license that is not stored yet waits for the next sweep.

    The licenses' ids by their ids at Webex are by organization.
    """
    sweeps: list[dict[str, object]] = []
    counts: list[dict[str, object]] = []
    concerned = [each.organization_id for each in placed if each.taken.seats is not None]
    for each in placed:
        if each.taken.seats is None:
            continue
        key = {"organization_id": each.organization_id, "taken_at": each.taken_at}
        ids = license_ids[each.organization_id]
        own = [
            {**key, "license_id": ids[seats.license_id], "seat_group": seats.group}
            | {name: getattr(seats.counts, name) for name in COLUMNS}
            for seats in each.taken.seats.seats
            if seats.license_id in ids
        ]
        sweeps.append({**key, "grouped_by": each.taken.seats.grouped_by, "checksum": sum_of_counts(own)})
        counts += own
    if sweeps:
        with resealed(connection, concerned, seat_sweep):
            connection.execute(insert(seat_sweep), sweeps)
    if counts:
        connection.execute(insert(seat_count), counts)
