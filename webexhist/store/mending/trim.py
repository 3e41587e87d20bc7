"""Drops the newest snapshots, as after polls with a wrong clock. Numbers stay 1, 2, 3 … without gaps.

The ends of the windows stay where they are, so that no event is counted a second time; and what the dropped polls
counted is added to the last one that is left, so that none is lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from webexhist.errors import UsageError
from webexhist.remarks import remarking
from webexhist.store import schema
from webexhist.store.lineages import renew_lineages
from webexhist.store.locked_organizations import locked_organizations
from webexhist.store.mending.backup import back_up_before
from webexhist.store.mending.rewriting import put_values, reading_span
from webexhist.store.organization_labels import organization_labels
from webexhist.store.products import forget_product_days
from webexhist.store.saving.licenses import DESCRIPTION
from webexhist.store.seals.checksums import DaySums
from webexhist.store.seals.closed_periods import close_periods, open_periods
from webexhist.store.seals.days import shorten_days
from webexhist.store.seals.differences import READINGS
from webexhist.store.seals.sealing import change_day, change_readings, resealed, sealed_days
from webexhist.store.seals.stored_sums import stored_sums
from webexhist.store.seals.undamaged import require_undamaged_days
from webexhist.store.seals.writing import writing_explained
from webexhist.store.set_aside import set_aside
from webexhist.store.times import in_words, moment_of, seconds_of, written

_CHANGED = (
    schema.metric,
    schema.license_,
    schema.license_version,
    schema.organization,
    schema.organization_version,
    schema.correction,
    schema.voided_reading,
    schema.seat_sweep,
    schema.outlook,
    schema.product_outlook,
    schema.product_outlook_license,
    schema.succession,
)
_CUT = text("""
SELECT max(CASE WHEN s.taken_at <= :after THEN s.number END) AS kept, max(s.number) AS last_number,
  min(CASE WHEN s.taken_at > :after THEN s.taken_at END) AS first_at, max(s.taken_at) AS last_at
FROM snapshot s WHERE s.organization_id = :organization_id
""")
_COUNTERS = text("""
SELECT m.id, m.name, m.first_number,
  EXISTS (SELECT 1 FROM reading r WHERE r.organization_id = m.organization_id AND r.metric_id = m.id
    AND r.number <= :kept) AS has_total,
  (SELECT r.value FROM reading r WHERE r.organization_id = m.organization_id AND r.metric_id = m.id
    AND r.value IS NOT NULL AND r.number <= :kept ORDER BY r.number DESC LIMIT 1) AS known,
  (SELECT r.value FROM reading r WHERE r.organization_id = m.organization_id AND r.metric_id = m.id
    AND r.value IS NOT NULL AND r.number > :kept ORDER BY r.number DESC LIMIT 1) AS dropped
FROM metric m WHERE m.organization_id = :organization_id AND m.kind = 'counter' ORDER BY m.id
""")
_BEGINS = text("""
UPDATE metric SET first_number = :first WHERE organization_id = :organization_id AND id = :metric_id
""")
_UNKNOWN_SO_FAR = text("""
INSERT INTO reading (organization_id, metric_id, number) VALUES (:organization_id, :metric_id, :kept)
""")
_DROPPED = tuple(
    text(statement)
    for statement in (
        "DELETE FROM outlook WHERE organization_id = :organization_id",
        "DELETE FROM product_outlook_license WHERE organization_id = :organization_id",
        "DELETE FROM product_outlook WHERE organization_id = :organization_id",
        "DELETE FROM succession WHERE organization_id = :organization_id AND seen_at > :after",
        "DELETE FROM voided_reading WHERE organization_id = :organization_id AND taken_at > :after",
        "DELETE FROM seat_count WHERE organization_id = :organization_id AND taken_at > :after",
        "DELETE FROM account_people WHERE organization_id = :organization_id AND taken_at > :after",
        "DELETE FROM seat_sweep WHERE organization_id = :organization_id AND taken_at > :after",
        "DELETE FROM reading WHERE organization_id = :organization_id AND number > :kept",
        "DELETE FROM held WHERE organization_id = :organization_id AND number > :kept",
        "DELETE FROM collection WHERE organization_id = :organization_id AND number > :kept",
        "DELETE FROM license_version WHERE organization_id = :organization_id AND number > :kept",
        "DELETE FROM organization_version WHERE organization_id = :organization_id AND number > :kept",
        """
        UPDATE organization SET name = (SELECT v.name FROM organization_version v
          WHERE v.organization_id = :organization_id ORDER BY v.number DESC LIMIT 1) WHERE id = :organization_id
        """,
        "DELETE FROM metric WHERE organization_id = :organization_id AND first_number > :kept",
        """
        DELETE FROM license WHERE organization_id = :organization_id AND counted_by_person IS NULL
          AND NOT EXISTS (SELECT 1 FROM license_version v
            WHERE v.organization_id = :organization_id AND v.license_id = license.id)
          AND NOT EXISTS (SELECT 1 FROM price p
            WHERE p.organization_id = :organization_id AND p.license_id = license.id)
          AND NOT EXISTS (SELECT 1 FROM purchase_order p
            WHERE p.organization_id = :organization_id AND p.license_id = license.id)
          AND NOT EXISTS (SELECT 1 FROM note n
            WHERE n.organization_id = :organization_id AND n.license_id = license.id)
          AND NOT EXISTS (SELECT 1 FROM succession s
            WHERE s.organization_id = :organization_id AND license.id IN (s.former_id, s.successor_id))
          AND NOT EXISTS (SELECT 1 FROM correction c
            WHERE c.organization_id = :organization_id AND c.license_id = license.id)
        """,
        "DELETE FROM snapshot WHERE organization_id = :organization_id AND number > :kept",
        "DELETE FROM sealed_day WHERE organization_id = :organization_id AND first_number > :kept",
        "UPDATE sealed_day SET last_number = :kept WHERE organization_id = :organization_id AND last_number > :kept",
        """
        UPDATE correction SET undone_at = :now, undone_by = 'webexhist db trim'
        WHERE organization_id = :organization_id AND first_at > :after AND undone_at IS NULL
        """,
        """
        UPDATE correction SET
          last_at = (SELECT s.taken_at FROM snapshot s
            WHERE s.organization_id = :organization_id AND s.number = :kept)
        WHERE organization_id = :organization_id AND first_at <= :after AND last_at > :after
        """,
    )
)
_DESCRIBED = """
UPDATE license SET {column} = (SELECT v.{column} FROM license_version v
  WHERE v.organization_id = license.organization_id AND v.license_id = license.id ORDER BY v.number DESC LIMIT 1)
