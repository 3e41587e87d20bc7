"""Drops the oldest days, so that a database need not grow for ever.

The snapshot before the first day that is kept stays too, as what all changes begin from: with what held at it, and
with the running totals of counters, so that deltas and days are afterwards what they were. Numbers stay as they are.
"""

# ruff: noqa: S608  (every part of a query stands in this file)

from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from webexhist.errors import UsageError
from webexhist.remarks import remarking
from webexhist.store import schema
from webexhist.store.engine import file_of
from webexhist.store.errors import driver_errors_explained
from webexhist.store.index_room import connected_with_room
from webexhist.store.locked_organizations import locked_organizations
from webexhist.store.mending.backup import back_up_before
from webexhist.store.mending.pruned_base import (
    LAST_KNOWN_COUNTS,
    drop_unchanged_after_base,
    keep_unknown_after_base,
    keep_voided_at_base,
)
from webexhist.store.opening.copies import require_room
from webexhist.store.organization_labels import organization_labels
from webexhist.store.seals.closed_periods import close_periods, open_periods
from webexhist.store.seals.days import begin_days_later
from webexhist.store.seals.differences import sealed_days_of
from webexhist.store.seals.sealing import change_day, resealed
from webexhist.store.seals.stored_sums import stored_sums
from webexhist.store.seals.undamaged import require_undamaged_days
from webexhist.store.seals.writing import writing_explained
from webexhist.store.times import moment_of, seconds_of
from webexhist.store.waits import BUSY_SECONDS

_CHANGED = (
    schema.organization,
    schema.organization_version,
    schema.license_version,
    schema.metric,
    schema.correction,
    schema.voided_reading,
    schema.seat_sweep,
)
_CUT = text("""
SELECT o.first_number, s.number AS base, s.taken_at AS base_at,
  (SELECT f.taken_at FROM snapshot f WHERE f.organization_id = o.id AND f.number = o.first_number) AS first_at
FROM organization o
JOIN snapshot s ON s.organization_id = o.id
  AND s.number = (SELECT min(d.first_number) - 1 FROM day d WHERE d.organization_id = o.id AND d.day >= :day)
WHERE o.id = :organization_id
""")
_KEPT_DAYS = text("SELECT count(*) FROM day WHERE organization_id = :organization_id AND day >= :day")
_OLD_READINGS = text("SELECT count(*) FROM reading WHERE organization_id = :organization_id AND number < :base")
_BEFORE = "WHERE organization_id = :organization_id AND number < :base"
_STATEMENTS = tuple(
    text(statement)
    for statement in (
        # What held at the base, or was last known: what comes is counted from it.
        """
        INSERT INTO reading (organization_id, metric_id, number, value)
        SELECT m.organization_id, m.id, :base, (SELECT r.value FROM reading r
          WHERE r.organization_id = m.organization_id AND r.metric_id = m.id AND r.number < :base
          ORDER BY r.number DESC LIMIT 1)
        FROM metric m WHERE m.organization_id = :organization_id AND m.first_number < :base
          AND NOT EXISTS (SELECT 1 FROM reading r
            WHERE r.organization_id = m.organization_id AND r.metric_id = m.id AND r.number = :base)
        """,
        f"""
        UPDATE reading SET value = (SELECT k.value FROM reading k WHERE k.organization_id = reading.organization_id
          AND k.metric_id = reading.metric_id AND k.number < :base AND k.value IS NOT NULL
          ORDER BY k.number DESC LIMIT 1)
        WHERE organization_id = :organization_id AND number = :base AND value IS NULL AND metric_id IN (
          SELECT m.id FROM metric m WHERE m.organization_id = :organization_id AND {LAST_KNOWN_COUNTS})
        """,
        f"DELETE FROM reading {_BEFORE}",
        # A value that was held says that it was counted at the base: when it was is not kept.
        """
        INSERT INTO held (organization_id, metric_id, number, asked, pace)
        SELECT h.organization_id, h.metric_id, :base, h.asked, h.pace FROM held h
        WHERE h.organization_id = :organization_id AND coalesce(h.asked, h.pace) IS NOT NULL AND h.number = (
          SELECT max(l.number) FROM held l WHERE l.organization_id = h.organization_id AND l.metric_id = h.metric_id
            AND l.number <= :base) AND h.number < :base
        """,
        f"DELETE FROM held {_BEFORE}",
        "UPDATE held SET asked = :base WHERE organization_id = :organization_id AND asked < :base",
        """
        INSERT INTO collection (organization_id, number, collector, status, requests, seconds, error)
        SELECT c.organization_id, :base, c.collector, c.status, c.requests, c.seconds, c.error FROM collection c
        WHERE c.organization_id = :organization_id AND c.number < :base AND c.number = (
          SELECT max(l.number) FROM collection l WHERE l.organization_id = c.organization_id
            AND l.collector = c.collector AND l.number <= :base)
        """,
        f"DELETE FROM collection {_BEFORE}",
        """
        DELETE FROM license_version WHERE organization_id = :organization_id AND number < (
          SELECT max(v.number) FROM license_version v WHERE v.organization_id = license_version.organization_id
            AND v.license_id = license_version.license_id AND v.number <= :base)
        """,
        f"UPDATE license_version SET number = :base {_BEFORE}",
        """
        DELETE FROM organization_version WHERE organization_id = :organization_id AND number < (
          SELECT max(v.number) FROM organization_version v
          WHERE v.organization_id = organization_version.organization_id AND v.number <= :base)
        """,
        f"UPDATE organization_version SET number = :base {_BEFORE}",
        # A counter begins after the base: what the base holds of it is all that was ever counted.
        """
        UPDATE metric SET first_number = :base + CASE WHEN kind = 'counter' THEN 1 ELSE 0 END
        WHERE organization_id = :organization_id AND first_number <= :base
        """,
        "DELETE FROM voided_reading WHERE organization_id = :organization_id AND taken_at < :base_at",
        "DELETE FROM seat_count WHERE organization_id = :organization_id AND taken_at < :base_at",
        "DELETE FROM account_people WHERE organization_id = :organization_id AND taken_at < :base_at",
        "DELETE FROM seat_sweep WHERE organization_id = :organization_id AND taken_at < :base_at",
        """
        UPDATE correction SET undone_at = :now, undone_by = 'webexhist db prune'
        WHERE organization_id = :organization_id AND last_at < :base_at AND undone_at IS NULL
        """,
        """
        UPDATE correction SET first_at = :base_at
        WHERE organization_id = :organization_id AND first_at < :base_at AND last_at >= :base_at
        """,
        f"DELETE FROM snapshot {_BEFORE}",
        "DELETE FROM sealed_day WHERE organization_id = :organization_id AND last_number < :base",
        """
        UPDATE sealed_day SET first_number = :base WHERE organization_id = :organization_id AND first_number < :base
        """,
        "UPDATE organization SET first_number = :base WHERE id = :organization_id",
    )
)


