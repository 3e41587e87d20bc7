"""What was brought in from elsewhere: how many snapshots, and when that was."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.store.numbers import NumberRange
from webexhist.store.query import Query
from webexhist.store.times import moment_of

SPANS = """
SELECT first_at, stored_until, snapshots, imported_at, imported_by FROM imported_span
WHERE organization_id = :organization ORDER BY number
"""
SNAPSHOTS = """
SELECT count(*) AS snapshots FROM snapshot s
JOIN origin g ON g.organization_id = s.organization_id AND g.id = s.origin_id
WHERE s.organization_id = :organization AND s.number BETWEEN :first_number AND :last_number AND g.source IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class ImportedSpan:
    """Snapshots of an organization that were brought in together."""

    first_at: datetime
    """When the first of them was taken."""
    stored_until: datetime | None
    """The last one that was stored before; None: none was."""
    snapshots: int
    imported_at: datetime
    imported_by: str


def imported_spans(organization: int) -> Query[ImportedSpan]:
    """Every import, in their order."""
    return Query(
        "Imports",
        SPANS,
        {"organization": organization},
        lambda row: ImportedSpan(
            first_at=moment_of(row.first_at),
            stored_until=moment_of(row.stored_until) if row.stored_until else None,
            snapshots=row.snapshots,
            imported_at=moment_of(row.imported_at),
            imported_by=row.imported_by,
        ),
    )


def imported_snapshots(organization: int, numbers: NumberRange) -> Query[int]:
    """How many of these snapshots were imported."""
    values = {"organization": organization, "first_number": numbers.first, "last_number": numbers.last}
    return Query("Imported snapshots", SNAPSHOTS, values, lambda row: int(row.snapshots))
