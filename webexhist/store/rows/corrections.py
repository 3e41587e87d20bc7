"""Corrections: readings that a person has set aside."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from webexhist.store.opening.history import History
from webexhist.store.organization_labels import labels_by_id
from webexhist.store.query import Query, Values
from webexhist.store.times import moment_of, seconds_of

DROPPED_BY = ("webexhist db prune", "webexhist db trim")
"""Who ended a correction where all its readings were dropped: these cannot be put back."""
CORRECTIONS = """
SELECT c.number, o.name AS organization, o.webex_id AS organization_id, l.name AS license, l.webex_id AS license_id,
  c.metric, c.first_at, c.last_at, c.readings, c.note, c.made_at, c.made_by, c.undone_at, c.undone_by,
  CASE WHEN c.undone_by IN ('webexhist db prune', 'webexhist db trim') THEN c.readings
    ELSE c.readings - (SELECT count(*) FROM snapshot s WHERE s.organization_id = c.organization_id
      AND s.taken_at BETWEEN c.first_at AND c.last_at) END AS dropped
FROM correction c
JOIN organization o ON o.id = c.organization_id
LEFT JOIN license l ON l.organization_id = c.organization_id AND l.id = c.license_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Readings of one organization that were set aside."""

    number: int
    """By which it is undone; that of several organizations is the same where one command concerned them."""
    organization: str
    organization_id: str
    """Its id at Webex."""
    license: str | None
    """Whose readings they are; None where they are a count's, or all of whole snapshots."""
    license_id: str | None
    """The license's id at Webex."""
    metric: str | None
    first_at: datetime
    """When the first of them was taken."""
    last_at: datetime
    readings: int
    """How many snapshots they were of."""
    dropped: int
    """Of so many of these by a prune or a trim since: they cannot be put back."""
    note: str
    made_at: datetime
    made_by: str
    undone_at: datetime | None
    undone_by: str | None


def corrections(history: History) -> tuple[Correction, ...]:
    """Every correction ever made, in their order; organizations of one name with what distinguishes them."""
    every = Query("Corrections", f"{CORRECTIONS} ORDER BY c.number, o.name, o.webex_id", {}, _correction)
    found = history.read(every)
    labels = labels_by_id(history.connection)
    return tuple(replace(correction, organization=labels[correction.organization_id]) for correction in found)


def standing_corrections(organization: int, begins_at: datetime, ends_at: datetime) -> Query[Correction]:
    """The corrections of an organization that are not undone and concern a span of time."""
    standing = (
        "WHERE c.organization_id = :organization AND c.undone_at IS NULL"
        " AND c.first_at < :end AND c.last_at >= :begin ORDER BY c.first_at, c.number"
    )
    span: Values = {
        "organization": organization,
        "begin": seconds_of(begins_at),
        "end": seconds_of(ends_at),
    }
    return Query("Readings set aside", f"{CORRECTIONS} {standing}", span, _correction)


def _correction(row: Row[Any]) -> Correction:
    return Correction(
        number=row.number,
        organization=row.organization,
        organization_id=row.organization_id,
        license=row.license,
        license_id=row.license_id,
        metric=row.metric,
        first_at=moment_of(row.first_at),
        last_at=moment_of(row.last_at),
        readings=row.readings,
        dropped=max(0, row.dropped),  # fewer than none where, once it was undone, others were brought in between them
        note=row.note,
        made_at=moment_of(row.made_at),
        made_by=row.made_by,
        undone_at=moment_of(row.undone_at) if row.undone_at else None,
        undone_by=row.undone_by,
    )
