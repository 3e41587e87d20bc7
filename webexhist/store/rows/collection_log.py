"""How the collectors fared: a row where one fares otherwise than before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from webexhist.snapshot import Collection, CollectionStatus
from webexhist.store.by_organization import by_organization, of_organizations
from webexhist.store.numbers import NumberRange
from webexhist.store.query import Query
from webexhist.store.times import moment_of, read_written

_LAST_ROWS = of_organizations("""
WITH RECURSIVE known(organization_id, collector) AS (
  SELECT o.id, (SELECT min(c.collector) FROM collection c WHERE c.organization_id = o.id)
  FROM organization o WHERE o.id IN :organizations
  UNION ALL
  SELECT k.organization_id, (SELECT min(c.collector) FROM collection c
    WHERE c.organization_id = k.organization_id AND c.collector > k.collector)
  FROM known k WHERE k.collector IS NOT NULL
), last AS MATERIALIZED (
  SELECT k.organization_id, k.collector, (SELECT max(c.number) FROM collection c
    WHERE c.organization_id = k.organization_id AND c.collector = k.collector) AS number
  FROM known k WHERE k.collector IS NOT NULL
)
SELECT c.organization_id, c.collector, c.status, c.requests, c.seconds, c.error,
  (SELECT s.taken_at FROM snapshot s WHERE s.organization_id = c.organization_id AND s.number = c.number) AS taken_at
FROM last l CROSS JOIN collection c
WHERE c.organization_id = l.organization_id AND c.collector = l.collector AND c.number = l.number
  AND c.status IS NOT NULL
ORDER BY c.organization_id, c.collector
""")
"""The last row of each collector; the names are found one after the other, not by reading the whole table."""

SPANS = """
SELECT collector, snapshot, status, error, taken_at, polls FROM collection_log
WHERE org_id = :organization AND snapshot <= :last_number ORDER BY collector, snapshot
"""


@dataclass(frozen=True, slots=True)
class CollectionSpan:
    """Polls in a row in which a collector fared the same."""

    collector: str
    numbers: NumberRange
    """Of the snapshots; the last one may be later than what was asked for."""
    status: CollectionStatus
    error: str | None
    began_at: datetime


def collections_until(organization: int, number: int) -> Query[CollectionSpan]:
    """How every collector fared from the first snapshot to one, in spans that begin there at the latest."""
    return Query(
        "Collections",
        SPANS,
        {"organization": organization, "last_number": number},
        lambda row: CollectionSpan(
            collector=row.collector,
            numbers=NumberRange(row.snapshot, row.snapshot + row.polls - 1),
            status=CollectionStatus(row.status),
            error=row.error,
            began_at=read_written(row.taken_at),
        ),
    )


def last_collections(connection: Connection, organization_ids: list[int]) -> dict[int, tuple[Collection, ...]]:
    """How each collector fared in the last snapshot of these organizations, by organization, in the order of names.

    Requests and seconds are those of the first poll in which it fared so.
    """
    rows = connection.execute(_LAST_ROWS, {"organizations": organization_ids}).all()
    return {
        organization_id: tuple(
            Collection(
                row.collector,
                CollectionStatus(row.status),
                row.requests,
                row.seconds,
                row.error,
                moment_of(row.taken_at),
            )
            for row in of_organization
        )
        for organization_id, of_organization in by_organization(rows).items()
    }
