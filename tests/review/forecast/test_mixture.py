"""Quantiles and chances of all ways together."""

import math

import pytest

from webexhist.review.forecast.mixture import Mixture, quantile, share_above
from webexhist.review.forecast.paces import Pace
from webexhist.review.forecast.parts import Normal


def mixture(drifts=((1.0, 0.0),), diffusion=1.0, events=50.0, steps=(0.0, 0.0, 0.0)):
    return Mixture([Pace(weight, drift, 0.0) for weight, drift in drifts], 1.0, (), diffusion, events, *steps)


def test_quantiles_of_one_normal():
    parts = [Normal(1, 10, 2)]
    # 1.281552 deviations hold nine of ten.
    assert quantile(parts, 0.9) == pytest.approx(10 + 2 * 1.281552, abs=2e-3)
    assert quantile(parts, 0.5) == pytest.approx(10, abs=2e-3)


def test_quantiles_between_two_normals():
    parts = [Normal(0.75, 0, 0.1), Normal(0.25, 100, 0.1)]
    assert quantile(parts, 0.375) == pytest.approx(0, abs=2e-3)
    assert quantile(parts, 0.875) == pytest.approx(100, abs=2e-3)
    assert share_above(parts, 50) == pytest.approx(0.25)


def test_what_always_moves_wanders_as_the_root_of_time():
    # 100 weeks of a variance of 9 a week: a deviation of 30, and 30 * 1.281552 more.
    assert quantile(mixture(diffusion=9).normals(700, 1e-9), 0.9) == pytest.approx(38.45, abs=0.01)
    # Four weeks lack 0.85 * e^(-4 / 9) = 54.5 % of their squares: 36 * 0.455 = 4.05^2, and 4.05 * 1.281552.
    assert quantile(mixture(diffusion=9).normals(28, 1e-9), 0.9) == pytest.approx(5.19, abs=0.01)


def test_what_seldom_moves_mostly_stays():
    # One event in 52 weeks on the mean; in 13 weeks 1 - e^(-1/4) = 22 % that there is one.
    quiet = mixture(diffusion=1 / 52, events=1 / 52)
    (case,) = quiet.widths(91)
    assert case.probability == pytest.approx(0.2212, abs=1e-4)
    # What it moves then is the whole variance of 13 weeks in that share of cases.
    assert case.variance * case.probability == pytest.approx(13 / 52)
    # A unit is then 1 / sqrt(1.13) = 0.94 deviations: 0.2212 * 2 * Phi(-0.94) = 0.077.
    assert quiet.passed(1, 91) == pytest.approx(0.077, abs=1e-3)


def test_a_step_is_a_chance_not_a_width():
    # Two steps of 100 a year: 39 % for one in 13 weeks; without one a limit 50 away is far.
    stepped = mixture(diffusion=0.01, steps=(2 / 52, 100.0**2, 0.0))
    assert stepped.passed(50, 91) == pytest.approx(0.39 * 2 * 0.328, abs=0.02)
    assert stepped.passed(50, 91) < stepped.passed(50, 182) < stepped.passed(10, 182)


def test_a_drift_needs_half_a_unit_less():
    # 13 weeks of one unit: 13 units are there half a unit before.
    steady = mixture([(1.0, 1.0)], diffusion=1e-9)
    assert steady.passed(13, 91) == pytest.approx(1)
    assert steady.passed(13, 84) == pytest.approx(0)
    assert steady.passed(12.5, 84) == pytest.approx(0.5, abs=0.03)


def test_nothing_has_come_before_today():
    assert mixture().passed(0.5, 0) == 0
    assert math.isclose(quantile(mixture().normals(-3, 0.01), 0.5), 0, abs_tol=2e-3)
