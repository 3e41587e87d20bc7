"""Stores how seats are used: the counts of one sweep of all people, or nothing of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from webexhist.seat_counts import COLUMNS, SeatSweep
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import account_people, seat_count, seat_sweep
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.sweeps import sum_of_sweep


def store_seats(
    connection: Connection, placed: Sequence[Placed], license_ids: Mapping[int, Mapping[str, int]]
) -> None:
    """Adds what snapshots brought of seats; a license that is not stored yet waits for the next sweep.

    The licenses' ids by their ids at Webex are by organization.
    """
    add_sweeps(
        connection,
        [(each.organization_id, each.taken_at, each.taken.seats) for each in placed if each.taken.seats is not None],
        license_ids,
    )


def add_sweeps(
    connection: Connection,
    sweeps: Iterable[tuple[int, int, SeatSweep]],
    license_ids: Mapping[int, Mapping[str, int]],
) -> None:
    """Adds sweeps: (organization, time of its snapshot, counts)."""
    rows: list[dict[str, Any]] = []
    counts: list[dict[str, Any]] = []
    accounts: list[dict[str, Any]] = []
    for organization_id, taken_at, sweep in sweeps:
        key = {"organization_id": organization_id, "taken_at": taken_at}
        ids = license_ids[organization_id]
        own_counts = [
            {**key, "license_id": ids[seats.license_id], "seat_group": seats.group}
            | {name: getattr(seats.counts, name) for name in COLUMNS}
            for seats in sweep.seats
            if seats.license_id in ids
        ]
        own_accounts = [
            {
                **key,
                "subscription_id": each.subscription_id,
                "product": each.product or "",
                "licenses": each.licenses,
                "people": each.people,
                "external_least": each.external_least,
                "external_most": each.external_most,
            }
            for each in sweep.accounts
        ]
        rows.append({**key, "grouped_by": sweep.grouped_by, "checksum": sum_of_sweep(own_counts, own_accounts)})
        counts += own_counts
        accounts += own_accounts
    if rows:
        with resealed(connection, [row["organization_id"] for row in rows], seat_sweep):
            connection.execute(insert(seat_sweep), rows)
    if counts:
        connection.execute(insert(seat_count), counts)
    if accounts:
        connection.execute(insert(account_people), accounts)
