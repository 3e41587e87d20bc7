"""The forecast against histories whose end is known, beside a least-squares line on the same days."""

import runpy
from pathlib import Path
from statistics import fmean

import pytest

BACKTEST = runpy.run_path(str(Path(__file__).parents[3] / "bench" / "forecast.py"))
CLEARLY_BETTER = ("step up, annotated", "step up, not told", "steps down and up")


@pytest.fixture(scope="module")
def scores():
    return {history.name: BACKTEST["scores"](history) for history in BACKTEST["histories"]()}


@pytest.mark.slow
def test_the_range_holds_the_true_date_no_less_often_and_is_missed_by_no_more(scores):
    assert len(scores) >= 18
    for name, (ours, plain, _) in scores.items():
        assert ours.held >= plain.held, name
        assert fmean(ours.misses) <= fmean(plain.misses), name


@pytest.mark.slow
def test_steps_and_outliers_do_not_mislead_it(scores):
    for name in CLEARLY_BETTER:
        ours, plain, _ = scores[name]
        assert ours.held > 1.4 * plain.held, name
        assert fmean(ours.misses) < fmean(plain.misses) / 20, name
    for name in ("outliers up", "outliers down"):
        ours, plain, _ = scores[name]
        assert fmean(ours.off) < fmean(plain.off) / 2, name
        assert fmean(ours.widths) < 0.6 * fmean(plain.widths), name
