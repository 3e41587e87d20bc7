"""How often a collector is asked that is not asked by every poll: once in each slot of a grid over time.

So it follows from when polls were taken which of them counted a value and which held it: nothing is stored for that.
"""

from datetime import timedelta

A_DAY = 86_400
"""In seconds: the pace of a sweep of all people where `every` gives it none."""
LEAST_HOLD = timedelta(days=1)
"""For so long a value stands, however often it is counted."""
EARLY_SECONDS = 30
"""By how much a poll may be early and still be the one at which a collector is due."""


def slot_of(seconds: int, pace: int) -> int:
    """The slot of a grid of so many seconds in which a moment lies, in seconds since 1970."""
    return (seconds + EARLY_SECONDS) // pace


def longest_hold(pace: float) -> timedelta:
    """For how long a value stands that is counted once in so many seconds: three of its paces, or a day."""
    return max(LEAST_HOLD, 3 * timedelta(seconds=pace))
