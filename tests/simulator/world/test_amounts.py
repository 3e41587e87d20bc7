"""Numbers that change with the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from webexhist.simulator.world.amounts import Curve, Steps


def test_steps_hold_from_their_moment_on():
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    steps = Steps(500, (noon,), (600,))
    assert [steps(noon - timedelta(microseconds=1)), steps(noon)] == [500, 600]


def test_a_curve_keeps_near_its_line_and_rests_at_weekends():
    start = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
    curve = Curve(((start, 100), (start + timedelta(days=100), 200)), waver=2, seed=5)
    for day in range(100):
        at = start + timedelta(days=day, hours=18)
        assert abs(curve(at) - (100 + day)) <= 2 + 3.5  # at a weekend Friday's value still holds
    friday = start + timedelta(days=4, hours=18)
    assert {curve(friday + timedelta(hours=hours)) for hours in range(0, 60, 6)} == {curve(friday)}
    assert curve(start - timedelta(days=50)) == pytest.approx(100, abs=2)
    assert curve(start + timedelta(days=500)) == pytest.approx(200, abs=2)
