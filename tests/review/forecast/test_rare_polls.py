"""Cycles that polls saw only now and then, as forecasts are asked of them: each with what is true of it."""

from datetime import timedelta
from random import Random

import pytest
from daily_peaks import TODAY, daily_peaks, later

from webexhist.review.forecast import outlook


def foreseen(levels, limit):
    return outlook(daily_peaks(levels), (), limit)


RARELY = {
    "every second day": lambda back, _: back % 2 == 0,
    "every third day": lambda back, _: back % 3 == 0,
    "weekly": lambda back, _: back % 7 == 0,
    "every tenth day": lambda back, _: back % 10 == 0,
    "fortnightly": lambda back, _: back % 14 == 0,
    "half of all days": lambda _, random: random.random() < 0.5,
    "a third of all days": lambda _, random: random.random() < 0.3,
    "daily of late only": lambda back, _: back < 195 or back % 7 == 0,
    "weekly of late": lambda back, _: back >= 195 or back % 7 == 0,
}
"""Whether a day is polled, by its days back and a random number generator; the last day always is."""


def polled(levels, rarely, seed=1):
    random = Random(seed)
    is_polled = [RARELY[rarely](back, random) or back == 0 for back in range(len(levels) - 1, -1, -1)]
    return [level if known else None for level, known in zip(levels, is_polled, strict=True)]


def clean_ups(length, start=0, days=390, low=60, height=35, pace=0.0):
    """From `low` up by `height` and back, every `length` days, on a line of so many units a day."""
    return [round(low + (day + start) % length * height / (length - 1) + pace * day) for day in range(days)]


@pytest.mark.parametrize("rarely", RARELY)
@pytest.mark.parametrize("start", [0, 10, 20])
def test_monthly_clean_ups_that_few_polls_saw_go_on(rarely, start):
    levels = [60 + ((day + start) % 30) * 35 // 29 for day in range(390)]
    assert foreseen(polled(levels, rarely), 100).chance_before(later(90)) < 0.2


@pytest.mark.parametrize("rarely", ["every third day", "weekly", "half of all days", "a third of all days"])
@pytest.mark.parametrize("length", [21, 28, 31, 45, 60, 91])
def test_so_do_those_of_other_lengths(rarely, length):
    for start in (0, length // 3, 2 * length // 3):
        found = foreseen(polled(clean_ups(length, start), rarely), 100)
        assert found.chance_before(later(90)) < 0.2


@pytest.mark.parametrize("rarely", ["every third day", "weekly", "half of all days"])
def test_so_do_ragged_ones_and_those_on_the_first_of_the_month(rarely):
    random = Random(7)
    ragged: list[int] = []
    while len(ragged) < 390:
        length, height = random.randint(28, 32), random.uniform(31, 39)
        ragged += [round(60 + height * day / (length - 1) + random.gauss(0, 1)) for day in range(length)]
    assert foreseen(polled(ragged[-390:], rarely), 108).chance_before(later(90)) < 0.2
    days = [TODAY - timedelta(days=back) for back in range(389, -1, -1)]
    firsts = [60 + round(35 * (day.day - 1) / 30) for day in days]
    assert foreseen(polled(firsts, rarely), 100).chance_before(later(90)) < 0.2


@pytest.mark.parametrize("rarely", ["every second day", "weekly", "half of all days"])
def test_what_never_came_higher_in_a_year_comes_higher_in_a_quarter_with_one_in_five_or_so(rarely):
    # 95 are the most in 390 days, 96 are the limit: 90 / (390 + 30 + 90).
    found = foreseen(polled(clean_ups(30, 10), rarely), 96)
    assert found.chance_before(later(90)) == pytest.approx(0.18, abs=0.05)


@pytest.mark.parametrize("rarely", ["every third day", "weekly", "half of all days"])
def test_clean_ups_on_a_line_that_rises_come_to_the_limit(rarely):
    # From 60 up to 95 every 45 days, and ten more a month: 100 above the first are passed within a quarter.
    levels = clean_ups(45, days=390, pace=1 / 3)
    assert foreseen(polled(levels, rarely), max(levels) + 10).chance_before(later(90)) > 0.8
