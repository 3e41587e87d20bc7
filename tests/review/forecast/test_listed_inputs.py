"""Histories that other ways to forecast were wrong about, and others like them; each with what is true of it."""

from datetime import date, timedelta

import pytest
from daily_peaks import TODAY, daily_peaks, later

from webexhist.review.forecast import outlook


def foreseen(levels, limit, notes=(), every=1, today=TODAY):
    return outlook(daily_peaks(levels, today, every), notes, limit)


def days_at(found, share, today=TODAY):
    return (found.date_at(share) - today).days


def test_a_step_of_yesterday_is_not_flat():
    found = foreseen([200] * 178 + [260] * 2, 270)
    assert 0.1 < found.chance_before(later(90)) < 0.6


@pytest.mark.parametrize("noted", [False, True])
def test_the_day_after_a_step_goes_on_from_there(noted):
    notes = [TODAY] if noted else ()
    more, less = foreseen([200] * 299 + [240], 260, notes), foreseen([200] * 299 + [160], 180, notes)
    assert more.units_on(later(30), 0.5) == pytest.approx(240, abs=1)
    assert 0.05 < more.chance_before(later(90)) < 0.4
    assert less.units_on(later(30), 0.5) == pytest.approx(160, abs=1)
    # Somebody may take it back tomorrow, but for what was noted.
    assert 0.05 < less.chance_before(later(90)) < (0.15 if noted else 0.3)


@pytest.mark.parametrize("days", [1, 2, 3, 5, 20])
def test_what_ended_a_few_days_ago_is_over(days):
    ended, nearly = foreseen([400] * 295 + [0] * days, 400), foreseen([400] * 295 + [10] * days, 12)
    assert ended.units_on(later(90), 0.75) < 5
    # On the first day it may be a mistake that is undone on the second.
    assert ended.chance_before(later(90)) < 0.2
    assert nearly.chance_before(later(90)) < (0.35 if days == 1 else 0.2)


def test_three_days_of_an_import_that_was_undone_do_not_come_again():
    found = foreseen([200] * 268 + [320] * 3 + [200] * 29, 250)
    assert found.chance_before(later(90)) < 0.1


@pytest.mark.parametrize("pace", [0.1, 0.5, 2])
def test_what_shrinks_does_not_reach_what_it_left(pace):
    levels = [round(500 - pace * day) for day in range(200)]
    found = foreseen(levels, levels[-1] + 8)
    assert found.chance_before(later(365)) < 0.1


def test_a_rollout_that_is_over_is_over():
    # 5 a day for 60 days, then none for 10 or 45; 40 are available.
    ten, many = (
        foreseen([100] * 100 + [100 + 5 * day for day in range(1, 61)] + [400] * days, 440) for days in (10, 45)
    )
    assert many.chance_before(later(90)) < 0.2 < ten.chance_before(later(90)) < 0.6
    assert many.units_on(later(90), 0.5) == pytest.approx(400, abs=2)


def test_what_slowed_down_and_stands_still_is_the_less_likely_to_go_on_the_longer_it_does():
    # Ever slower from 100 to 200 in 150 days, then none; 5 are available.
    levels = [round(100 + 100 * (1 - (1 - day / 150) ** 2)) for day in range(151)]
    month, quarter = (foreseen(levels + [200] * days, 205).chance_before(later(90)) for days in (30, 90))
    assert quarter < 0.2 < month < 0.7


def test_a_history_that_never_moved_is_nearer_to_a_near_limit():
    near, far = foreseen([100] * 180, 101), foreseen([100] * 180, 200)
    assert 0.05 < near.chance_before(later(90)) < 0.4
    assert far.chance_before(later(90)) < 0.01


@pytest.mark.parametrize("notes", [(), [later(-26)]])
def test_growth_after_a_step_is_foreseen_at_once(notes):
    found = foreseen([200] * 153 + [260 + day for day in range(27)], 297, notes)
    assert found.date_at(0.1) <= later(11) <= found.date_at(0.9)
    assert days_at(found, 0.5) == pytest.approx(11, abs=2)
    assert found.chance_before(later(30)) > 0.75


