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
    """Asks each month of the last year for the month after; None where too few can be compared.

    Polls may be rarer than days: where nothing is known of a month's last day, its last known one is asked for.
    """
    held = asked = 0
    for month in range(MONTHS):
        end = days_later(peaks[-1].day, -month * MONTH.days)
        of_month = [(peak.day, peak.peak) for peak in peaks if timedelta() <= end - peak.day < MONTH]
        day, came = next(((day, peak) for day, peak in reversed(of_month) if peak is not None), (end, None))
        before = [peak for peak in peaks if day - peak.day >= MONTH]
        if came is None or not before:
            continue
        predicted = range_on(before, day)
        if predicted is not None:
            low, high = predicted
            asked += 1
            held += low - 0.5 <= came <= high + 0.5
    return Record(held, asked) if asked >= FEWEST else None
