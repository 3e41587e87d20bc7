"""When events take place, beside the plainest way to count them."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webexhist.simulator.world.rhythm import DailyRhythm, EchoRhythm, EvenSpread
from webexhist.simulator.world.times import DAY_MS, start_of_day

UNHURRIED = settings(deadline=None)  # how fast the machine is, is not the question here
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 2, 28)


@UNHURRIED
@given(total=st.integers(0, 5_000), seed=st.integers(0, 99))
def test_a_spread_holds_its_total_and_time_never_goes_back(total, seed):
    rhythm = DailyRhythm(FIRST_DAY, EvenSpread(total, FIRST_DAY, LAST_DAY, 0), seed)
    times = [rhythm.time_of(number) for number in range(total)]
    assert times == sorted(times)
    assert rhythm.count_before(start_of_day(LAST_DAY) + DAY_MS) == total
    assert all(start_of_day(FIRST_DAY) <= ms < start_of_day(LAST_DAY) + DAY_MS for ms in times)


@UNHURRIED
@given(ms=st.integers(start_of_day(FIRST_DAY) - DAY_MS, start_of_day(LAST_DAY) + 3 * DAY_MS), seed=st.integers(0, 9))
def test_counting_before_a_moment_counts_what_lies_before_it(ms, seed):
    rhythm = DailyRhythm(FIRST_DAY, EvenSpread(800, FIRST_DAY, LAST_DAY, 5), seed)
    echo = EchoRhythm(rhythm, every=7, first=3, delay_ms=180_000)
    times = [rhythm.time_of(number) for number in range(820)]
    assert rhythm.count_before(ms) == sum(time < ms for time in times)
    assert echo.count_before(ms) == sum(time + 180_000 < ms for time in times[3::7])


def test_weekends_are_quiet():
    spread = EvenSpread(5_200, FIRST_DAY, LAST_DAY, 0)
    monday, saturday = date(2026, 1, 12), date(2026, 1, 17)
    assert spread(monday) == pytest.approx(10 * spread(saturday), abs=10)
