"""Stores how the collectors fared: a row where one differs from the one before."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert

from webexhist.snapshot import Collection
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import collection
from webexhist.store.seals.checksums import DaySums, of_collections


def store_collections(
    connection: Connection, placed: Sequence[Placed], collections: Mapping[int, Iterable[Collection]]
) -> dict[int, DaySums]:
    """Stores what differs from those that stand; a collector that did not run this time gets a NULL.

    `collections` are those by organization, and so are the checksums of the rows that it returns.
    """
    standing = last_collections(connection, [each.organization_id for each in placed])
    rows = {
        each.organization_id: _differing(
            each, collections[each.organization_id], standing.get(each.organization_id, ())
        )
        for each in placed
    }
    if any(rows.values()):
        connection.execute(insert(collection), [row for of_snapshot in rows.values() for row in of_snapshot])
    return {organization_id: of_collections(of_snapshot) for organization_id, of_snapshot in rows.items()}


def _differing(
    placed: Placed, collections: Iterable[Collection], last: Iterable[Collection]
) -> list[dict[str, object]]:
    standing = {each.collector: each for each in last}
    at_this_snapshot = {"organization_id": placed.organization_id, "number": placed.number}
    rows: list[dict[str, object]] = []
    for each in collections:
        before = standing.pop(each.collector, None)
        if before is None or (before.status, before.error) != (each.status, each.error):
            values = {"collector": each.collector, "status": each.status.value, "error": each.error}
            rows.append(at_this_snapshot | values | {"requests": each.requests, "seconds": each.seconds})
    for collector in standing:
        values = {"collector": collector, "status": None, "error": None}
        rows.append(at_this_snapshot | values | {"requests": 0, "seconds": 0.0})
    return rows
