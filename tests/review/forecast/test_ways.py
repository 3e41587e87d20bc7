"""Paces, bends, cycles and years, each against figures worked out by hand."""

import math

import pytest
from daily_peaks import daily_peaks

from webexhist.review.forecast.bends import Bend, bent, foretold
from webexhist.review.forecast.cycles import cycle_of
from webexhist.review.forecast.paces import Sums, paces_of
from webexhist.review.forecast.repetition import path
from webexhist.review.forecast.runs import rested, run_of
from webexhist.review.forecast.seasons import last_year
from webexhist.review.forecast.weeks import weeks_of


def test_every_window_of_a_line_has_its_pace():
    sums = Sums([3.0] * 30)
    assert [sums.pace(30, window) for window in (1, 3, 13, 52)] == pytest.approx([3] * 4)
    assert sums.pace(0, 3) == 0


def test_a_pace_is_half_the_ends_and_half_least_squares():
    # Sums 0, 0, 0, 6: the ends say 2 a week; least squares 18/10 = 1.8.
    assert Sums([0.0, 0.0, 6.0]).pace(3, 3) == pytest.approx((2 + 1.8) / 2)


def test_the_pace_that_foretold_best_is_believed_most():
    levels = [100] * 200 + [100 + index for index in range(100)]
    paces = paces_of([0.0] * 28 + [7.0] * 14, weeks_of(daily_peaks(levels)), 1.0).straight
    assert sum(pace.weight for pace in paces) == pytest.approx(1, abs=0.6)
    best = max(paces, key=lambda pace: pace.weight)
    assert best.drift == pytest.approx(7)


def test_usual_paces_are_not_believed_where_a_new_one_has_begun():
    changes = [1.0] * 42
    usual = weeks_of(daily_peaks([100 + index / 7 for index in range(300)]))
    anew = weeks_of(daily_peaks([100] * 200 + [100 + index for index in range(100)]))
    assert paces_of(changes, usual, 1.0).lasting > 0.5
    assert paces_of([0.0] * 36 + [7.0] * 6, anew, 1.0).lasting < 0.1


def test_a_run_of_equal_days_is_sure():
    # So it is where fewer days are known than are looked at.
    for days in (60, 14):
        assert run_of(list(range(days))) == (7, pytest.approx(1 / (49 * 0.02)), 0)
    assert run_of([5.0] * 5) == (0, 0, 0)


def test_a_run_that_began_lately_is_fresh_and_the_surer_the_longer_it_is():
    # Before it 100 for two months, and a step of 50 on the day before.
    for days in (7, 14, 20):
        pace, sure, fresh = run_of([100.0] * 60 + [150.0 + day for day in range(days + 1)])
        # 7 a week, as sure as (days / 21)^2 of what three weeks of it are.
        assert (pace, sure, fresh) == (7, pytest.approx((days / 21) ** 2 / (49 * 0.02)), days)
    # Five working days are none; three weeks are no longer fresh.
    for days in (5, 21):
        assert not run_of([100.0] * 60 + [100.0 + day for day in range(days + 1)]).fresh


def test_weekends_do_not_end_a_run_and_days_at_random_are_none():
    # Five more on each of nine working days, the weekend between them as it was; 45 in eleven days.
    assert run_of([100.0] * 60 + [105, 110, 115, 120, 120, 120, 125, 130, 135, 140, 145]).fresh == 11
    assert run_of([100.0] * 60 + [105, 105, 110, 115, 115, 120, 125, 125, 130, 135, 140]).fresh == 0


