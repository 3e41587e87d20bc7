"""How often the ranges that would have been forecast from this history held what came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.review.forecast.values import DailyPeak

MONTH = timedelta(days=30)
MONTHS = 12
FEWEST = 3
"""Ranges of less say nothing."""


@dataclass(frozen=True, slots=True)
class Record:
    """The ranges of units a month ahead, forecast each month of the last year."""

    held: int
    """So many held the peak that came ..."""
    asked: int
    """... of so many whose day is known."""


RangeOn = Callable[[Sequence[DailyPeak], date], tuple[float, float] | None]
"""The range of eight in ten that an earlier history would have forecast for a day; None where it knew nothing."""


def record_of(peaks: Sequence[DailyPeak], range_on: RangeOn) -> Record | None:
    """Asks each month of the last year for the month after; None where too few can be compared."""
    came = {peak.day: peak.peak for peak in peaks}
    held = asked = 0
    for month in range(1, MONTHS + 1):
        day = days_later(peaks[-1].day, -(month - 1) * MONTH.days)
        before = [peak for peak in peaks if day - peak.day >= MONTH]
        peak = came.get(day)
        if peak is None or not before:
            continue
        predicted = range_on(before, day)
        if predicted is not None:
            low, high = predicted
            asked += 1
            held += low - 0.5 <= peak <= high + 0.5
    return Record(held, asked) if asked >= FEWEST else None