@pytest.mark.parametrize("noted", [False, True])
def test_batches_on_a_rhythm_go_on(noted):
    # 275 of 315; the next but one batch of 25 comes in 22 days.
    levels = [75 + 25 * (day // 14) for day in range(119)]
    notes = [later(day - 118) for day in range(14, 119, 14)] if noted else ()
    found = foreseen(levels, 315, notes)
    assert days_at(found, 0.5) == pytest.approx(22, abs=2)
    assert found.chance_before(later(90)) > 0.95


@pytest.mark.parametrize("every", [1, 2, 3, 7])
@pytest.mark.parametrize("still", [14, 30, 63, 200])
def test_batches_that_began_after_a_still_time_go_on(still, every):
    # The next batch but one, which the limit needs, comes in 15 days; before there was no batch for so many days.
    levels = [75] * still + [75 + 25 * (day // 14) for day in range(1, 126)]
    found = foreseen(levels, levels[-1] + 40, every=every)
    assert days_at(found, 0.5) == pytest.approx(15, abs=max(2, every))
    assert found.chance_before(later(90)) > 0.95


@pytest.mark.parametrize("days", [14, 20, 27])
def test_a_seat_a_day_for_some_weeks_goes_on(days):
    found = foreseen([100 + day for day in range(days)], 104 + days)
    assert days_at(found, 0.5) == pytest.approx(5, abs=2)
    assert found.chance_before(later(30)) > 0.85


@pytest.mark.parametrize("days", [11, 14, 18])
def test_what_comes_on_working_days_alone_is_followed_in_its_second_week(days):
    # Five on each working day, the first of them a Monday: 50 more are ten working days.
    levels, level = [200] * 200, 200
    for day in range(days):
        level += 5 if day % 7 < 5 else 0
        levels.append(level)
    found = foreseen(levels, level + 50)
    assert found.chance_before(later(30)) > 0.5
    assert days_at(found, 0.5) == pytest.approx(14, abs=4)


@pytest.mark.parametrize("days", [7, 10])
def test_a_week_of_growth_after_a_still_year_is_believed_by_more_than_half(days):
    # Two more a day; 20 available are ten days away.
    found = foreseen([200] * 300 + [200 + 2 * day for day in range(1, days + 1)], 220 + 2 * days)
    assert 0.6 < found.chance_before(later(30)) < 0.95
    assert days_at(found, 0.5) == pytest.approx(11, abs=3)


@pytest.mark.parametrize(("every", "truth"), [(7, 9), (10, 12), (21, 23), (28, 30)])
def test_batches_of_any_rhythm_come_on_their_day(every, truth):
    # Of 40 more the second batch is needed; the last one came a day before the next is due.
    levels = [75 + 25 * (day // every) for day in range(8 * every - 1)]
    found = foreseen(levels, levels[-1] + 40)
    assert days_at(found, 0.5) == pytest.approx(truth, abs=1)
    assert found.date_at(0.1) <= later(truth) <= found.date_at(0.9)


@pytest.mark.parametrize(("before", "pace", "days"), [(0, 2, 14), (0, 5, 20), (60, 1, 14), (60, 5, 20)])
def test_what_comes_day_by_day_is_a_pace_and_no_step(before, pace, days):
    # Two hundred still days, perhaps a step, then so many a day for some days; the limit is ten days off.
    levels = [200] * 200 + [200 + before + pace * day for day in range(days)]
    found = foreseen(levels, levels[-1] + 10 * pace)
    assert found.date_at(0.1) <= later(10) <= (found.date_at(0.9) or later(365))
    assert found.chance_before(later(90)) > 0.6


@pytest.mark.parametrize(("every", "truth"), [(14, 15), (30, 59), (60, 119)])
def test_stairs_are_not_late_by_half_a_stair(every, truth):
    levels = [100 + day // every for day in range(182)]
    found = foreseen(levels, levels[-1] + 2)
    assert days_at(found, 0.5) == pytest.approx(truth, abs=2)
    assert found.date_at(0.1) <= later(truth) <= found.date_at(0.9)


def academic_years(days, today):
    """400 in summer, from 1 to 30 September up to 1,000, which stays until the end of June."""
    levels = []
    for back in range(days - 1, -1, -1):
        day = today - timedelta(days=back)
        if day.month == 9:
            levels.append(round(400 + 600 * (day.day - 1) / 29))
        else:
            levels.append(400 if day.month in (7, 8) else 1000)
    return levels


@pytest.mark.parametrize(("years", "today"), [(3, date(2026, 7, 10)), (2, date(2026, 8, 1)), (2, date(2026, 7, 10))])
def test_academic_years_repeat_themselves(years, today):
    # 950 are reached on 28 September.
    found = foreseen(academic_years(365 * years, today), 950, today=today)
    assert found.chance_before(today + timedelta(days=90)) > 0.9
    assert found.date_at(0.1) <= date(2026, 9, 28) <= found.date_at(0.9)
    assert found.units_on(date(2026, 10, 20), 0.5) == pytest.approx(1000, abs=10)


def test_two_clean_ups_and_a_third_of_the_way_to_the_next_are_told_as_likely_to_go_on():
    found = foreseen([60 + (day % 30) * 35 // 29 for day in range(70)], 100)
    assert found.chance_before(later(90)) < 0.45


@pytest.mark.parametrize("days", [75, 120, 390])
@pytest.mark.parametrize("start", [0, 10, 20])
def test_monthly_clean_ups_go_on(days, start):
    # From 60 to 95 and back, of 100.
    found = foreseen([60 + ((day + start) % 30) * 35 // 29 for day in range(days)], 100)
    assert found.chance_before(later(90)) < 0.2


def test_clean_ups_on_the_first_of_the_month_go_on():
    days = [TODAY - timedelta(days=back) for back in range(389, -1, -1)]
    found = foreseen([60 + round(35 * (day.day - 1) / 30) for day in days], 100)
    assert found.chance_before(later(90)) < 0.2


@pytest.mark.parametrize("days", [396, 330, 228])
def test_quarterly_clean_ups_go_on(days):
    found = foreseen([55 + (day % 91) * 40 // 91 for day in range(days)], 100)
    assert found.chance_before(later(90)) < 0.2


def test_weekly_polls_are_enough():
    # 496 of 500, 14 more a month.
    found = foreseen([496 - round(14 / 30.4 * back) for back in range(389, -1, -1)], 500, every=7)
    assert found.chance_before(later(90)) > 0.9
    assert days_at(found, 0.5) == pytest.approx(9, abs=3)


def test_a_pace_that_turned_four_weeks_ago_is_followed():
    # One less a day for 150 days, then one more a day: 179 now, 200 in 21 days.
    found = foreseen([300 - day for day in range(150)] + [150 + day for day in range(30)], 200)
    assert days_at(found, 0.5) == pytest.approx(21, abs=5)
    assert found.date_at(0.1) <= later(21) <= found.date_at(0.9)
    # Two more a day for 100 days, then none for 30.
    rests = foreseen([100 + 2 * day for day in range(100)] + [300] * 30, 330)
    assert rests.units_on(later(90), 0.5) == pytest.approx(300, abs=5)
    assert rests.chance_before(later(90)) < 0.45


def test_one_year_of_terms_is_enough_to_expect_the_next():
    today = date(2026, 7, 10)
    found = foreseen(academic_years(394, today), 950, today=today)
    assert found.chance_before(today + timedelta(days=90)) > 0.6
    assert days_at(found, 0.5, today) == pytest.approx(80, abs=3)


def test_a_line_through_a_gap_is_no_more_sure_than_its_ends():
    # 100 a year ago, 150 today: two days are known, not 53 weeks.
    ends = foreseen([100, *[None] * 364, 150], 170)
    every_day = foreseen([100 + round(50 * day / 365) for day in range(366)], 170)
    width = [found.units_on(later(90), 0.9) - found.units_on(later(90), 0.1) for found in (ends, every_day)]
    assert width[0] > 3 * width[1]
    assert 0.1 < ends.chance_before(later(90)) < 0.6


def test_a_first_week_says_a_little():
    # One more a day for eight days: five available are five days away.
    assert foreseen([100 + day for day in range(8)], 112).chance_before(later(30)) > 0.5
    # One more a day for a week: 100 is 44 days away at that pace, and nobody knows whether it lasts.
    found = foreseen([50 + day for day in range(7)], 100)
    assert 0.1 < found.chance_before(later(90)) < 0.7
    assert found.units_on(later(90), 0.9) - found.units_on(later(90), 0.1) > 50


def test_polls_that_began_yesterday_make_a_wide_range():
    found = foreseen([100, 100], 110)
    assert 0.02 < found.chance_before(later(90)) < 0.5
    assert found.units_on(later(90), 0.9) - found.units_on(later(90), 0.1) > 10


def test_neighboring_paces_have_neighboring_plans():
    # The units of the coming term, 14 months ahead, by nine in ten.
    slow, fast = (
        foreseen([round(now - pace * back) for back in range(395, -1, -1)], 1200).suffice_until(later(407), 0.9)
        for pace, now in ((0.6, 455), (0.75, 515))
    )
    # What is expected: 455 + 0.6 * 407 = 699 and 515 + 0.75 * 407 = 820.
    assert 699 < slow < 790
    assert 820 < fast < 930


def test_growth_that_quickens_is_followed():
    quickening = [round(100 + 80 * (day / 365) ** 2) for day in range(400)]
    found = foreseen(quickening, 260)
    # 100 + 80 * (d / 365)^2 is 259.5 on day 515: 116 days later; a straight line would say 180.
    assert found.date_at(0.1) <= later(116) <= found.date_at(0.9)
    assert days_at(found, 0.5) < 150


def test_what_is_left_of_a_large_team_is_a_small_team():
    left = foreseen([176 - day // 30 for day in range(200)] + [9] * 120, 10)
    always_small = foreseen([9] * 120, 10)
    assert left.chance_before(later(90)) == pytest.approx(always_small.chance_before(later(90)), abs=0.05)
