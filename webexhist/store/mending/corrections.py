"""Corrections: readings that a person sets aside, so that the views say unknown in their place, and puts back.

`reading` itself is rewritten, so that no view has to look for corrections; what it would hold otherwise is kept in
`voided_reading`. What counters counted in the readings that are set aside is taken out of their running totals from
then on. A value that later snapshots only held goes with the reading that it is of, and comes back with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.store import schema
from webexhist.store.dialects import spelled_out
from webexhist.store.locked_organizations import locked_organizations
from webexhist.store.mending.rewriting import counted_in, put_values, reading_span
from webexhist.store.mending.unlisted import settle_unlisted
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.rows.corrections import DROPPED_BY
from webexhist.store.saving.readings import LISTED
from webexhist.store.seals.closed_periods import close_periods, open_periods
from webexhist.store.seals.healing import heal
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.writing import writing_explained
from webexhist.store.set_aside import HeldValues, set_aside, taken_at
from webexhist.store.times import in_words, seconds_of, written

_TABLES = (schema.correction, schema.voided_reading)
_SPAN = """
SELECT min(number) AS first, max(number) AS last, max(taken_at) AS last_at,
  (SELECT max(e.number) FROM snapshot e WHERE e.organization_id = :organization_id) AS end_number
FROM snapshot WHERE organization_id = :organization_id AND moment(taken_at) BETWEEN moment(:from_) AND moment(:to)
"""
_METRICS = text("""
SELECT id, name, kind, license_id, field, first_number FROM metric
WHERE organization_id = :organization_id AND first_number <= :last ORDER BY id
""")
_KEPT = text("""
INSERT INTO voided_reading (organization_id, metric_id, taken_at, correction, value)
SELECT :organization_id, :metric_id, s.taken_at, :correction, :value FROM snapshot s
WHERE s.organization_id = :organization_id AND s.number = :number
""")
_VOIDED = """
SELECT v.metric_id, m.id, m.name, m.kind, m.field, m.first_number, s.number, v.value FROM voided_reading v
JOIN snapshot s ON s.organization_id = v.organization_id AND moment(s.taken_at) = moment(v.taken_at)
JOIN metric m ON m.organization_id = v.organization_id AND m.id = v.metric_id
WHERE v.organization_id = :organization_id AND v.correction = :correction ORDER BY v.metric_id, s.number
"""
_NO_LONGER_VOIDED = text("""
DELETE FROM voided_reading WHERE organization_id = :organization_id AND correction = :correction
""")
_NEXT_NUMBER = text("SELECT coalesce(max(number), 0) + 1 FROM correction")
_ADDED = text("""
INSERT INTO correction
  (organization_id, number, license_id, metric, first_at, last_at, readings, note, made_at, made_by)
VALUES (:organization_id, :number, :license_id, :metric, :first_at, :last_at, :readings, :note, :made_at, :made_by)
""")
_TO_UNDO = text("""
SELECT organization_id, number, first_at, last_at, undone_at, undone_by FROM correction WHERE number = :number
""")
_UNDONE = text("""
UPDATE correction SET undone_at = :undone_at, undone_by = :undone_by WHERE number = :number AND undone_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class Author:
    """Who corrects, when, and why."""

    name: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose readings are set aside: a license's, a count's, or (neither) all of the snapshots."""

    organization: int | None = None
    """The organization's row; None for all."""
    license: StoredLicense | None = None
    metric: Metric | None = None

    @property
    def owner(self) -> int | None:
        """The row of the only organization that is concerned; None for all."""
        return self.license.organization_id if self.license else self.organization

    def holds(self, metric: Row[Any]) -> bool:
        """Whether a row of `metric` is concerned. A license's list of licenses is not its own reading."""
        if self.license:
            return bool(metric.license_id == self.license.id and metric.field != LISTED)
        return self.metric is None or (metric.field is None and metric.name == self.metric)


def void(engine: Engine, subject: Subject, from_: datetime, to: datetime, author: Author) -> int:
    """Sets the readings of all snapshots taken from one moment to another aside; returns the correction's number.

    Raises UsageError where there is no such reading, or where some of them are set aside already.
    """
    with writing_explained(engine) as connection:
        owners = locked_organizations(connection, subject.owner)
        with resealed(connection, None, *_TABLES):
            number: int = connection.scalars(_NEXT_NUMBER).one()
            concerned = [_void_in(connection, owner, number, subject, (from_, to), author) for owner in owners]
        if not any(concerned):
            span = f"from {written(from_)} to {written(to)} UTC"
            raise UsageError(f"nothing that could be set aside was stored {span}", "see webexhist history NAME")
    return number


def undo(engine: Engine, number: int, author: Author) -> None:
    """Puts the readings of a correction back as they were; what was stored since stays.

    Raises UsageError where there is no such correction, where it was undone before, or its readings were dropped.
    """
    with writing_explained(engine) as connection:
        locked_organizations(connection, None)
        with resealed(connection, None, *_TABLES):
            made = connection.execute(_TO_UNDO, {"number": number}).all()
            if not made:
                raise UsageError(f"there is no correction {number}", "see webexhist db void --list")
            standing = [row for row in made if row.undone_at is None]
            if not standing:
                raise _ended(made[0])
            for row in standing:
                _undo_in(connection, row)
            undone = {"number": number, "undone_at": seconds_of(author.at), "undone_by": author.name}
            connection.execute(_UNDONE, undone)


