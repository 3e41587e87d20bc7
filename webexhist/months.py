"""Calendar months, and spans of them. At which moments they begin and end depends on the time zone (time_zones.py).

Months beyond the years 1 to 9999 can be counted to, but have no days: they begin and end where the calendar does.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from webexhist.errors import UsageError

DECEMBER = 12
A_DAY = timedelta(days=1)


def days_later(day: date, days: int) -> date:
    """The day so many days later, or before where the number is negative; the first or last one that there is."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; months sort in time order and read as `2026-11`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day or moment lies in."""
        return cls(day.year, day.month)

    @classmethod
    def stored(cls, text: str) -> "Month":
        """The month of a day or moment as the database keeps it, of whatever year."""
        return cls.of(date.fromisoformat(f"{text[:7]}-01"))

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month that a person writes as `YYYY-MM`. Raises UsageError for any other text."""
        match = re.fullmatch(r"((?!0000)[0-9]{4})-(0[1-9]|1[0-2])", text)
        if match is None:
            raise UsageError(f"{text!r} is not a month", "write it as YYYY-MM, like 2026-11")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"

    def plus(self, months: int) -> "Month":
        """The month so many months later; a negative number leads back."""
        years, month = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, month + 1)

    @property
    def first_day(self) -> date:
        """Of a month outside the calendar (years 1 to 9999), the calendar's nearest day."""
        if self.year < MINYEAR:
            return date.min
        return date(self.year, self.number, 1) if self.year <= MAXYEAR else date.max

    @property
    def last_day(self) -> date:
        """Of a month outside the calendar (years 1 to 9999), the calendar's nearest day."""
        if self.number < DECEMBER and MINYEAR <= self.year <= MAXYEAR:
            return date(self.year, self.number + 1, 1) - A_DAY
        return date(self.year, DECEMBER, 31) if MINYEAR <= self.year <= MAXYEAR else self.first_day


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months from `first` to `last`, both included."""

    first: Month
    last: Month

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month, oldest first."""
        count = (self.last.year - self.first.year) * 12 + self.last.number - self.first.number + 1
        return tuple(self.first.plus(index) for index in range(count))

    @property
    def first_day(self) -> date:
        return self.first.first_day

    @property
    def last_day(self) -> date:
        return self.last.last_day

    @property
    def days(self) -> tuple[date, ...]:
        """Every day, oldest first."""
        count = (self.last_day - self.first_day).days + 1
        return tuple(self.first_day + timedelta(days=index) for index in range(count))


def months_later(day: date, months: int) -> date:
    """The same day of another month, or its last day where it has no such day."""
    month = Month.of(day).plus(months)
    return min(month.last_day, days_later(month.first_day, day.day - 1))
