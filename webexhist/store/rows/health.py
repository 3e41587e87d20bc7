"""What the database says about itself and about the polls that filled it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Engine, text

from webexhist.changed_rows import were_changed
from webexhist.snapshot import CollectionStatus
from webexhist.store.complaints import complaints
from webexhist.store.engine import file_of
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import organization_labels
from webexhist.store.rows.last_polls import held_since
from webexhist.store.seals.newest import newest_damage
from webexhist.store.times import moment_of

_SPANS = text("""
SELECT org_id, collector, status, error, taken_epoch AS taken_at,
  (SELECT s.taken_at FROM snapshot s WHERE s.organization_id = org_id AND s.number = snapshot + polls - 1)
  AS last_taken_at,
  snapshot + polls - 1 = (SELECT max(s.number) FROM snapshot s WHERE s.organization_id = org_id) AS stands
FROM collection_log ORDER BY org_id, collector, snapshot
""")
_POLLS = text("""
SELECT (SELECT count(*) FROM snapshot) AS snapshots, (
  SELECT max(s.taken_at) FROM organization o JOIN snapshot s ON s.organization_id = o.id
    AND s.number = (SELECT max(l.number) FROM snapshot l WHERE l.organization_id = o.id)) AS last
""")


@dataclass(frozen=True, slots=True)
class CollectorSpan:
    """Polls in a row in which a collector fared the same; times in UTC."""

    status: CollectionStatus
    error: str | None
    began_at: datetime
    ended_at: datetime
    stands: bool
    """Whether the last poll is one of them."""


@dataclass(frozen=True, slots=True)
class CollectorHistory:
    """How a collector fared over time, the first span first."""

    organization: str
    """What it is called; where another one has that name, with what distinguishes it."""
    collector: str
    spans: tuple[CollectorSpan, ...]
    held: Mapping[str, datetime]
    """When the counts were counted that the organization's last poll only held, by their names."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the database holds."""

    bytes: int | None
    """The file's size with what waits to be merged into it; None on a server."""
    snapshots: int
    last_taken_at: datetime | None


def holdings(history: History) -> Holdings:
    """How much the database holds."""
    polls = history.connection.execute(_POLLS).one()
    return Holdings(
        size_of(history.connection.engine), polls.snapshots, moment_of(polls.last) if polls.last else None
    )


def size_of(engine: Engine) -> int | None:
    """Bytes of the file and its log; None on a server."""
    file = file_of(engine)
    if file is None:
        return None
    return sum(part.stat().st_size for part in (file, file.with_name(f"{file.name}-wal")) if part.exists())


def defects(history: History) -> tuple[str, ...]:
    """What is wrong with the file, as far as can be seen at once: not every index is compared, nor every day.

    Of a server only values are looked at: it looks after its files itself.
    """
    connection = history.connection
    if file_of(connection.engine) is not None and (found := complaints(connection, "quick_check", 5)):
        return tuple(found)
    return tuple(were_changed([changed]) for changed in newest_damage(connection))


def collector_histories(history: History) -> tuple[CollectorHistory, ...]:
    """Every collector that ever ran, of every organization."""
    rows = history.connection.execute(_SPANS).all()
    labels = organization_labels(history.connection)
    held = held_since(history.connection, list(labels))
    return tuple(
        CollectorHistory(
            labels[organization_id],
            collector,
            tuple(
                CollectorSpan(
                    CollectionStatus(row.status),
                    row.error,
                    moment_of(row.taken_at),
                    moment_of(row.last_taken_at),
                    bool(row.stands),
                )
                for row in spans
            ),
            held.get(organization_id, {}),
        )
        for (organization_id, collector), spans in groupby(rows, key=lambda row: (row.org_id, row.collector))
    )