WHERE organization_id = :organization_id
  AND EXISTS (SELECT 1 FROM license_version v
    WHERE v.organization_id = license.organization_id AND v.license_id = license.id)
"""


@dataclass(frozen=True, slots=True)
class Trimmed:
    """What was dropped of an organization."""

    organization: str
    snapshots: int
    first_at: datetime
    last_at: datetime
    kept_counts: Mapping[str, int]
    """What the dropped polls had counted and is counted still, by the count's name."""


def trim(
    engine: Engine, after: datetime, organization: int | None, backup: Path | None, now: datetime
) -> tuple[Trimmed, ...]:
    """Drops the snapshots taken after a moment, of one organization or of all, once a backup is made.

    Raises UsageError where nothing would be dropped, or everything of an organization, and `DamagedDatabaseError`
    where something else changed the values by which it is known what the dropped polls counted; then nothing is
    changed.
    """
    with remarking() as remark, writing_explained(engine) as connection:
        cuts = [
            (owner, cut)
            for owner in locked_organizations(connection, organization)
            if (cut := _cut(connection, owner, after)) is not None
        ]
        if not cuts:
            raise UsageError(f"no snapshot was taken after {written(after)} UTC", "see webexhist status")
        back_up_before(engine, backup, remark)
        with resealed(connection, None, *_CHANGED):
            return tuple(_trim(connection, owner, cut, after, now) for owner, cut in cuts)


def _cut(connection: Connection, organization_id: int, after: datetime) -> Row[Any] | None:
    """Up to which snapshot is kept; None where all are."""
    moment = {"organization_id": organization_id, "after": seconds_of(after)}
    cut = connection.execute(_CUT, moment).one()
    if cut.first_at is None:
        return None
    if cut.kept is None:
        label = organization_labels(connection)[organization_id]
        raise UsageError(
            f"{label} would have no snapshot left: its first one was taken at {in_words(cut.first_at)} UTC",
            "give a later time, or begin with another database",
        )
    return cut


def _trim(connection: Connection, organization_id: int, cut: Row[Any], after: datetime, now: datetime) -> Trimmed:
    dropped = {
        "organization_id": organization_id,
        "kept": cut.kept,
        "after": seconds_of(after),
        "now": seconds_of(now),
    }
    label = organization_labels(connection)[organization_id]  # a later name goes with what is dropped
    open_periods(connection, organization_id, cut.kept)
    counters = connection.execute(_COUNTERS, dropped).all()
    carried = [counter for counter in counters if counter.dropped not in (None, counter.known or 0)]
    _require_not_set_aside(connection, organization_id, cut.kept, carried)
    days = sealed_days(connection, organization_id, cut.kept)
    if carried:
        require_undamaged_days(connection, organization_id, days, (READINGS,))
    last_day = days[0]
    gone = stored_sums(connection, organization_id, cut.kept + 1, last_day.last_number)
    change_day(connection, organization_id, last_day.day, DaySums() - gone)
    late = [counter for counter in counters if counter.first_number > cut.kept]
    for counter in late:
        connection.execute(_BEGINS, dropped | {"metric_id": counter.id, "first": cut.kept})
    for statement in _DROPPED:
        connection.execute(statement, dropped)
    shorten_days(connection, organization_id, cut.kept)
    for column in DESCRIPTION:
        connection.execute(text(_DESCRIBED.format(column=column)), dropped)
    renew_lineages(connection, organization_id)
    forget_product_days(connection, [organization_id])
    for counter in late:
        if counter.has_total:  # what a prune left to count from, which is of no snapshot
            connection.execute(_BEGINS, dropped | {"metric_id": counter.id, "first": counter.first_number})
            continue
        connection.execute(_UNKNOWN_SO_FAR, dropped | {"metric_id": counter.id})
        change_readings(connection, organization_id, (), [(counter.id, cut.kept, None)])
    for counter in carried:
        readings = reading_span(connection, organization_id, counter.id, cut.kept, cut.kept, cut.kept)
        put_values(connection, organization_id, counter.id, readings, [(cut.kept, counter.dropped)], 0)
    close_periods(connection, [organization_id])
    return Trimmed(
        label,
        cut.last_number - cut.kept,
        moment_of(cut.first_at),
        moment_of(cut.last_at),
        {counter.name: counter.dropped - (counter.known or 0) for counter in carried},
    )


def _require_not_set_aside(
    connection: Connection, organization_id: int, kept: int, carried: Iterable[Row[Any]]
) -> None:
    """What is added to the last poll that is left must not end among readings that are set aside."""
    ids = {counter.id for counter in carried}
    for each in set_aside(connection, organization_id):
        if each.metric_id in ids and each.first <= kept <= each.last:
            raise UsageError(
                f"the last readings that would be left are set aside by correction {each.correction}",
                f"webexhist db void --undo {each.correction}, and set them aside again afterwards",
            )
