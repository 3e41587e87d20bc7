"""Stores how the collectors fared: a row where an outcome differs from the one before."""

from collections.abc import Iterable

from sqlalchemy import Connection, insert

from webexhist.snapshot import Collection
from webexhist.store.rows.collection_log import last_collections
from webexhist.store.schema import collection
from webexhist.store.seals.checksums import DaySums, of_collections


def store_collections(
    connection: Connection, organization_id: int, number: int, runs: Iterable[Collection]
) -> DaySums:
    """Stores what differs from the outcomes that stand; a collector that did not run this time gets a NULL.

    Returns the checksums of the rows.
    """
    standing = {
        run.collector: run for run in last_collections(connection, [organization_id]).get(organization_id, ())
    }
    at_this_snapshot = {"organization_id": organization_id, "number": number}
    rows: list[dict[str, object]] = []
    for run in runs:
        before = standing.pop(run.collector, None)
        if before is None or (before.status, before.error) != (run.status, run.error):
            outcome = {"collector": run.collector, "status": run.status.value, "error": run.error}
            rows.append(at_this_snapshot | outcome | {"requests": run.requests, "seconds": run.seconds})
    for collector in standing:
        outcome = {"collector": collector, "status": None, "error": None}
        rows.append(at_this_snapshot | outcome | {"requests": 0, "seconds": 0.0})
    if rows:
        connection.execute(insert(collection), rows)
    return of_collections(rows)
