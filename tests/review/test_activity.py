"""Counts and amounts of an organization, out of rows."""

from datetime import UTC, date, datetime

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.review.activity import amount_reviews, count_reviews, passed_at_last_poll
from webexhist.review.values import DailyAmount
from webexhist.store.rows.counts import DailyActivity
from webexhist.store.values import DailyValue, MonthlyValue
from webexhist.time_zones import UTC_DAYS


def day_of(count):
    return (DailyValue(date(2026, 10, 1), count, count, count),)


def messages_since(first_day, *counted):
    rows = tuple(DailyActivity(date(2026, *day), amount, source) for day, amount, source in counted)
    return amount_reviews({Metric.MESSAGES_CREATED: rows}, first_day, {})


def test_gauges_come_in_a_fixed_order_and_only_those_with_days():
    days = {Metric.ROOMS: day_of(7), Metric.TEAMS: day_of(3), Metric.PEOPLE: day_of(5)}
    months = {Metric.PEOPLE: (MonthlyValue(Month(2026, 10), 5, 5, 5, 5.0),)}
    people, rooms = count_reviews(days, months)
    assert (people.metric, people.days, people.months) == (Metric.PEOPLE, day_of(5), months[Metric.PEOPLE])
    assert (rooms.metric, rooms.months) == (Metric.ROOMS, ())


def test_an_amount_covers_the_days_since_the_one_counted_before():
    (messages,) = messages_since(
        date(2026, 10, 1), ((10, 1), 140, "polls"), ((10, 2), 30, "polls"), ((10, 5), 90, "polls")
    )
    assert messages.days == (
        DailyAmount(date(2026, 10, 1), days=1, amount=140, source="polls"),
        DailyAmount(date(2026, 10, 2), days=1, amount=30, source="polls"),
        DailyAmount(date(2026, 10, 5), days=3, amount=90, source="polls"),
    )
    assert messages.amount_of(Month(2026, 10)) == 260
    assert messages.amount_of(Month(2026, 9)) is None


def test_the_first_amount_of_the_span_covers_the_days_before_it_too():
    (messages,) = messages_since(date(2026, 10, 1), ((9, 28), 5, "polls"), ((10, 2), 20, "polls"))
    assert messages.days == (DailyAmount(date(2026, 10, 2), days=4, amount=20, source="polls"),)


def test_what_two_sources_counted_on_a_day_is_one_amount():
    (messages,) = messages_since(date(2026, 10, 1), ((10, 1), 30, "events"), ((10, 1), 12, "polls"))
    assert messages.days == (DailyAmount(date(2026, 10, 1), days=1, amount=42, source="polls"),)


def test_a_poll_speaks_for_the_time_up_to_it_and_what_is_known_by_the_day_for_the_whole_day():
    at_six = datetime(2026, 10, 1, 6, tzinfo=UTC)
    passed = passed_at_last_poll([at_six, at_six.replace(hour=18)], UTC_DAYS)
    assert passed == {date(2026, 10, 1): 0.75}
    for source, expected in (("polls", 0.75), ("events", 0.75), ("analytics", 1.0)):
        rows = (DailyActivity(date(2026, 10, 1), 5, source),)
        ((amount,),) = (
            review.days for review in amount_reviews({Metric.MESSAGES_CREATED: rows}, date(2026, 10, 1), passed)
        )
        assert amount.passed == expected