WORTH_WRITING_ANEW = 0.1
"""The share of a file that is empty where a prune was ended before it could give the room back."""


class NothingOlderError(UsageError):
    """All that was to be dropped is gone already, or was never there."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was dropped of an organization."""

    organization: str
    snapshots: int
    readings: int
    first_at: datetime
    base_at: datetime
    """When the snapshot was taken from which the history now begins."""


def prune(
    engine: Engine, before: date, organization: int | None, backup: Path | None, now: datetime
) -> tuple[Pruned, ...]:
    """Drops what was stored before a day, of one organization or of all, once a backup is made.

    Raises UsageError where nothing would be dropped, or everything of an organization, and `DamagedDatabaseError`
    where something else changed what was stored before; then nothing is changed.
    """
    with remarking() as remark, writing_explained(engine) as connection:
        owners = locked_organizations(connection, organization)
        cuts = [(owner, cut) for owner in owners if (cut := _cut(connection, owner, before)) is not None]
        if not cuts:
            raise NothingOlderError(f"nothing was stored long enough before {before}", "give a later day")
        back_up_before(engine, backup, remark)
        with resealed(connection, [owner for owner, _ in cuts], *_CHANGED):
            return tuple(_prune(connection, owner, cut, now) for owner, cut in cuts)


def has_room_to_give(engine: Engine) -> bool:
    """Whether much of the file is empty, as where a prune was killed or had no room before it wrote the file anew."""
    if file_of(engine) is None:
        return False
    with engine.connect() as connection:
        empty, pages = (connection.scalar(text(f"PRAGMA {name}")) or 0 for name in ("freelist_count", "page_count"))
    return empty > WORTH_WRITING_ANEW * pages


def free_room(engine: Engine) -> int | None:
    """Gives the room back to the disk that dropped rows took; returns the bytes, None on a server.

    A server keeps it for the rows to come. Raises `BusyDatabaseError` or `DatabaseSpaceError`; then the file does.
    """
    file = file_of(engine)
    if file is None:
        return None
    require_room(file.parent, file.stat().st_size, "writing the database anew without what was dropped")
    engine.dispose()
    with (
        driver_errors_explained(str(file)),
        closing(connected_with_room(file, timeout=BUSY_SECONDS, isolation_level=None)) as own,
    ):
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = file.stat().st_size
        own.execute("VACUUM")
        own.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return before - file.stat().st_size


def _cut(connection: Connection, organization_id: int, before: date) -> Row[Any] | None:
    """The snapshot from which the history is to begin; None where it does already."""
    asked = {"organization_id": organization_id, "day": str(before)}
    if not connection.scalar(_KEPT_DAYS, asked):
        label = organization_labels(connection)[organization_id]
        raise UsageError(f"{label} would have no snapshot left", "give an earlier day, or name another organization")
    cut = connection.execute(_CUT, asked).one_or_none()
    return cut if cut and cut.base > cut.first_number else None


def _prune(connection: Connection, organization_id: int, cut: Row[Any], now: datetime) -> Pruned:
    of_cut = {"organization_id": organization_id, "base": cut.base, "base_at": cut.base_at, "now": seconds_of(now)}
    readings = connection.scalar(_OLD_READINGS, of_cut) or 0
    days = sealed_days_of(connection, organization_id, cut.first_number, cut.base)
    require_undamaged_days(connection, organization_id, days)
    day = days[-1]
    open_periods(connection, organization_id, 0)
    keep_unknown_after_base(connection, of_cut)
    keep_voided_at_base(connection, of_cut)
    sums_before = stored_sums(connection, organization_id, day.first_number, cut.base)
    for statement in _STATEMENTS:
        connection.execute(statement, of_cut)
    drop_unchanged_after_base(connection, of_cut)
    begin_days_later(connection, organization_id, cut.base)
    close_periods(connection, [organization_id])
    sums_now = stored_sums(connection, organization_id, cut.base, cut.base)
    change_day(connection, organization_id, day.day, sums_now - sums_before)
    return Pruned(
        organization_labels(connection)[organization_id],
        cut.base - cut.first_number,
        readings,
        moment_of(cut.first_at),
        moment_of(cut.base_at),
    )
