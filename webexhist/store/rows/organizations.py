"""What is known of organizations: their names over time, their time zones, and since when they are retired."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.query import Query, grouped
from webexhist.store.times import moment_of
from webexhist.time_zones import UTC_DAYS, TimeZone, zone_called

ORGANIZATIONS = """
SELECT id, webex_id, name, timezone, timezone_entered_at, timezone_entered_by
FROM organization ORDER BY name, webex_id
"""
ZONE = "SELECT timezone FROM organization WHERE id = :organization"
NAMES = "SELECT organization_id, number, name FROM organization_version ORDER BY organization_id, number"
RETIREMENTS = """
SELECT organization_id, retired_at, retired_on, retired_by, resumed_at, resumed_on, resumed_by
FROM retirement ORDER BY organization_id, number
"""


@dataclass(frozen=True, slots=True)
class NameVersion:
    """What an organization was called from a snapshot on."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """A time in which an organization is neither judged nor missed."""

    retired_at: datetime
    retired_on: date
    """The first day of it."""
    retired_by: str
    resumed_at: datetime | None
    resumed_on: date | None
    """The first day after it; None while it lasts."""
    resumed_by: str | None

    def holds_on(self, day: date) -> bool:
        """From its first day on, until the day on which it is resumed."""
        return self.retired_on <= day and (self.resumed_on is None or day < self.resumed_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownOrganization:
    """An organization, and what people said of it."""

    id: int
    webex_id: str
    name: str
    """The last one."""
    names: tuple[NameVersion, ...]
    """The first one first."""
    zone: TimeZone
    """By which its days are counted."""
    zone_entered_at: datetime | None
    """None where nobody entered one."""
    zone_entered_by: str | None
    retirements: tuple[Retirement, ...]

    def name_at(self, number: int) -> str:
        """What it was called at a snapshot."""
        return next((version.name for version in reversed(self.names) if version.number <= number), self.name)

    def former_names(self, numbers: NumberRange) -> tuple[str, ...]:
        """What else it was called from the snapshot before these to their last one, the last name first."""
        since = max(numbers.first - 1, 1)
        changed = [version.name for version in self.names if since < version.number <= numbers.last]
        borne = dict.fromkeys(reversed([self.name_at(since), *changed]))
        return tuple(name for name in borne if name != self.name_at(numbers.last))

    @property
    def days_told(self) -> tuple[date, ...]:
        """The days on which a person retired it, or took that back."""
        days = ((each.retired_on, each.resumed_on) for each in self.retirements)
        return tuple(day for both in days for day in both if day)

    def is_retired_on(self, day: date) -> bool:
        return any(retirement.holds_on(day) for retirement in self.retirements)


def known_organizations(history: History) -> tuple[KnownOrganization, ...]:
    """Every organization, by its name."""
    names = grouped(history.read(Query("Names of organizations", NAMES, {}, _name)))
    retirements = grouped(history.read(Query("Retired organizations", RETIREMENTS, {}, _retirement)))
    return history.read(
        Query(
            "Organizations",
            ORGANIZATIONS,
            {},
            lambda row: KnownOrganization(
                id=row.id,
                webex_id=row.webex_id,
                name=row.name,
                names=names.get(row.id, ()),
                zone=zone_called(row.timezone),
                zone_entered_at=_moment(row.timezone_entered_at),
                zone_entered_by=row.timezone_entered_by,
                retirements=retirements.get(row.id, ()),
            ),
        )
    )


def zone_of(history: History, organization_id: int) -> TimeZone:
    """The time zone by which the days of an organization are counted."""
    (zone,) = history.read(Query("Time zone", ZONE, {"organization": organization_id}, lambda row: row.timezone))
    return zone_called(zone)


def common_zone(history: History, organization_id: int | None) -> TimeZone:
    """The time zone of an organization, or (none is named) that of all; UTC where they differ."""
    zones = {each.zone for each in known_organizations(history) if organization_id in (None, each.id)}
    return zones.pop() if len(zones) == 1 else UTC_DAYS


def _name(row: Row[Any]) -> tuple[int, NameVersion]:
    return row.organization_id, NameVersion(row.number, row.name)


def _retirement(row: Row[Any]) -> tuple[int, Retirement]:
    return row.organization_id, Retirement(
        retired_at=moment_of(row.retired_at),
        retired_on=date.fromisoformat(row.retired_on),
        retired_by=row.retired_by,
        resumed_at=_moment(row.resumed_at),
        resumed_on=date.fromisoformat(row.resumed_on) if row.resumed_on else None,
        resumed_by=row.resumed_by,
    )


def _moment(stored: int | None) -> datetime | None:
    return moment_of(stored) if stored else None
