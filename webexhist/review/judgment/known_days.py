"""How much of the time is known that a plan or a month rests on."""

import math
from bisect import bisect, bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from statistics import median_low

from webexhist.months import Month, days_later
from webexhist.store.values import OfADay

FOUR_WEEKS, LATELY, A_YEAR = 28, 90, 365
"""Days of the spans that must be known."""
LEAST_KNOWN = 60
"""Percent of the days of each."""
LEAST_OF_MONTH = 50
"""Percent of its days: a month with fewer known ones is thin."""
LONGEST_REACH = 7
"""Days that a poll which knew speaks for at most, its own included: rarer ones leave days of which nobody knows."""
FEWEST_POLLED = 4
"""Days with polls from which on a month shows by itself how often it was polled."""


@dataclass(frozen=True, slots=True)
class Regularity:
    """How often an organization was polled: weekly at first, it may be, and every five minutes since."""

    usual: timedelta | None
    """The usual time between two of the last polls, where it is known."""
    polls: Mapping[Month, int] = field(default_factory=dict)
    """How many there were in each month, where that is known: several a day are no pace of days."""

    def reach(self, month: Month, polled: Sequence[date]) -> int:
        """For how many days a poll of the month speaks, its own included; `polled` are its days with polls."""
        if len(polled) < FEWEST_POLLED:
            return min(math.ceil((self.usual or timedelta(days=1)) / timedelta(days=1)), LONGEST_REACH)
        if self.polls.get(month, 0) >= 2 * len(polled):
            return 1
        return min(median_low((later - earlier).days for earlier, later in pairwise(polled)), LONGEST_REACH)


def why_too_thin(days: Sequence[OfADay], as_of: date, regularity: Regularity) -> str | None:
    """Why no claim rests on such days, oldest first; None where enough of them are known.

    A day is known within one usual interval of its month after a poll that knew. Of the last twelve months those days
    count that the history reaches back to.
    """
    first = next((day.day for day in days if day.last is not None and day.day <= as_of), None)
    if first is None:
        return "no day of it is known"
    covered = _covered(_back_to(days, as_of, A_YEAR), regularity)
    for span in (LATELY, min(A_YEAR, (as_of - first).days + 1)):
        of_span = sum(days_later(as_of, -back) in covered for back in range(span))
        if 100 * of_span < LEAST_KNOWN * span:
            return f"only {of_span} of the last {span} days {'is' if of_span == 1 else 'are'} known"
    return None


def are_four_weeks_known(days: Sequence[OfADay], as_of: date, regularity: Regularity) -> bool:
    """Whether enough of the last four weeks is known to say what was not needed in them."""
    first = days_later(as_of, 1 - FOUR_WEEKS)
    lately = _back_to(days, as_of, FOUR_WEEKS)
    if _is_enough(sum(day.last is not None for day in lately if day.day >= first)):
        return True
    return _is_enough(sum(first <= day <= as_of for day in _covered(lately, regularity)))


def _is_enough(known: int) -> bool:
    return 100 * known >= LEAST_KNOWN * FOUR_WEEKS


def thin_months(
    days: Sequence[OfADay], months: Iterable[Month], as_of: date, regularity: Regularity
) -> tuple[tuple[Month, int], ...]:
    """The months of which less than half of the days up to `as_of` are known, each with how many are.

    `days` are oldest first.
    """
    found = []
    known = [day.day for day in days if day.last is not None]
    for month in months:
        first, last = month.first_day, min(month.last_day, as_of)
        span = (last - first).days + 1
        if 100 * (bisect(known, last) - bisect_left(known, first)) < LEAST_OF_MONTH * span:
            # Polls that are rarer than a day speak for the days after them, those of the month before too.
            covered = _covered(_back_to(days, last, span), regularity)
            of_month = sum(first <= day <= last for day in covered)
            if 100 * of_month < LEAST_OF_MONTH * span:
                found.append((month, of_month))
    return tuple(found)


def _back_to(days: Sequence[OfADay], last: date, span: int) -> Sequence[OfADay]:
    """The days, from whole months, by whose polls something is known of `span` days up to the last one."""
    first = Month.of(days_later(last, 1 - span - LONGEST_REACH)).first_day
    by_day = attrgetter("day")
    return days[bisect_left(days, first, key=by_day) : bisect(days, last, key=by_day)]


def _covered(days: Iterable[OfADay], regularity: Regularity) -> set[date]:
    """The days of which something is known, by polls of these days."""
    covered: set[date] = set()
    for month, of_month in groupby(days, key=lambda value: Month.of(value.day)):
        values = list(of_month)
        aheads = range(regularity.reach(month, [value.day for value in values]))
        covered.update(days_later(value.day, ahead) for value in values if value.last is not None for ahead in aheads)
    return covered
