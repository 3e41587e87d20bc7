"""What holds for every history."""

import math
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from daily_peaks import TODAY, daily_peaks, later
from hypothesis import example, given, settings
from hypothesis import strategies as st
from searching import examples

from webexhist.review.forecast import DailyPeak, NoOutlook, outlook

HORIZONS = (0, 1, 2, 5, 9, 14, 30, 45, 60, 90, 120, 180, 270, 365, 500, 730, 1000)
SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


def wanders(seed, length, pace, noise, jump, period):
    """A history with a pace, chance moves, now and then a jump, and a cycle."""
    random, level, levels = Random(seed), 100.0, []
    for day in range(length):
        level += random.gauss(pace, noise) + (jump if random.random() < 0.01 else 0)
        levels.append(max(0, round(level + 20 * (day % period) / period)))
    return levels


histories = st.one_of(
    st.lists(st.one_of(st.none(), st.integers(0, 400)), min_size=1, max_size=450),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=30),
    st.lists(st.floats(0, 1e12, allow_nan=False), min_size=1, max_size=30),
    st.builds(
        wanders,
        seed=st.integers(0, 10**6),
        length=st.integers(1, 800),
        pace=st.floats(-0.5, 2),
        noise=st.sampled_from((0, 0, 0.3, 2, 10)),
        jump=st.sampled_from((0, 0, 30, 100, -30)),
        period=st.sampled_from((1, 1, 7, 14, 30, 91)),
    ),
)
rooms = st.integers(1, 500)


def foreseen(levels, room=None, every=1, notes=()):
    """An outlook whose limit is so far above the last peak; None where there can be none."""
    peaks = daily_peaks(levels, every=every)
    limit = None if room is None else round(next((p.peak for p in reversed(peaks) if p.peak is not None), 0)) + room
    found = outlook(peaks, notes, limit)
    return None if isinstance(found, NoOutlook) else found


@given(histories, rooms, st.sampled_from((1, 1, 7)))
@settings(max_examples=examples(20, 150), deadline=None)
def test_a_chance_never_falls_with_days(levels, room, every):
    if found := foreseen(levels, room, every):
        chances = [found.chance_before(later(days)) for days in range(400)]
        chances += [found.chance_before(later(days)) for days in range(400, 1500, 7)]
        assert all(0 <= chance <= 1 for chance in chances)
        assert all(after >= before - 1e-9 for before, after in pairwise(chances))


@given(histories, st.lists(rooms, min_size=2, max_size=6, unique=True))
@settings(max_examples=examples(12, 100), deadline=None)
def test_a_chance_never_rises_with_the_limit(levels, limits):
    for days in (7, 30, 90, 365):
        found = [foreseen(levels, room) for room in sorted(limits)]
        chances = [outlook.chance_before(later(days)) for outlook in found if outlook]
        assert all(after <= before + 1e-9 for before, after in pairwise(chances))


@given(histories)
@settings(max_examples=examples(12, 100), deadline=None)
def test_quantiles_are_in_order(levels):
    if found := foreseen(levels):
        for days in (-3, 0, 1, 30, 90, 400):
            units = [found.units_on(later(days), share) for share in SHARES]
            assert all(math.isfinite(unit) and unit >= 0 for unit in units)
            near = 2e-3 + 1e-7 * max(level or 0 for level in levels)  # how exactly a quantile is looked for
            assert all(after >= before - near for before, after in pairwise(units))


@given(histories, rooms)
@settings(max_examples=examples(12, 100), deadline=None)
def test_a_date_is_the_first_day_with_its_chance(levels, room):
    if found := foreseen(levels, room):
        for share in SHARES:
            day = found.date_at(share)
            if day is None:
                assert found.chance_before(later(1096)) < share
            else:
                assert found.chance_before(day) >= share
                assert day == TODAY or found.chance_before(day - timedelta(days=1)) < share


@given(histories, st.sampled_from((1, 30, 90, 400)), st.sampled_from((0.5, 0.8, 0.9, 0.95)))
@settings(max_examples=examples(12, 100), deadline=None)
def test_units_that_suffice_are_the_fewest(levels, days, share):
    if found := foreseen(levels):
        enough = found.suffice_until(later(days), share)
        peaks = daily_peaks(levels)
        assert outlook(peaks, (), enough).chance_before(later(days)) <= 1 - share
        assert outlook(peaks, (), enough - 1).chance_before(later(days)) > 1 - share


@given(histories, rooms)
@settings(max_examples=examples(8, 50), deadline=None)
def test_the_same_history_has_the_same_forecast(levels, room):
    once, again = foreseen(levels, room), foreseen(list(levels), room)
    if once:
        assert [once.chance_before(later(days)) for days in HORIZONS] == [
            again.chance_before(later(days)) for days in HORIZONS
        ]
        assert once.record == again.record


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.one_of(st.none(), st.floats(-1e9, 1e9), st.integers(0, 10**15))),
        min_size=1,
        max_size=60,
    ),
    st.lists(st.integers(-800, 800), max_size=5),
    st.one_of(st.none(), st.integers(-5, 10**15)),
)
@example([(1, 0)], [], 0)
@example([(1, 10**15), (1, 0)], [0, -1], 5)
@settings(max_examples=examples(20, 200), deadline=None)
def test_every_history_has_an_answer(steps, notes, limit):
    """Irregular polls, gaps, notes outside the history, whatever the values."""
    day, peaks = TODAY, []
    for apart, peak in reversed(steps):
        peaks.append(DailyPeak(day, peak))
        day -= timedelta(days=apart)
    peaks.reverse()
    found = outlook(peaks, [later(days) for days in notes], limit)
    if all(peak.peak is None for peak in peaks):
        assert isinstance(found, NoOutlook)
        return
    for days in HORIZONS:
        assert 0 <= found.chance_before(later(days)) <= 1
        assert 0 <= found.chance_on(later(days)) <= found.chance_before(later(days))
        assert math.isfinite(found.units_on(later(days), 0.5))
    assert isinstance(found.suffice_until(later(90), 0.9), int)
    if limit is None:
        assert found.chance_before(later(90)) == found.chance_on(later(90)) == 0
        assert found.date_at(0.01) is None


def test_nothing_known_is_no_outlook():
    assert isinstance(outlook([], (), 5), NoOutlook)
    assert outlook(daily_peaks([None, None]), (), 5) == NoOutlook("no day of its history is known")


@pytest.mark.parametrize("days", [1, 10, 60])
def test_fewer_days_make_it_wider(days):
    """The range of units in three months, of a level that never moved."""
    few, many = foreseen([100] * days), foreseen([100] * 400)
    width = [found.units_on(later(90), 0.95) - found.units_on(later(90), 0.05) for found in (few, many)]
    assert width[0] > 1.5 * width[1]
