"""Cycles found by pairs of known days, and how high a cycle comes, against figures worked out by hand."""

from random import Random

import pytest

from webexhist.review.forecast.folds import FEWEST, Pairs, folded, folds_of, highest_of, laid_over, shape_of
from webexhist.review.forecast.repetition import Crests, crests_of, path


def known_of(levels, every):
    """Levels by days back, newest last, of each `every`th day."""
    last = len(levels) - 1
    return {last - day: float(levels[day]) for day in range(last + 1) if (last - day) % every == 0}


def days_of(known):
    """The same by days before the last one, oldest first, and their units."""
    last = min(known)
    return [last - back for back in known], list(known.values())


SAWTOOTH = [60 + day % 30 for day in range(390)]


def test_pairs_are_counted_by_how_far_they_are_apart():
    # 1 to 3: two days, 4; 3 to 2: one day, 1; 1 to 2: three days, 1.
    pairs = Pairs([0, 2, 3], [1.0, 3.0, 2.0])
    assert pairs.counts == [0, 0, 1, 2, 3]
    assert pairs.squares == [0, 0, 1, 5, 6]
    assert pairs.fourths == [0, 0, 1, 17, 18]


@pytest.mark.parametrize("every", [3, 7])
def test_a_cycle_of_thirty_days_is_seen_by_polls_of_other_rhythms(every):
    known = known_of(SAWTOOTH, every)
    cycle = folded(known, known[0], 0.02, 0.01)
    assert len(cycle.changes) == 30
    assert cycle.gain == pytest.approx(0, abs=0.1)
    assert cycle.weight > 0.9
    # 89 is the last level and the highest; tomorrow's is 60.
    assert cycle.highest(300) == pytest.approx(0, abs=2)
    assert cycle.changes[3] < -20


def test_polls_of_every_fourteenth_day_see_that_it_is_bounded():
    # Several lengths fold them (28, 210 / 4 and 210 days repeat), none comes higher than 88.
    known = known_of(SAWTOOTH, 14)
    cycle = folded(known, known[0], 0.02, 0.01)
    assert cycle.weight > 0.5
    assert cycle.passed(8, 90) < 0.2


@pytest.mark.parametrize("seed", range(20))
def test_what_only_wanders_is_no_cycle(seed):
    random, level, levels = Random(seed), 200.0, []
    for _ in range(390):
        level += random.gauss(0, 3)
        levels.append(level)
    for every in (3, 7, 14):
        found = folds_of(*days_of(known_of(levels, every)), 0.02, FEWEST)
        assert not found or found[0].unlike > 0.6


@pytest.mark.parametrize("every", [3, 7, 14])
def test_what_happened_once_is_no_cycle(every):
    step = [100] * 250 + [160] * 140
    away = [100] * 200 + [60] * 20 + [100] * 170
    line = [100 + day / 3 for day in range(390)]
    for levels in (step, away, line):
        assert folded(known_of(levels, every), levels[-1], 0.02, 0.01) is None


def test_few_days_say_nothing_of_cycles():
    assert folded(known_of(SAWTOOTH[:78], 7), 89.0, 0.02, 0.01) is None
    # All of them long ago but for the last one.
    old = {back + 700: units for back, units in known_of(SAWTOOTH, 7).items()}
    assert folded({**old, 0: 70.0}, 70.0, 0.02, 0.01) is None


def test_a_gain_beyond_the_cycle_is_found():
    # Three more every thirty days.
    days = list(range(-359, 1, 4))
    cycle = laid_over(days, [day % 30 + day / 10 for day in days], 30)
    assert cycle.drift == pytest.approx(0.1, abs=0.01)
    # Without it there is none; one day too long a cycle is rough.
    flat = [float(day % 30) for day in days]
    assert laid_over(days, flat, 30).drift == pytest.approx(0, abs=0.01)
    assert laid_over(days, flat, 31).rough > 2 * laid_over(days, flat, 30).rough


def test_a_shape_lies_on_lines_between_known_days():
    # Days 0, -2 and -4 of a cycle of six: the coming days are -5, -4, ..., 0 again.
    assert shape_of([-4, -2, 0], [2.0, 4.0, 8.0], 6) == pytest.approx([5, 2, 3, 4, 6, 8])


def test_a_crest_is_the_highest_of_a_cycle_and_of_enough_days():
    # Every second day of cycles of four: six known days are three cycles.
    days = list(range(-22, 1, 2))
    assert highest_of(days, [float(day) for day in days], 4) == [0]
    assert highest_of([day - 26 for day in days] + days, [9.0] * 12 + [float(day) for day in days], 4) == [0, -12, 9]


def test_what_crests_say_together():
    # 9, 10, 11: a variance of 1, more by 2 in 3 as three are few; and the least one.
    assert crests_of([9.0, 10.0, 11.0], 90, 0.5) == Crests(10, pytest.approx(1 + 2 / 3 + 0.5), 11, 90)
    assert crests_of([9.0, 10.0], 60, 0.5) is None


def test_what_never_came_in_a_year_comes_by_the_rule_of_succession():
    # Three more cycles of thirty days after 390 days in which none was higher.
    wave = path(1, [0.0] * 29 + [10.0], 0.0, 100.0, 0.01, crests=Crests(10, 9, 11, 390))
    assert wave.passed(11.5, 90) == pytest.approx(90 / (390 + 30 + 90))
    # What was there before may come as often as its days say.
    assert wave.passed(10, 90) > 0.5
    # A gain of one a cycle has come to 12.5 after three of them.
    rising = path(1, [0.0] * 29 + [10.0], 1.0, 1.0, 0.01, crests=Crests(10, 0.1, 10, 390))
    assert rising.passed(12.5, 60) < 0.2 < 0.9 < rising.passed(12.5, 240)
