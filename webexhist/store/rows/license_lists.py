"""Whether the list of an organization's licenses is known, and how long it was before."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.store.query import Query
from webexhist.store.times import moment_of

LAST_LIST = """
SELECT s.taken_at, r.value AS rows_listed, (
  SELECT b.value FROM reading b WHERE b.organization_id = r.organization_id AND b.metric_id = r.metric_id
    AND b.number < r.number AND b.value IS NOT NULL ORDER BY b.number DESC LIMIT 1) AS rows_before
FROM metric m
JOIN reading r ON r.organization_id = m.organization_id AND r.metric_id = m.id
JOIN snapshot s ON s.organization_id = r.organization_id AND s.number = r.number
WHERE m.organization_id = :organization AND m.field = 'listed' AND m.license_id IS NULL AND r.number <= :last_number
ORDER BY r.number DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class LastList:
    """How long a list of licenses is, as far as the last snapshot knew."""

    since: datetime
    """The first of the snapshots that had it so."""
    rows: int | None
    """None where it is not known."""
    rows_before: int | None
    """Of the last known list before; None where there was none."""


def last_list(organization: int, number: int) -> Query[LastList]:
    """What snapshots up to that number last knew of the list: one row, or none."""
    return Query(
        "The last list of licenses",
        LAST_LIST,
        {"organization": organization, "last_number": number},
        lambda row: LastList(moment_of(row.taken_at), row.rows_listed, row.rows_before),
    )
