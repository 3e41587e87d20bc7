"""Since when something holds of days, of which some are not known."""

from datetime import date

import pytest

from webexhist.review.judgment.runs_of_days import run_of_days
from webexhist.review.judgment.usage import RunOfDays
from webexhist.store.values import DailyUsage


@pytest.mark.parametrize(
    ("assigned", "expected"),
    [
        ((8, 12, None, 13), RunOfDays(date(2026, 10, 2), is_whole=False)),
        ((None, 12, None, 13), RunOfDays(date(2026, 10, 2), is_whole=True)),
        ((11, 9, 12, None), RunOfDays(date(2026, 10, 3), is_whole=False)),
        ((12, 13, 8), None),
        ((None, None), None),
        ((), None),
    ],
)
def test_a_run_goes_back_to_the_last_known_day_of_which_it_does_not_hold(assigned, expected):
    days = [DailyUsage(date(2026, 10, day), units, units, units, 10) for day, units in enumerate(assigned, 1)]
    assert run_of_days(days, lambda day: day.last > day.purchased) == expected
