"""How often a collector is asked that is not asked by every poll: once in each slot of a grid over time.

So it follows from when polls were taken which of them counted a value and which held it: nothing is stored for that.
"""

EARLY_SECONDS = 30
"""By how much a poll may be early and still be the one at which a collector is due."""


def slot_of(seconds: int, pace: int) -> int:
    """The slot of a grid of so many seconds in which a moment lies, in seconds since 1970."""
    return (seconds + EARLY_SECONDS) // pace
