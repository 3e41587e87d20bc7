"""What is known of a count over a day or a month. Counts are units or pieces, times are UTC, `None` is unknown."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar, dataclass_transform

from webexhist import units
from webexhist.months import Month

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def made_often(kind: type[T]) -> type[T]:
    """Makes a dataclass of values that nobody changes, which mypy sees to.

    Of a frozen one each value takes twelve times as long to make, and a report of many customers makes millions.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)


class DailyValue(NamedTuple):
    """A count over one day with polls; all `None` where no poll of the day knew it."""

    day: date
    last: int | None
    lowest: int | None
    highest: int | None


class DailyUsage(NamedTuple):
    """Units of a license assigned over one day, and the units purchased at its end.

    A tuple, as days are made and read by the million: a series of them is made, and told apart by field, at once.
    """

    day: date
    last: int | None
    lowest: int | None
    highest: int | None
    purchased: int | None
    """Negative means unlimited."""

    @property
    def available(self) -> int | None:
        """Purchased units not assigned at the day's end, negative where more than purchased are assigned."""
        return units.available(self.purchased, self.last)


OfADay = DailyValue | DailyUsage
"""What is known of a count over a day."""


@made_often
class MonthlyValue:
    """A count over one month with polls."""

    month: Month
    last: int | None
    """The last known value: the month's end, unless polls failed."""
    lowest: int | None
    highest: int | None
    mean: float | None
    """Every poll weighs the same."""


@made_often
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
