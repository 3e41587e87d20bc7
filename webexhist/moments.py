"""Moments that spans can be added to and taken from: a clock may show any, also those where the calendar ends."""

from datetime import UTC, datetime

FIRST = datetime(101, 1, 1, tzinfo=UTC)
LAST = datetime(9899, 12, 31, 23, 59, 59, tzinfo=UTC)
"""A hundred years from both ends of the calendar: no span that is added to the present is as long."""


def within_calendar(shown: datetime) -> datetime:
    """What a clock shows (UTC); where that is near an end of the calendar, and so wrong, the nearest that is not."""
    return min(max(shown, FIRST), LAST)
