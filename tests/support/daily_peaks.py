"""Daily peaks from plain lists, for the tests of the forecast."""

from datetime import date, timedelta

from webexhist.review.forecast import DailyPeak

TODAY = date(2026, 10, 31)
"""The last day of every history; a Saturday."""


def daily_peaks(levels, today=TODAY, every=1):
    """One peak a day, the last one `today`; None where a level is None or no poll fell on the day."""
    first = today - timedelta(days=len(levels) - 1)
    return [
        DailyPeak(first + timedelta(days=index), level if (len(levels) - 1 - index) % every == 0 else None)
        for index, level in enumerate(levels)
    ]


def later(days, today=TODAY):
    return today + timedelta(days=days)
