"""Forecasts of histories whose slope is known."""

from datetime import date, timedelta

import pytest

from webexhist.review.forecast.forecast import DailyPeak, Forecast, NoForecast, Reason, forecast, trend_of

FIRST = date(2026, 1, 1)


def day(index):
    return FIRST + timedelta(days=index)


def peaks(levels):
    return [DailyPeak(day(index), level) for index, level in enumerate(levels)]


def growing(days, start=100, slope=0.5):
    return [round(start + slope * index) for index in range(days)]


def test_a_straight_line_is_followed_to_the_limit():
    told = forecast(peaks(growing(101)), [], limit=175)
    # 150 on the last day, half a unit a day: 25 units are 50 days.
    assert isinstance(told, Forecast)
    assert told.slope.middle == pytest.approx(0.5, abs=0.01)
    assert (told.likely - day(150)).days == pytest.approx(0, abs=2)
    assert told.earliest < told.likely < told.latest
    assert (told.since, told.until, told.days) == (day(0), day(100), 101)
    assert told.at(day(120)).middle == pytest.approx(160, abs=0.6)
    assert told.at(told.latest).low == pytest.approx(175, abs=0.5)
    assert told.at(told.earliest).high == pytest.approx(175, abs=0.9)


def test_the_pace_of_growth_is_never_taken_for_certain():
    told = forecast(peaks([2 * index for index in range(60)]), [], limit=400)
    assert (told.slope.low, told.slope.middle, told.slope.high) == (1.6, 2.0, 2.5)


def test_neither_is_the_pace_of_a_fall():
    slope = trend_of(peaks([200 - 2 * index for index in range(60)]), []).slope
    assert (slope.low, slope.middle, slope.high) == (-2.5, -2.0, -1.6)


def test_odd_days_do_not_bend_the_line():
    levels = growing(120)
    for index in range(10, 120, 17):
        levels[index] = 3
    plain, odd = forecast(peaks(growing(120)), [], 200), forecast(peaks(levels), [], 200)
    assert abs((plain.likely - odd.likely).days) <= 2


@pytest.mark.parametrize(
    ("levels", "limit", "reason"),
    [
        (growing(100), 0, Reason.NO_LIMIT),
        (growing(100), -1, Reason.NO_LIMIT),
        (growing(100), 150, Reason.ALREADY_REACHED),
        (growing(27), 200, Reason.TOO_FEW_DAYS),
        ([], 200, Reason.TOO_FEW_DAYS),
        ([None] * 50, 200, Reason.TOO_FEW_DAYS),
        ([120] * 100, 200, Reason.FLAT),
        (growing(100, start=180, slope=-0.3), 200, Reason.FALLING),
        (growing(100, slope=0.05), 500, Reason.FAR),
        ([level if index % 2 else None for index, level in enumerate(growing(100))], 200, Reason.POOR_COVERAGE),
        ([*growing(80), *[None] * 20], 200, Reason.POOR_COVERAGE),
        ([*[None] * 30, *growing(27)], 200, Reason.TOO_FEW_DAYS),
    ],
)
def test_without_a_trend_the_reason_is_told(levels, limit, reason):
    assert forecast(peaks(levels), [], limit) == NoForecast(reason)


def test_twenty_eight_days_are_enough():
    assert isinstance(forecast(peaks(growing(28)), [], 200), Forecast)


def test_what_came_before_a_told_step_does_not_count():
    levels = [*growing(60, slope=2), *growing(60, start=200, slope=0.5)]
    told = forecast(peaks(levels), [day(60)], limit=260)
    assert told.since == day(60)
    assert told.slope.middle == pytest.approx(0.5, abs=0.02)


def test_a_jump_that_nobody_told_of_is_found():
    levels = [*growing(60), *growing(60, start=200)]
    told = forecast(peaks(levels), [], limit=300)
    assert day(60) <= told.since <= day(67)
    assert told.slope.middle == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("steps", [[day(95)], []])
def test_for_four_weeks_after_a_step_there_is_no_forecast(steps):
    levels = [*growing(95), *growing(20, start=200)]
    told = forecast(peaks(levels), steps, limit=300)
    assert told.reason is Reason.STEP_CHANGE
    assert day(95) <= told.since <= day(102)


def test_steps_after_the_last_day_and_before_the_first_are_not_looked_at():
    assert forecast(peaks(growing(60)), [day(-5), day(70)], 200) == forecast(peaks(growing(60)), [], 200)


def test_growth_over_a_long_gap_is_not_taken_for_a_jump():
    levels = growing(150, slope=1)
    levels[80:95] = [None] * 15
    assert forecast(peaks(levels), [], limit=400).since == day(0)


def test_weekends_are_no_jumps_and_do_not_bend_the_line():
    levels = [level - 30 if index % 7 >= 5 else level for index, level in enumerate(growing(140))]
    told = forecast(peaks(levels), [], limit=220)
    assert told.since == day(0)
    assert told.slope.middle == pytest.approx(0.5, abs=0.05)
    assert told.at(day(139)).middle == pytest.approx(169.5, abs=2)


def test_only_half_a_year_is_looked_at():
    levels = [*growing(300, slope=1), *growing(200, start=400, slope=0.1)]
    told = forecast(peaks(levels), [], limit=450)
    assert told.since == day(499 - 181)
    assert told.slope.middle == pytest.approx(0.1, abs=0.01)
