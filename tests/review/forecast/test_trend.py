"""Slopes and their ranges on noise whose law is known."""

from random import Random

import pytest

from webexhist.review.forecast.breaks import last_break
from webexhist.review.forecast.trend import enlargement, kendall_variance, robust_level, robust_slope

DAYS = range(-90, 1)


def independent(seed):
    random = Random(seed)
    return [100 + 0.2 * day + random.gauss(0, 5) for day in DAYS]


def alike(seed):
    """Each day keeps three quarters of what the day before was off."""
    random, off, levels = Random(seed), 0.0, []
    for day in DAYS:
        off = 0.75 * off + random.gauss(0, 3)
        levels.append(100 + 0.2 * day + off)
    return levels


@pytest.mark.parametrize("noise", [independent, alike])
def test_the_range_holds_the_true_slope_about_nine_times_of_ten(noise):
    slopes = [robust_slope(DAYS, noise(seed)) for seed in range(60)]
    held = sum(slope.low <= 0.2 <= slope.high for slope in slopes)
    assert 50 <= held <= 60
    widths = sorted(slope.high - slope.low for slope in slopes)
    assert widths[30] < 0.35


def test_kendalls_variance():
    # Four values: 4 * 3 * 13 / 18, as in Kendall's tables.
    assert kendall_variance(4) == pytest.approx(8.6667, abs=1e-4)


def test_days_that_resemble_the_day_before_count_for_less():
    assert enlargement([1, -1] * 20) == 1
    assert enlargement([0] * 5) == 1
    # Alike by a half: (1 + 1/2) / (1 - 1/2).
    assert enlargement([1, 1, 1, 1, -1, -1, -1, -1, 1, 1]) == pytest.approx((1 + 0.5) / (1 - 0.5))
    assert enlargement([1] * 1000) == pytest.approx(1.95 / 0.05)


def test_the_level_is_the_middle_of_what_the_slope_leaves():
    level = robust_level([-3, -2, -1, 0], [94, 96, 98, 150], slope=2)
    assert level.middle == 100
    assert level.high - level.middle == level.middle - level.low == pytest.approx(2.5 * 1.4826 * 0.34)


def test_a_jump_is_told_by_the_weeks_on_either_side():
    days = range(60)
    assert last_break(days, [100] * 30 + [130] * 30) in range(30, 37)
    assert last_break(days, [100] * 30 + [70] * 30) in range(30, 37)
    assert last_break(days, [100] * 30 + [103] * 30) == 0  # three of a hundred are no jump
    assert last_break(days, [100 + 3 * day for day in days]) == 0
    assert last_break(days, [100] * 30 + [500] * 2 + [100] * 28) == 0
    assert last_break(days, [100 + day + 30 * (day >= 30) for day in days]) in range(30, 37)
    assert last_break(range(10), [1] * 10) == 0
    assert last_break([], []) == 0
