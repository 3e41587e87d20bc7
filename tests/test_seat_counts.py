"""How seats are used: counts of a license, with nothing that says who holds them."""

from datetime import UTC, datetime, timedelta

from webexhist.seat_counts import idle_days_between


def test_days_are_whole_ones_and_an_activity_of_the_future_was_just_now():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert idle_days_between(now - timedelta(days=90), now) == 90
    assert idle_days_between(now - timedelta(days=90) + timedelta(seconds=1), now) == 89
    assert idle_days_between(now + timedelta(hours=5), now) == 0
