"""What people enter of organizations: by which time zone their days are counted, and that they are polled no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, TextClause, text

from webexhist.errors import UsageError
from webexhist.store.entered.changes import Signature
from webexhist.store.locked_organizations import locked_organizations
from webexhist.store.schema import organization, retirement
from webexhist.store.seals.days import rebuild_days
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.writing import writing_explained
from webexhist.store.times import seconds_of
from webexhist.time_zones import TimeZone, zone_called

LIST = "webexhist organization list"
_ZONE = text("SELECT timezone FROM organization WHERE id = :organization_id")
_ENTER_ZONE = text("""
UPDATE organization SET timezone = :timezone, timezone_entered_at = :at, timezone_entered_by = :by
WHERE id = :organization_id
""")
_RETIRED_SINCE = text("""
SELECT retired_at, retired_on FROM retirement WHERE organization_id = :organization_id AND resumed_at IS NULL
""")
_RETIRED = text("""
INSERT INTO retirement (organization_id, number, retired_at, retired_on, retired_by)
SELECT :organization_id, count(*) + 1, :at, :day, :by FROM retirement WHERE organization_id = :organization_id
""")
_RESUMED = text("""
UPDATE retirement SET resumed_at = :at, resumed_on = :day, resumed_by = :by
WHERE organization_id = :organization_id AND resumed_at IS NULL
""")


@dataclass(frozen=True, slots=True)
class RebuiltDays:
    """What the time zone was and is now, and by how many days the history is counted."""

    before: TimeZone
    after: TimeZone
    days: int


def enter_timezone(engine: Engine, organization_id: int, zone: TimeZone, signed: Signature) -> RebuiltDays:
    """Counts the days of an organization by a time zone, also those that are stored already."""
    with _entering(engine, organization_id) as connection, resealed(connection, organization_id, organization):
        before = zone_called(connection.scalar(_ZONE, {"organization_id": organization_id}))
        if before != zone:
            values = {"timezone": zone.name, "at": seconds_of(signed.at), "by": signed.by}
            connection.execute(_ENTER_ZONE, {"organization_id": organization_id} | values)
        return RebuiltDays(before, zone, rebuild_days(connection, organization_id, zone))


def retire(engine: Engine, organization_id: int, signed: Signature) -> date:
    """Takes an organization out of what is judged, from today on; returns that day, as it is there.

    Raises UsageError where it is retired already.
    """
    with _entering(engine, organization_id) as connection, resealed(connection, organization_id, retirement):
        if stored := connection.execute(_RETIRED_SINCE, {"organization_id": organization_id}).one_or_none():
            raise UsageError(f"the organization is retired since {stored.retired_on} already", f"see {LIST}")
        return _today(connection, _RETIRED, organization_id, signed)


def resume(engine: Engine, organization_id: int, signed: Signature) -> date:
    """Judges a retired organization again, from today on; returns that day, as it is there.

    Raises UsageError where it is not retired.
    """
    with _entering(engine, organization_id) as connection, resealed(connection, organization_id, retirement):
        if connection.execute(_RETIRED_SINCE, {"organization_id": organization_id}).one_or_none() is None:
            raise UsageError("the organization is not retired", f"see {LIST}")
        return _today(connection, _RESUMED, organization_id, signed)


def _today(connection: Connection, statement: TextClause, organization_id: int, signed: Signature) -> date:
    zone = zone_called(connection.scalar(_ZONE, {"organization_id": organization_id}))
    today = zone.day_of(signed.at)
    values = {"at": seconds_of(signed.at), "day": today.isoformat(), "by": signed.by}
    connection.execute(statement, {"organization_id": organization_id} | values)
    return today


@contextmanager
def _entering(engine: Engine, organization_id: int) -> Iterator[Connection]:
    """A transaction that no poll of the organization runs into."""
    with writing_explained(engine) as connection:
        locked_organizations(connection, organization_id)
        yield connection
