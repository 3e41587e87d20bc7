"""The chance to have been somewhere, against figures worked out by hand."""

import math

import pytest

from webexhist.review.forecast.passage import reached


def test_without_a_drift_it_is_twice_the_chance_to_be_there():
    # 2 * (1 - Phi(1)) = 2 * 0.158655
    assert reached(1, 0, 1) == pytest.approx(0.317311, abs=1e-6)
    assert reached(10, 0, 10) == reached(1, 0, 1)


def test_a_drift_brings_it_nearer():
    # Phi(-1/2) + e^(2 * 1 * 1/2 / 1) * Phi(-3/2) = 0.308538 + 2.718282 * 0.066807
    assert reached(1, 0.5, 1) == pytest.approx(0.490138, abs=1e-5)


def test_a_drift_away_leaves_a_chance_that_does_not_grow_with_time():
    # e^(2 * 1 * -0.5) = e^-1, however long: here after 400 days with a variance of 1 a day.
    assert reached(1, -0.5 * 400, math.sqrt(400)) == pytest.approx(math.exp(-1), abs=1e-6)


def test_without_chance_only_the_drift_counts():
    assert (reached(5, 4.9, 0), reached(5, 5, 0)) == (0, 1)


def test_nearly_without_chance_it_is_a_half_when_the_drift_is_just_there():
    assert reached(100, 100, 0.01) == pytest.approx(0.5, abs=1e-3)
    assert reached(100, 101, 0.01) == pytest.approx(1)
    assert reached(100, 99, 0.01) == pytest.approx(0)


def test_both_formulas_agree_where_one_takes_over():
    spread = math.sqrt(2 * 10 * 8 / 40)
    assert reached(10, 8 + 1e-9, spread) == pytest.approx(reached(10, 8 - 1e-9, spread), rel=2e-3)
