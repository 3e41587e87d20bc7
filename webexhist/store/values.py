"""What is known of a count over a day or a month. Counts are units or pieces, times are UTC, `None` is unknown."""

from dataclasses import dataclass
from datetime import date

from webexhist import units
from webexhist.months import Month


@dataclass(frozen=True, slots=True)
class DailyValue:
    """A count over one day with polls; all `None` where no poll of the day could tell it."""

    day: date
    last: int | None
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class DailyUsage(DailyValue):
    """Units of a license assigned over one day, and the units purchased at its end."""

    purchased: int | None
    """Negative means unlimited."""

    @property
    def available(self) -> int | None:
        """Purchased units not assigned at the day's end, negative where more than purchased are assigned."""
        return units.available(self.purchased, self.last)


@dataclass(frozen=True, slots=True)
class MonthlyValue:
    """A count over one month with polls."""

    month: Month
    last: int | None
    """The last known value: the month's end, unless polls failed."""
    lowest: int | None
    highest: int | None
    mean: float | None
    """Every poll weighs the same."""


@dataclass(frozen=True, slots=True)
class MonthlyUsage(MonthlyValue):
    """Units of a license assigned over one month."""

    purchased: int | None
    """The last known purchased units of the month; negative means unlimited."""
    utilization: float | None
    """Percent of the purchased units assigned at the month's end; None where it would mean nothing."""

    @property
    def available(self) -> int | None:
        """Purchased units not assigned at the month's end, negative where more than purchased are assigned."""
        return units.available(self.purchased, self.last)
