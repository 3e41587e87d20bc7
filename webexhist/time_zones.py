"""The days of a time zone: when each begins, and which one a moment belongs to.

A day begins with the first moment at which the clocks there show its date, and lasts until the next day begins: 23 or
25 hours where clocks are changed, and no time at all where a country skips a date. No day comes back when clocks are
put back over midnight.
"""

from dataclasses import dataclass
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING

from webexhist.errors import WebexhistError

if TYPE_CHECKING:
    from webexhist.months import Month

DAY = timedelta(days=1)
LATEST = datetime.max.replace(tzinfo=UTC)
EARLIEST = datetime.min.replace(tzinfo=UTC)


class UnknownTimeZoneError(WebexhistError):
    """This host does not know a time zone of that name."""


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A time zone by its name in the IANA database."""

    name: str

    def day_of(self, moment: datetime) -> date:
        """The day to which a moment belongs."""
        try:
            shown = moment.astimezone(_rules(self.name)).date()
        except OverflowError:  # at the ends of the calendar
            return moment.date()
        return shown + DAY if shown < date.max and self.begins_at(shown + DAY) <= moment else shown

    def begins_at(self, day: date) -> datetime:
        """The moment in UTC at which a day begins."""
        try:
            # Of two midnights the first; where there is none, the moment at which clocks jump over it.
            return datetime.combine(day, time(), _rules(self.name)).astimezone(UTC)
        except OverflowError:
            return LATEST if day.year == MAXYEAR else EARLIEST

    def month_begins_at(self, month: "Month") -> datetime:
        """The moment in UTC at which a month begins."""
        return self.begins_at(month.first_day)

    def month_ends_at(self, month: "Month") -> datetime:
        """The moment in UTC at which the next month begins."""
        following = month.plus(1)
        return self.begins_at(following.first_day) if following.year <= MAXYEAR else LATEST


UTC_DAYS = TimeZone("UTC")
"""What holds until another time zone is entered."""


def zone_called(name: str | None) -> TimeZone:
    """The time zone that the database has for an organization."""
    return TimeZone(name) if name else UTC_DAYS


@cache
def _rules(name: str) -> tzinfo:
    if name == UTC_DAYS.name:
        return UTC
    # Only those who need it wait for its import.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownTimeZoneError(
            f"this host does not know the time zone {name}", "bring its time zones up to date (tzdata)"
        ) from error
