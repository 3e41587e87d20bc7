"""What an outlook answers."""

from datetime import date

import pytest
from daily_peaks import TODAY, daily_peaks, later

from webexhist.review.forecast import DailyPeak, outlook


def growing(days=200, start=100, pace=0.5):
    return [round(start + pace * day) for day in range(days)]


def test_a_straight_line_is_followed_to_the_limit():
    # 200 on the last day, half a unit a day: 25 units are 50 days.
    foreseen = outlook(daily_peaks(growing(201)), (), 225)
    assert (foreseen.date_at(0.5) - TODAY).days == pytest.approx(50, abs=3)
    assert foreseen.date_at(0.1) < foreseen.date_at(0.5) < foreseen.date_at(0.9)
    assert foreseen.chance_before(later(30)) < 0.1
    assert foreseen.chance_before(later(80)) > 0.9
    assert foreseen.units_on(later(40), 0.5) == pytest.approx(220, abs=1.5)
    assert foreseen.suffice_until(later(50), 0.5) == pytest.approx(225, abs=2)


def test_nothing_wears_off_before_today():
    foreseen = outlook(daily_peaks(growing()), (), 300)
    assert foreseen.chance_before(TODAY) == foreseen.chance_before(later(-100)) == 0
    assert foreseen.units_on(later(-100), 0.5) == foreseen.units_on(TODAY, 0.5) == pytest.approx(200, abs=1)


@pytest.mark.parametrize("limit", [0, 50, 120])
def test_a_limit_that_is_reached_is_certain_and_today(limit):
    foreseen = outlook(daily_peaks([*[100] * 50, 120]), (), limit)
    assert foreseen.chance_before(later(1)) == 1
    assert foreseen.date_at(0.9) == TODAY


def test_being_above_on_a_day_is_less_likely_than_having_reached_it():
    foreseen = outlook(daily_peaks(growing(pace=0.1)), (), 125)
    for days in (30, 60, 120):
        assert foreseen.chance_on(later(days)) < foreseen.chance_before(later(days))


def test_a_limit_may_be_unknown():
    foreseen = outlook(daily_peaks(growing()), (), None)
    assert foreseen.chance_before(later(900)) == foreseen.chance_on(later(900)) == 0
    assert foreseen.date_at(0.1) is None
    assert foreseen.suffice_until(later(100), 0.9) > 240


def test_what_never_comes_has_no_date():
    assert outlook(daily_peaks([100] * 400), (), 10_000).date_at(0.1) is None


def test_weekends_are_forecast_as_weekends():
    # Case 35 of the worked cases: 95 on working days, 60 on weekends; TODAY is a Saturday.
    levels = [60 if (index - 179) % 7 in (0, 1) else 95 for index in range(180)]
    foreseen = outlook(daily_peaks(levels), (), 94)
    assert foreseen.units_on(date(2026, 11, 1), 0.5) == pytest.approx(60, abs=1)
    assert foreseen.units_on(date(2026, 11, 2), 0.5) == pytest.approx(95, abs=1)
    assert foreseen.chance_before(later(2)) == 1
    assert foreseen.chance_on(date(2026, 11, 8)) < 0.05 < 0.8 < foreseen.chance_on(date(2026, 11, 9))


def test_weekends_grow_by_their_share():
    # 95 and 0.2 a day more on working days, six tenths of that on weekends; TODAY is a Saturday, 8 weeks on 146.
    levels = [round((95 + index / 5) * (0.6 if (index - 199) % 7 in (0, 1) else 1)) for index in range(200)]
    foreseen = outlook(daily_peaks(levels), (), 1000)
    assert foreseen.units_on(later(56), 0.5) == pytest.approx(0.6 * 146, abs=1)


def test_fractions_of_units_are_units_too():
    foreseen = outlook([DailyPeak(later(day - 99), 50 + day / 4) for day in range(100)], (), 80)
    assert (foreseen.date_at(0.5) - TODAY).days == pytest.approx(20, abs=3)


def test_silence_makes_it_wider_and_moves_it_on():
    known = growing(181)
    silent = outlook(daily_peaks([*known, *[None] * 20]), (), 225)
    fresh = outlook(daily_peaks(known, today=later(-20)), (), 225)
    assert (silent.date_at(0.5) - fresh.date_at(0.5)).days == pytest.approx(0, abs=2)


def test_its_own_record():
    foreseen = outlook(daily_peaks(growing(400)), (), 1000)
    assert foreseen.record.asked == 12
    assert foreseen.record.held >= 11
    assert outlook(daily_peaks(growing(60)), (), 1000).record is None


@pytest.mark.parametrize("every", [7, 10, 30])
def test_rare_polls_have_a_record_too(every):
    record = outlook(daily_peaks(growing(400), every=every), (), 1000).record
    assert record.asked == 12
    assert record.held >= 10


def test_a_record_says_what_missed():
    # A step every four months: the months that it fell into were not foretold.
    foreseen = outlook(daily_peaks([100 + 100 * (day // 121) for day in range(420)]), (), 1000)
    assert 6 <= foreseen.record.held < foreseen.record.asked == 12


def test_a_noisy_day_above_the_limit_is_never_likelier_than_having_reached_it():
    noisy = [1000 + 50 * ((7 * day) % 5 - 2) for day in range(200)]
    foreseen = outlook(daily_peaks(noisy), (), 1110)
    for days in (0, 1, 2, 7, 90):
        assert foreseen.chance_on(later(days)) <= foreseen.chance_before(later(days))


@pytest.mark.parametrize(("last", "days"), [(date(9999, 12, 1), 30), (date(9999, 12, 31), 0)])
def test_dates_end_where_the_calendar_does(last, days):
    foreseen = outlook(daily_peaks([100 + day for day in range(60)], today=last), (), 160 + days)
    assert (foreseen.date_at(0.5) or date.max) <= date.max
    far = foreseen.against(500)
    assert (far.chance_before(date.max) < 0.01, far.date_at(0.5)) == (True, None)


def test_the_order_in_which_days_are_given_does_not_matter_and_of_one_day_the_last_peak_stands():
    peaks = daily_peaks([100 + day for day in range(60)])
    foreseen = outlook(peaks, (), 170)
    assert outlook(peaks[::-1], (), 170).date_at(0.5) == foreseen.date_at(0.5)
    twice = [DailyPeak(peaks[-1].day, 1), *peaks]
    assert outlook(twice, (), 170).date_at(0.5) == foreseen.date_at(0.5)


def test_a_ramp_of_a_fortnight_is_not_the_pace_of_years():
    # A year at 0.2 a day, then two weeks at 3: 479 − 3 + 42. For half a year 3 a day may go on; after it 0.2, or
    # what the quarters say, which the fortnight raised to less than 0.6.
    year = growing(382, 400, 0.2)
    ramped = outlook(daily_peaks([*year, *(round(year[-1] + 3 * day) for day in range(1, 15))]), (), 600)
    now = year[-1] + 42
    assert ramped.units_on(later(90), 0.5) == pytest.approx(now + 3 * 90, abs=60)
    assert now + 3 * 182 - 60 < ramped.suffice_until(later(182), 0.5) < now + 3 * 182 + 60
    assert now + 3 * 182 < ramped.suffice_until(later(1146), 0.5) < now + 3 * 182 + 0.6 * 964
    # What went on all year goes on.
    steady = outlook(daily_peaks(growing(396, 400, 0.2)), (), 600)
    assert steady.suffice_until(later(1146), 0.5) == pytest.approx(479 + 0.2 * 1146, abs=15)
