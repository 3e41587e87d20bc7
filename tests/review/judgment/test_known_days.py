"""How much of four weeks is known by polls of some days."""

from datetime import date, timedelta

import pytest

from webexhist.review.judgment.known_days import Regularity, are_four_weeks_known
from webexhist.store.values import DailyUsage

LAST = date(2026, 10, 31)
DAILY, WEEKLY = Regularity(timedelta(days=1)), Regularity(timedelta(days=7))


def polled(*backs, known=True):
    """Days with polls, so many before the last one."""
    units = 5 if known else None
    return [DailyUsage(LAST - timedelta(days=back), units, units, units, 10) for back in sorted(backs, reverse=True)]


@pytest.mark.parametrize(
    ("days", "regularity", "expected"),
    [
        # Three of five of 28 are 16.8: every day from the 27th back on is one of them.
        (polled(*range(11, 28)), DAILY, True),
        (polled(*range(12, 28)), DAILY, False),
        (polled(*range(12, 40)), DAILY, False),
        (polled(*range(28), known=False), DAILY, False),
        # A poll a week speaks for the week after it, the one before these weeks for their first days.
        (polled(6, 13, 20, 27), WEEKLY, True),
        (polled(13, 20, 34), WEEKLY, False),
        ((), DAILY, False),
    ],
)
def test_four_weeks_are_known_where_three_of_five_days_are(days, regularity, expected):
    assert are_four_weeks_known(days, LAST, regularity) is expected
