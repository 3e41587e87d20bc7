"""Steps and chance moves."""

import pytest
from daily_peaks import daily_peaks, later

from webexhist.review.forecast.diffusion import diffusion_of, diffusion_seen
from webexhist.review.forecast.jumps import moves_of
from webexhist.review.forecast.weeks import weeks_of


def moves(weekly, notes=()):
    return moves_of(weeks_of(daily_peaks([level for level in weekly for _ in range(7)])), notes)


def test_a_single_step_makes_no_pace():
    found = moves([100] * 10 + [160] * 10)
    assert sum(found.paced) < 0.05 * 60
    assert found.step_square == pytest.approx(3600)
    assert found.step_rate > 0


def test_steps_that_recur_are_the_pace():
    found = moves([100 + 60 * (week // 2) for week in range(40)])
    # Nineteen steps are nearly whole: 19^3 / (19^3 + some).
    assert sum(found.paced) == pytest.approx(19 * 60, rel=0.02)


def test_small_changes_are_no_steps():
    found = moves([100 + week for week in range(20)])
    assert found.paced == [1] * 19
    assert found.step_rate == 0


def test_a_noted_step_is_one_however_small_and_says_less_of_the_time_to_come():
    quiet = [100] * 10 + [102] * 10
    assert moves(quiet).step_rate == 0
    assert moves(quiet, [later(-70)]).step_rate > 0
    loud = [100] * 10 + [160] * 10
    assert moves(loud, [later(-70)]).step_rate < moves(loud).step_rate


def test_a_step_of_the_last_days_is_seen_before_its_week_shows_it():
    found = moves_of(weeks_of(daily_peaks([200] * 178 + [260] * 2)), ())
    assert (sum(found.paced), found.step_square) == (0, 3600)


def test_steps_that_all_go_up_are_expected_to():
    found = moves([100] * 8 + [150] * 8 + [200] * 8)
    assert 0 < found.step_mean < 50
    assert moves([100] * 8 + [150] * 8 + [100] * 8).step_mean == pytest.approx(0)


def test_the_diffusion_is_the_variance_of_weeks():
    # Up and down by 8: the variance is 64, but sums of four weeks hardly vary at all, which makes it a quarter; 60 %
    # of 16 are chance, a little less with the weeks that are usual.
    swinging = moves([100 + 8 * (week % 2) for week in range(60)])
    assert diffusion_of(swinging, 100).steady == pytest.approx(9, abs=1)


def test_unrest_that_is_over_is_an_episode():
    calm = [100] * 26
    ramp = [100 + 20 * week for week in range(12)]
    found = diffusion_seen(moves([*calm, *ramp, *[ramp[-1]] * 45]), 320)
    assert found.steady < 20
    assert found.step_rate * found.step_square > 20


def test_a_history_of_one_day_may_move_by_what_is_usual():
    found = diffusion_of(moves_of(weeks_of(daily_peaks([100])), ()), 100)
    assert 0 < found.steady < 1


def test_a_step_that_nobody_has_seen_yet_may_come_the_less_so_the_more_is_known():
    known = [diffusion_of(moves([100] * weeks), 100) for weeks in (1, 27, 101)]
    # 0.12 in 13 weeks that are usual, and 0, 26, 100 that are known; 30 % of the level.
    assert [found.step_rate for found in known] == pytest.approx([0.12 / 13, 0.12 / 39, 0.12 / 113])
    assert all(found.step_square == pytest.approx(30**2) for found in known)
    assert all(found.step_mean == 0 for found in known)


def test_what_its_neighbors_do_too_is_a_pace_that_began():
    # One less a week for 20 weeks; then seven more a week, four times: each is no step.
    turned = moves([*[300 - week for week in range(20)], *[281 + 7 * week for week in range(1, 5)]])
    assert turned.paced[-4:] == [7] * 4
    assert turned.step_rate == 0
