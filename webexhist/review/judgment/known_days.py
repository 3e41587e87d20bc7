"""How much of the time is known that a plan rests on."""

import math
from collections.abc import Sequence
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.store.values import DailyUsage

LATELY, A_YEAR = 90, 365
"""Days of both spans that must be known."""
LEAST_KNOWN = 60
"""Percent of the days of each."""
LONGEST_REACH = timedelta(days=7)
"""So long at most a poll that knew speaks for the days after it: rarer ones leave days of which nobody knows."""


def why_too_thin(days: Sequence[DailyUsage], as_of: date, interval: timedelta | None) -> str | None:
    """Why no claim rests on such days; None where enough of them are known.

    A day is known within one usual interval after a poll that knew. Of the last twelve months those days count that
    the history reaches back to.
    """
    known = sorted(day.day for day in days if day.last is not None and day.day <= as_of)
    if not known:
        return "no day of it is known"
    reach = math.ceil(min(interval or timedelta(days=1), LONGEST_REACH) / timedelta(days=1))
    covered = {days_later(day, ahead) for day in known for ahead in range(reach)}
    for span in (LATELY, min(A_YEAR, (as_of - known[0]).days + 1)):
        of_span = sum(days_later(as_of, -back) in covered for back in range(span))
        if 100 * of_span < LEAST_KNOWN * span:
            return f"only {of_span} of the last {span} days are known"
    return None
