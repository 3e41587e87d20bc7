"""The horizontal axis of a chart: one unit a day, months named, years where they change."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from webexhist.months import Month, Period

MOST_MONTHS_WITH_DAYS = 2
MOST_MONTHS_MAJOR = 6
"""So many are named on a phone too."""
MOST_MONTHS_NAMED = 20
MOST_MONTHS_BY_QUARTER = 40
WEEK_STARTS = (1, 8, 15, 22)


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A mark on the time axis; positions are percent of the axis' width."""

    starts: float
    middle: float
    label: str
    year: str
    """The year where it changes, else empty."""
    is_major: bool
    """Whether the label stays where space is short."""
    is_year_major: bool = True
    """Whether the year does: the next one follows at once where a period begins in November or December."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the time axis, in percent of its width."""

    x: float
    width: float


@dataclass(frozen=True)
class Timeline:
    """The days of a period, and of the months ahead of it that are shown, as whole numbers from 0."""

    period: Period
    ahead: int = 0
    """Months."""

    @cached_property
    def shown(self) -> Period:
        """The period, and the months ahead of it."""
        return Period(self.period.first, self.period.last.plus(self.ahead))

    @cached_property
    def first_day(self) -> date:
        return self.period.first_day

    @cached_property
    def length(self) -> int:
        """Number of days."""
        return self.index(self.shown.last_day) + 1

    @property
    def today(self) -> int:
        """The end of the period, from which on days lie ahead."""
        return self.index(self.period.last_day) + 1

    def index(self, day: date) -> int:
        """Days since the first one."""
        return (day - self.first_day).days

    def percent(self, index: float) -> float:
        """Where a day begins, in percent of the axis."""
        return round(100 * index / self.length, 3)

    def span(self, start: int, length: int) -> Span:
        """So many days from a day on."""
        return Span(self.percent(start), self.percent(length))

    @property
    def last_month(self) -> Span | None:
        """The month of the review; None where it is the only one."""
        start = self.index(self.period.last.first_day)
        return self.span(start, self.today - start) if start else None

    @property
    def ticks(self) -> tuple[TimeTick, ...]:
        """Days where few months are shown; else months, quarters or years."""
        months = self.shown.months
        if len(months) <= MOST_MONTHS_WITH_DAYS:
            return tuple(self.day_tick(month, day) for month in months for day in WEEK_STARTS)
        every = 1 if len(months) <= MOST_MONTHS_NAMED else 3 if len(months) <= MOST_MONTHS_BY_QUARTER else 12
        return tuple(self.month_tick(month) for month in months if (month.number - 1) % every == 0)

    @property
    def months_between_major(self) -> int:
        """Of so many months one is named where there is little room."""
        shown = len(self.shown.months)
        return 1 if shown <= MOST_MONTHS_MAJOR else 3 if shown <= MOST_MONTHS_NAMED else 6

    def month_tick(self, month: Month) -> TimeTick:
        """The mark of a month; a year's first month bears the year, too."""
        starts = self.index(month.first_day)
        middle = (starts + self.index(month.last_day) + 1) / 2
        return TimeTick(
            starts=self.percent(starts),
            middle=self.percent(middle),
            label=f"{month.first_day:%b}",
            year=str(month.year) if month.number == 1 or month == self.period.first else "",
            is_major=(month.number - 1) % self.months_between_major == 0,
            is_year_major=month.number < 11,
        )

    def day_tick(self, month: Month, day: int) -> TimeTick:
        """The mark of a day; a month's first day bears its name."""
        starts = self.index(date(month.year, month.number, day))
        return TimeTick(
            starts=self.percent(starts),
            middle=self.percent(starts + 0.5),
            label=str(day) if day > 1 else f"1 {month.first_day:%b}",
            year=str(month.year) if day == 1 and (month.number == 1 or month == self.period.first) else "",
            is_major=day in (1, 15),
        )
