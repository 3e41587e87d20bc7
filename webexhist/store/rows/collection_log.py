"""How the collectors fared: a row where a collector's outcome differs from the one before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from webexhist.snapshot import Collection, CollectionStatus
from webexhist.store.numbers import NumberRange
from webexhist.store.query import Query
from webexhist.store.times import read_moment

_LAST_ROWS = text("""
WITH RECURSIVE known(collector) AS (
  SELECT min(c.collector) FROM collection c WHERE c.organization_id = :organization_id
  UNION ALL
  SELECT (SELECT min(c.collector) FROM collection c
    WHERE c.organization_id = :organization_id AND c.collector > known.collector)
  FROM known WHERE known.collector IS NOT NULL
)
SELECT c.collector, c.status, c.requests, c.seconds, c.error, s.taken_at
FROM known JOIN collection c ON c.organization_id = :organization_id AND c.collector = known.collector
  AND c.number = (SELECT max(l.number) FROM collection l
    WHERE l.organization_id = :organization_id AND l.collector = known.collector)
JOIN snapshot s ON s.organization_id = c.organization_id AND s.number = c.number
WHERE c.status IS NOT NULL
ORDER BY c.collector
""")
"""The last row of each collector; the names are found one after the other, not by reading the whole table."""

STRETCHES = """
SELECT collector, snapshot, status, error, taken_at, polls FROM collection_log
WHERE org_id = :organization AND snapshot <= :last_number ORDER BY collector, snapshot
"""


@dataclass(frozen=True, slots=True)
class CollectionStretch:
    """Polls in a row in which a collector had one outcome."""

    collector: str
    numbers: NumberRange
    """Of the snapshots; the last one may be later than what was asked for."""
    status: CollectionStatus
    error: str | None
    began_at: datetime


def collections_until(organization: int, number: int) -> Query[CollectionStretch]:
    """How every collector fared from the first snapshot to one, in stretches that begin there at the latest."""
    return Query(
        "Collections",
        STRETCHES,
        {"organization": organization, "last_number": number},
        lambda row: CollectionStretch(
            collector=row.collector,
            numbers=NumberRange(row.snapshot, row.snapshot + row.polls - 1),
            status=CollectionStatus(row.status),
            error=row.error,
            began_at=read_moment(row.taken_at),
        ),
    )


def last_collections(connection: Connection, organization_id: int) -> tuple[Collection, ...]:
    """Each collector's outcome in the last snapshot, by name; requests and seconds are those of the poll that first
    had this outcome."""
    return tuple(
        Collection(
            row.collector,
            CollectionStatus(row.status),
            row.requests,
            row.seconds,
            row.error,
            read_moment(row.taken_at),
        )
        for row in connection.execute(_LAST_ROWS, {"organization_id": organization_id})
    )
