"""What may come as lines."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from daily_peaks import TODAY, daily_peaks, later

from webexhist.review.forecast import fan_of, last_year_of, outlook, peaks_until


def foreseen(levels):
    return outlook(daily_peaks(levels), (), None)


def test_a_fan_begins_where_the_history_ends_and_goes_by_week():
    ahead = foreseen([100 + day // 4 for day in range(365)])
    ribs = fan_of(ahead, later(30))
    assert [rib.day for rib in ribs] == [later(days) for days in (0, 7, 14, 21, 28)]
    first = ribs[0]
    assert {first.lowest, first.low, first.middle, first.high, first.highest} == {191.0}
    assert all(rib.lowest < rib.low < rib.middle < rib.high < rib.highest for rib in ribs[1:])
    assert all(later_.highest - later_.lowest > rib.highest - rib.lowest for rib, later_ in pairwise(ribs))
    # A quarter a day: 7 more in 28 days.
    assert ribs[-1].middle == pytest.approx(198, abs=1)
    assert ribs[-1].highest == ahead.units_on(later(28), 0.9)


def test_a_team_that_works_from_monday_to_friday_is_drawn_by_its_busy_days():
    first = TODAY - timedelta(days=179)
    ahead = foreseen([95 if (first + timedelta(days=index)).weekday() < 5 else 60 for index in range(180)])
    ribs = fan_of(ahead, later(20))
    # 31 October 2026 is a Saturday.
    assert all(rib.day.weekday() < 5 for rib in ribs[1:])
    assert all(rib.middle == pytest.approx(95, abs=1) for rib in ribs)


def academic(days):
    def level(day):
        if day.month == 9:
            return round(400 + 600 * (day.day - 1) / 29)
        return 400 if day.month in (7, 8) else 1000

    return [level(TODAY - timedelta(days=back)) for back in range(days - 1, -1, -1)]


def test_last_year_goes_on_from_here():
    ahead = foreseen(academic(730))
    path = dict(last_year_of(ahead, date(2027, 7, 31)))
    assert path[TODAY] == 1000
    summer = [units for day, units in path.items() if date(2027, 7, 5) <= day]
    assert summer and all(units == pytest.approx(400, abs=20) for units in summer)
    assert ahead.last_year.weight > 0.5


def test_without_a_year_there_is_no_path_of_last_year():
    ahead = foreseen([100] * 200)
    assert (last_year_of(ahead, later(90)), ahead.last_year, ahead.cycle) == ((), None, None)


def test_a_cycle_that_is_believed_has_its_length():
    ahead = foreseen([60 + (day % 30) * 35 // 29 for day in range(390)])
    assert len(ahead.cycle.changes) == 30
    assert ahead.cycle.weight > 0.5


def test_another_limit_changes_no_units():
    ahead = foreseen([100 + day // 4 for day in range(365)])
    near, far = ahead.against(195), ahead.against(300)
    assert near.units_on(later(90), 0.5) == far.units_on(later(90), 0.5)
    assert near.chance_before(later(90)) > far.chance_before(later(90))
    assert (ahead.limit, near.limit, near.days_known) == (None, 195, 365)


def test_peaks_end_with_the_day_that_looks_ahead_and_reach_back_two_years():
    days = [(TODAY - timedelta(days=back), back) for back in range(999, 2, -1)]
    peaks = peaks_until(days, TODAY)
    assert (peaks[-1].day, peaks[-1].peak, peaks[-2].day) == (TODAY, None, later(-3))
    assert peaks[0].day == later(-741)
    assert peaks_until(days, later(-10))[-1].peak == 10
