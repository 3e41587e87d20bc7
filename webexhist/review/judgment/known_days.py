"""How much of the time is known that a plan or a month rests on."""

import math
from bisect import bisect, bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from webexhist.months import Month, days_later
from webexhist.store.values import DailyValue

FOUR_WEEKS, LATELY, A_YEAR = 28, 90, 365
"""Days of the spans that must be known."""
LEAST_KNOWN = 60
"""Percent of the days of each."""
LEAST_OF_MONTH = 50
"""Percent of its days: a month with fewer known ones is thin."""
LONGEST_REACH = timedelta(days=7)
"""So long at most a poll that knew speaks for the days after it: rarer ones leave days of which nobody knows."""


def why_too_thin(days: Sequence[DailyValue], as_of: date, interval: timedelta | None) -> str | None:
    """Why no claim rests on such days; None where enough of them are known.

    A day is known within one usual interval after a poll that knew. Of the last twelve months those days count that
    the history reaches back to.
    """
    known = sorted(day.day for day in days if day.last is not None and day.day <= as_of)
    if not known:
        return "no day of it is known"
    covered = _covered(known, interval)
    for span in (LATELY, min(A_YEAR, (as_of - known[0]).days + 1)):
        of_span = sum(days_later(as_of, -back) in covered for back in range(span))
        if 100 * of_span < LEAST_KNOWN * span:
            return f"only {of_span} of the last {span} days are known"
    return None


def are_four_weeks_known(days: Sequence[DailyValue], as_of: date, interval: timedelta | None) -> bool:
    """Whether enough of the last four weeks is known to say what was not needed in them."""
    covered = _covered((day.day for day in days if day.last is not None and day.day <= as_of), interval)
    known = sum(days_later(as_of, -back) in covered for back in range(FOUR_WEEKS))
    return 100 * known >= LEAST_KNOWN * FOUR_WEEKS


def thin_months(
    days: Sequence[DailyValue], months: Iterable[Month], as_of: date, interval: timedelta | None
) -> tuple[tuple[Month, int], ...]:
    """The months of which less than half of the days up to `as_of` are known, each with how many are.

    `days` are oldest first.
    """
    found = []
    known = [day.day for day in days if day.last is not None]
    for month in months:
        first, last = month.first_day, min(month.last_day, as_of)
        least = LEAST_OF_MONTH * ((last - first).days + 1)
        if 100 * len(_within(known, first, last)) < least:
            # Polls that are rarer than a day speak for the days after them, those of the month before too.
            reach = _reach(interval)
            covered = _covered(_within(known, days_later(first, 1 - reach), last), interval)
            of_month = sum(first <= day <= last for day in covered)
            if 100 * of_month < least:
                found.append((month, of_month))
    return tuple(found)


def _within(days: Sequence[date], first: date, last: date) -> Sequence[date]:
    return days[bisect_left(days, first) : bisect(days, last)]


def _reach(interval: timedelta | None) -> int:
    """For how many days a poll speaks, its own included."""
    return math.ceil(min(interval or timedelta(days=1), LONGEST_REACH) / timedelta(days=1))


def _covered(known: Iterable[date], interval: timedelta | None) -> set[date]:
    """The days of which something is known, by polls of these days."""
    days, aheads = set(known), range(1, _reach(interval))
    return days | {days_later(day, ahead) for day in days for ahead in aheads}
