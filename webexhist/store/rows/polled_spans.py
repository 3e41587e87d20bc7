"""Since when and until when each organization was polled."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.store.query import Query
from webexhist.store.rows.organizations import KnownOrganization, known_organizations
from webexhist.store.times import moment_of
from webexhist.webex_ids import uuid_of

SPANS = """
SELECT o.id, (SELECT max(s.number) FROM snapshot s WHERE s.organization_id = o.id) AS snapshots,
  (SELECT s.taken_at FROM snapshot s WHERE s.organization_id = o.id ORDER BY s.number LIMIT 1) AS first_at,
  (SELECT s.taken_at FROM snapshot s WHERE s.organization_id = o.id ORDER BY s.number DESC LIMIT 1) AS last_at
FROM organization o
"""


@dataclass(frozen=True, slots=True)
class PolledSpan:
    """An organization, and its polls."""

    known: KnownOrganization
    label: str
    """What it is called; where another one has that name, with what distinguishes it."""
    snapshots: int
    first_at: datetime | None
    """None where it was never polled."""
    last_at: datetime | None

    @property
    def uuid(self) -> str:
        return uuid_of(self.known.webex_id)


def polled_spans(history: History) -> tuple[PolledSpan, ...]:
    """Every organization, by its name."""
    labels = organization_labels(history.connection)
    spans = dict(
        history.read(
            Query("Polls", SPANS, {}, lambda row: (row.id, (row.snapshots or 0, _at(row.first_at), _at(row.last_at))))
        )
    )
    return tuple(PolledSpan(known, labels[known.id], *spans[known.id]) for known in known_organizations(history))


def _at(stored: int | None) -> datetime | None:
    return moment_of(stored) if stored else None
