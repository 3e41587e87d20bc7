"""Stores how the collectors fared: a row where an outcome differs from the one before."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, insert

from webexhist.snapshot import Collection
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.saving.placing import Placed
from webexhist.store.schema import collection
from webexhist.store.seals.checksums import DaySums, of_collections


def store_collections(
    connection: Connection, placed: Sequence[Placed], runs: Mapping[int, Iterable[Collection]]
) -> dict[int, DaySums]:
    """Stores what differs from the outcomes that stand; a collector that did not run this time gets a NULL.

    `runs` are the outcomes by organization, and so are the checksums of the rows that it returns.
    """
    standing = last_collections(connection, [each.organization_id for each in placed])
    rows = {
        each.organization_id: _differing(each, runs[each.organization_id], standing.get(each.organization_id, ()))
        for each in placed
    }
    if any(rows.values()):
        connection.execute(insert(collection), [row for of_snapshot in rows.values() for row in of_snapshot])
    return {organization_id: of_collections(of_snapshot) for organization_id, of_snapshot in rows.items()}


def _differing(placed: Placed, runs: Iterable[Collection], last: Iterable[Collection]) -> list[dict[str, object]]:
    standing = {run.collector: run for run in last}
    at_this_snapshot = {"organization_id": placed.organization_id, "number": placed.number}
    rows: list[dict[str, object]] = []
    for run in runs:
        before = standing.pop(run.collector, None)
        if before is None or (before.status, before.error) != (run.status, run.error):
            outcome = {"collector": run.collector, "status": run.status.value, "error": run.error}
            rows.append(at_this_snapshot | outcome | {"requests": run.requests, "seconds": run.seconds})
    for collector in standing:
        outcome = {"collector": collector, "status": None, "error": None}
        rows.append(at_this_snapshot | outcome | {"requests": 0, "seconds": 0.0})
    return rows
