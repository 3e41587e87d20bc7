"""A history as weeks."""

import pytest
from daily_peaks import TODAY, daily_peaks

from webexhist.review.forecast.weeks import weeks_of


def test_weeks_are_counted_back_from_the_last_day():
    weeks = weeks_of(daily_peaks([1, 2, *[10] * 7, *[20] * 7]))
    assert weeks.levels == [1.5, 10, 20]
    assert weeks.changes == [(8.5, 1), (10, 1)]
    assert (weeks.today, weeks.now, weeks.latest, weeks.silent_days) == (TODAY, 20, 20, 0)


def test_a_gap_is_bridged_by_a_line_and_is_one_change():
    weeks = weeks_of(daily_peaks([*[10] * 7, *[None] * 21, *[50] * 7]))
    assert weeks.levels == [10, 20, 30, 40, 50]
    assert weeks.changes == [(40, 4)]


def test_silence_at_the_end_is_counted():
    weeks = weeks_of(daily_peaks([*[10] * 7, *[None] * 9]))
    assert (weeks.silent_days, weeks.now, weeks.levels) == (9, 10, [10, 10])


def test_weekly_polls_are_weeks():
    weeks = weeks_of(daily_peaks(list(range(50)), every=7))
    assert weeks.levels == [0, 7, 14, 21, 28, 35, 42, 49]
    assert not weeks.is_daily
    assert weeks.days[-7:] == pytest.approx([43, 44, 45, 46, 47, 48, 49])


def test_weekends_do_not_move_the_level():
    # TODAY is a Saturday.
    levels = [60 if (index - 69) % 7 in (0, 1) else 95 for index in range(70)]
    weeks = weeks_of(daily_peaks(levels))
    assert weeks.now == pytest.approx(95)
    assert weeks.latest == 60
    assert weeks.offsets == pytest.approx((0, 0, 0, 0, 0, -35, -35))
    assert weeks.noise == 0


def test_weekends_are_a_share_of_a_team_that_grows():
    levels = [round((1000 + 5 * index) * (0.5 if (index - 139) % 7 in (0, 1) else 1)) for index in range(140)]
    assert weeks_of(daily_peaks(levels)).now == pytest.approx(1695, rel=0.02)


def test_growth_is_no_day_of_the_week():
    assert not any(weeks_of(daily_peaks([3 * index for index in range(100)])).offsets)


def test_an_outlier_is_left_out():
    levels = [100] * 60
    levels[30], levels[45] = 4990, 0
    assert set(weeks_of(daily_peaks(levels)).days) == {100}


def test_the_last_day_counts_and_a_far_move_of_it_may_be_taken_back():
    small, large, older = (
        weeks_of(daily_peaks(levels)) for levels in ([*[100] * 60, 102], [*[100] * 60, 160], [*[100] * 60, 160, 160])
    )
    assert (small.now, small.undone) == (102, 0)
    assert (large.now, large.undone) == (160, -60)
    assert (older.now, older.undone) == (160, 0)


def test_the_level_of_noisy_days_is_that_since_the_last_step():
    noisy = [100 + 3 * (index % 2) for index in range(60)]
    assert weeks_of(daily_peaks([*noisy, 200, 203, 200])).now == pytest.approx(200, abs=2)


def test_days_without_a_poll_at_the_end_are_no_days_that_stood_still():
    weeks = weeks_of(daily_peaks([*range(100, 160), *[None] * 20]))
    assert (weeks.days[0], weeks.days[-1], len(weeks.days)) == (100, 159, 60)


def test_noise_is_what_the_next_day_does_not_keep():
    # Up and down by 10 every day: one day moves 10, two days nothing. 10^2 - 0 / 2, its root.
    assert weeks_of(daily_peaks([100 + 10 * (index % 2) for index in range(100)])).noise == pytest.approx(10)
    assert weeks_of(daily_peaks(list(range(100)))).noise == 0


def test_a_week_is_the_median_of_its_days():
    assert weeks_of(daily_peaks([1, 1, 2, 5, 8, 8, 9])).levels == [5]


def test_older_than_two_years_is_not_read_unless_there_is_nothing_else():
    assert len(weeks_of(daily_peaks(list(range(2000)))).levels) == 106
    assert weeks_of(daily_peaks([5, *[None] * 2000])).now == 5


@pytest.mark.parametrize(
    ("levels", "kept"),
    [
        ([[150], [160], [10], [11], [10]], 3),  # 150 of 160 went, which is more than twice what is left
        ([[150], [160], [60], [61], [60]], 5),  # 100 of 160: no more than that
        ([[10], [160], [160], [11], [10]], 5),  # as little as before
        ([[150], [160], [10], [80], [10]], 5),  # half of it came back in between
    ],
)
def test_what_a_team_did_before_most_of_it_went_is_left_out(levels, kept):
    weeks = weeks_of(daily_peaks([level for week in levels for level in week * 7]))
    assert weeks.levels == [level for (level,) in levels][-kept:]


def test_silence_since_then_changes_nothing():
    assert weeks_of(daily_peaks([*[150] * 7, *[10] * 14, *[None] * 30])).levels == [10, 10]