def _ended(made: Row[Any]) -> UsageError:
    """Why a correction that does not stand cannot be undone."""
    at = f"at {in_words(made.undone_at)} UTC"
    if made.undone_by in DROPPED_BY:
        return UsageError(
            f"correction {made.number} can no longer be undone: {made.undone_by} dropped its readings {at}",
            "they are in the backup that was made before it",
        )
    return UsageError(f"correction {made.number} was undone by {made.undone_by} {at}", "see webexhist db void --list")


def _void_in(
    connection: Connection,
    organization_id: int,
    number: int,
    subject: Subject,
    first_and_last: tuple[datetime, datetime],
    author: Author,
) -> bool:
    """Sets readings of one organization aside; false where it has none of them."""
    of_organization = {"organization_id": organization_id}
    from_, to = (seconds_of(moment) for moment in first_and_last)
    span = connection.execute(spelled_out(connection, _SPAN), of_organization | {"from_": from_, "to": to}).one()
    if span.first is None:
        return False
    metrics = [
        metric
        for metric in connection.execute(_METRICS, of_organization | {"last": span.last})
        if subject.holds(metric)
    ]
    if not metrics:
        return False
    held = HeldValues.read(connection, organization_id)
    lasts = {metric.id: held.last(metric.name, span.first, span.last) for metric in metrics}
    _require_none_set_aside(connection, organization_id, span.first, lasts)
    heal(connection, organization_id, span.first, max(lasts.values()), frozenset(lasts))
    concerned = [
        reading_span(
            connection,
            organization_id,
            metric.id,
            max(span.first, metric.first_number),
            lasts[metric.id],
            span.end_number,
        )
        for metric in metrics
    ]
    if all(value is None for readings in concerned for _, value in readings.values):
        return False
    first = max(span.first, min(metric.first_number for metric in metrics))
    about = {
        "number": number,
        "license_id": subject.license.id if subject.license else None,
        "metric": subject.metric,
        "first_at": taken_at(connection, organization_id, first),
        "last_at": span.last_at,
        "readings": span.last - first + 1,
        "note": author.note,
        "made_at": seconds_of(author.at),
        "made_by": author.name,
    }
    connection.execute(_ADDED, of_organization | about)
    open_periods(connection, organization_id, span.first)
    for metric, readings in zip(metrics, concerned, strict=True):
        kept = [
            of_organization | {"metric_id": metric.id, "correction": number, "number": begins, "value": value}
            for begins, value in readings.values
        ]
        connection.execute(_KEPT, kept)
        # As where the list is unknown: a license that had vanished stays vanished.
        gone = metric.field == LISTED and metric.license_id is not None and readings.stood_before == 0
        aside = [(readings.first, 0 if gone else None)]
        amount = counted_in(connection, organization_id, metric, readings.first, readings.values)
        put_values(connection, organization_id, metric.id, readings, aside, -amount)
    if last := max((lasts[metric.id] for metric in metrics if metric.field == LISTED), default=None):
        settle_unlisted(connection, organization_id, span.first, last, span.end_number)
    close_periods(connection, [organization_id])
    return True


def _undo_in(connection: Connection, made: Row[Any]) -> None:
    of_organization = {"organization_id": made.organization_id}
    kept = connection.execute(spelled_out(connection, _VOIDED), of_organization | {"correction": made.number}).all()
    of_span = of_organization | {"from_": made.first_at, "to": made.last_at}
    span = connection.execute(spelled_out(connection, _SPAN), of_span).one()
    connection.execute(_NO_LONGER_VOIDED, of_organization | {"correction": made.number})
    open_periods(connection, made.organization_id, span.first)
    held = HeldValues.read(connection, made.organization_id)
    for _, group in groupby(kept, key=lambda row: row.metric_id):
        rows = list(group)
        metric, values = rows[0], [(row.number, row.value) for row in rows]
        # A counter begins after the snapshot that a pruned history begins with, which holds its total all the same.
        first = values[0][0]
        last = held.last(metric.name, span.first, span.last)
        readings = reading_span(connection, made.organization_id, metric.id, first, last, span.end_number)
        amount = counted_in(connection, made.organization_id, metric, first + 1, values)
        put_values(connection, made.organization_id, metric.id, readings, values, amount)
    if names := {row.name for row in kept if row.field == LISTED}:
        last = max(held.last(name, span.first, span.last) for name in names)
        settle_unlisted(connection, made.organization_id, span.first, last, span.end_number)
    close_periods(connection, [made.organization_id])


def _require_none_set_aside(
    connection: Connection, organization_id: int, first: int, lasts: Mapping[int, int]
) -> None:
    """Raises UsageError where a correction stands for a part of a span; `lasts` is its end for each metric's id."""
    for each in set_aside(connection, organization_id):
        if each.metric_id in lasts and each.first <= lasts[each.metric_id] and each.last >= first:
            raise UsageError(
                f"some of these readings are set aside by correction {each.correction} already",
                f"webexhist db void --undo {each.correction}, or choose a time that leaves them out",
            )