def test_what_came_day_by_day_and_stands_still_is_believed_to_rest_the_longer_the_more():
    growing = [100.0 + day for day in range(60)]
    # Ten days of stillness where there was none before: 10 / (10 + 10); thirty: 30 / (30 + 10).
    assert rested([*growing, *[159.0] * 10]) == pytest.approx(10 / 20)
    assert rested([*growing, *[159.0] * 30]) == pytest.approx(30 / 40)
    # Weekends of two days: eight are more than three times as long, six are not.
    weekly = [100.0 + 5 * (day // 7) + min(day % 7, 4) for day in range(68)]
    assert rested(weekly) == 0 < rested([*weekly, *[weekly[-1]] * 10])
    # What moves once a fortnight rests all the time.
    assert rested([100.0 + day // 14 for day in range(100)]) == 0


def test_a_bend_goes_on_and_comes_to_rest():
    # 4 a week, one less every week: 4 + 3 + 2 + 1 less halves = 8 units, and no more after four weeks.
    assert [foretold(4, -1, weeks) for weeks in (2, 4, 40)] == [6, 8, 8]
    # 4 a week, one more every week for 2 weeks: 8 + 2.
    assert foretold(4, 1, 2) == 10
    # The last eight weeks' pace stands four weeks ago: 10 then, 2 before that, so 14 now.
    assert bent(10, 2, 8) == (14, 1)
    # What has come to rest does not turn round.
    assert bent(1, 10, 8) == (0, 0)


def test_a_bend_arrives_where_its_formula_says():
    bend = Bend(1, 4, 1, 0, 0.001)
    assert bend.arrival(10) == pytest.approx(14)
    assert Bend(1, 4, -1, 0, 0.001).arrival(9) == math.inf
    assert bend.passed(10, 20) == pytest.approx(1)
    assert bend.passed(10, 10) == pytest.approx(0)


def test_a_path_repeats_itself_a_gain_higher():
    stairs = path(1, [0, 0, 5], gain=5, variance=0, diffusion=1e-9)
    assert [stairs.where(day) for day in range(8)] == [0, 0, 0, 5, 5, 5, 10, 10]
    assert stairs.highest(7) == 10
    assert stairs.arrival(9) == 6
    wave = path(1, [5, 0, 0], gain=0, variance=0, diffusion=1e-9)
    assert [wave.highest(day) for day in (1, 2, 9)] == [5, 5, 5]
    assert wave.arrival(6) == math.inf


def test_a_monthly_clean_up_is_a_cycle_without_a_gain():
    days = [60.0 + (index % 30) * 35 // 29 for index in range(390)]
    cycle = cycle_of(days, days[-1], 0.02, 0.01)
    assert len(cycle.changes) == 30
    assert cycle.gain == pytest.approx(0)
    assert cycle.weight > 0.9
    # From 95 down to 60 at once, and up again.
    assert cycle.changes[0] == pytest.approx(-35)
    assert cycle.highest(300) == pytest.approx(0, abs=1)


def test_batches_are_a_cycle_with_a_gain():
    days = [75.0 + 25 * (index // 14) for index in range(119)]
    cycle = cycle_of(days, days[-1], 0.02, 0.01)
    assert (len(cycle.changes), cycle.gain) == (14, 25)
    # The seventh day of its fortnight: the next batch comes in eight days, the one after 14 days later.
    assert (cycle.arrival(25), cycle.arrival(40)) == (8, 22)


def test_cycles_must_be_seen_twice_and_are_believed_the_more_a_third_is_like_them():
    begun, third, half = (
        cycle_of([60.0 + index % 60 for index in range(days)], 60.0 + (days - 1) % 60, 0.02, 0.01)
        for days in (123, 138, 150)
    )
    assert begun is None
    assert 0.5 < third.weight < 0.75 < 0.85 < half.weight


@pytest.mark.parametrize("ago", [20, 32, 45])
def test_what_happened_once_is_no_cycle(ago):
    # Three days of 120 more: an import, and its undoing.
    days = [320.0 if ago - 3 < 300 - index <= ago else 200.0 for index in range(300)]
    assert cycle_of(days, 200, 0.02, 0.01) is None


def test_a_cycle_that_loses_units_gets_away():
    # One less every second day: 5 units above are farther every week, and less likely than they are on the first.
    falling = path(1.0, [-0.5 * day for day in range(1, 61)], -30.0, 0.5, 0.01)
    assert falling.passed(5, 365) == pytest.approx(falling.passed(5, 60), abs=0.01)
    assert falling.passed(5, 365) < 0.05


def test_a_path_that_may_be_early_is_there_or_not_yet():
    # From 400 to 1,000 on the tenth day, give or take two: on the ninth nobody is in between.
    jump = path(1.0, [0.0] * 9 + [600.0] * 20, 600.0, 1.0, 0.01, jitter=2)
    assert {round(normal.mean) for normal in jump.normals(9, 0)} == {0, 600}
    assert [round(normal.weight, 2) for normal in jump.normals(9, 0) if normal.mean == 600] == [0.25]
    assert [normal.mean for normal in jump.normals(5, 0)] == [0]


def test_chance_is_no_cycle():
    days = [float(100 + index * 7919 % 13) for index in range(400)]
    found = cycle_of(days, 100, 4, 0.01)
    assert found is None or found.weight < 0.5 or len(found.changes) % 13 == 0


@pytest.mark.parametrize("length", [7, 8])
def test_batches_every_week_are_a_cycle_too(length):
    days = [75.0 + 25 * (index // length) for index in range(8 * length - 1)]
    cycle = cycle_of(days, days[-1], 0.02, 0.01)
    assert (len(cycle.changes), cycle.gain) == (length, 25)
    assert (cycle.arrival(25), cycle.arrival(40)) == (2, 2 + length)


def test_months_of_different_lengths_are_a_cycle_that_is_early_or_late():
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31)
    days = [60.0 + day for length in lengths for day in range(length)]
    cycle = cycle_of(days, days[-1], 0.02, 0.01)
    assert cycle.jitter > 0
    assert cycle.passed(100 - days[-1], 90) < 0.1


def two_years(today):
    """Low but for the days from 100 to 300 of each year."""
    return [400.0 if not 100 <= day % 365 < 300 else 1000.0 for day in range(365 + today)]


def test_last_year_is_believed_when_the_year_before_foretold_it():
    believed = last_year(two_years(330), 1.0, 0.0, 0.01)
    assert believed.weight > 0.99
    # Day 330 + 135 is day 100 of the next year: the path is 600 higher from there on.
    assert (believed.where(130), believed.where(140)) == (0, 600)
    assert last_year(two_years(0), 1.0, 0.0, 0.01) is None


def test_last_year_is_not_believed_when_it_was_wrong():
    days = [100.0 + day % 300 for day in range(700)]
    assert last_year(days, 1.0, 0.0, 0.01).weight < 0.1


def test_a_year_that_came_back_is_believed_more():
    # One year and nothing to compare it with: from 100 up by 50 and back, or up by 50 and not.
    back = [100.0 + 50 * (100 <= day < 300) for day in range(370)]
    stays = [100.0 + 50 * (day >= 100) for day in range(370)]
    assert last_year(back, 1.0, 0.0, 0.01).weight > 0.5
    assert last_year(stays, 1.0, 0.0, 0.01).weight < 0.2


def test_a_year_that_grew_goes_on_growing():
    # 600 up, then a tenth more, 660: next year a tenth more again, 726.
    days = two_years(310)
    grown = [units if day < 365 else 400 + (units - 400) * 1.1 for day, units in enumerate(days)]
    assert last_year(grown, 1.0, 0.0, 0.01).where(160) == pytest.approx(726, abs=1)
