"""Counts and amounts of an organization."""

from datetime import UTC, date, datetime

import pytest
from reading import read

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.review.values import DailyAmount
from webexhist.reviewing import review_month
from webexhist.store.values import DailyValue, MonthlyValue

NOW = datetime(2026, 11, 10, tzinfo=UTC)


def reviewed(poller):
    (organization,) = read(poller.engine, review_month, Month(2026, 10), 13, NOW).organizations
    return organization


def test_a_gauge_is_told_by_day_and_month(poller):
    poller.poll("2026-10-01 06:00", gauges={Metric.PEOPLE: 500})
    poller.poll("2026-10-01 18:00", gauges={Metric.PEOPLE: 504})
    poller.poll("2026-10-02 06:00", gauges={Metric.PEOPLE: None})

    (people,) = reviewed(poller).gauges

    assert people.metric is Metric.PEOPLE
    assert people.days == (
        DailyValue(date(2026, 10, 1), last=504, lowest=500, highest=504),
        DailyValue(date(2026, 10, 2), last=None, lowest=None, highest=None),
    )
    assert people.months == (MonthlyValue(Month(2026, 10), 504, 500, 504, mean=pytest.approx(502)),)


def test_gauges_come_in_a_fixed_order_and_only_those_asked_for(poller):
    poller.poll("2026-10-01 06:00", gauges={Metric.ROOMS: 7, Metric.TEAMS: 3, Metric.PEOPLE: 5})
    assert [gauge.metric for gauge in reviewed(poller).gauges] == [Metric.PEOPLE, Metric.ROOMS]


def test_an_amount_covers_the_days_since_the_one_counted_before(poller):
    poller.poll("2026-10-01 06:00", messages=100)
    poller.poll("2026-10-01 18:00", messages=40, since=datetime(2026, 10, 1, 6, tzinfo=UTC))
    poller.poll("2026-10-02 06:00", messages=30, since=datetime(2026, 10, 1, 18, tzinfo=UTC))
    poller.poll("2026-10-05 06:00", messages=90, since=datetime(2026, 10, 2, 6, tzinfo=UTC))

    (messages,) = reviewed(poller).amounts

    assert messages.days == (
        DailyAmount(date(2026, 10, 1), days=1, amount=140, source="polls"),
        DailyAmount(date(2026, 10, 2), days=1, amount=30, source="polls"),
        DailyAmount(date(2026, 10, 5), days=3, amount=90, source="polls"),
    )
    assert messages.amount_of(Month(2026, 10)) == 260
    assert messages.amount_of(Month(2026, 9)) is None


def test_the_first_amount_of_the_span_covers_the_days_before_it_too(poller):
    poller.poll("2026-09-28 06:00", messages=5)
    poller.poll("2026-10-02 06:00", messages=20, since=datetime(2026, 9, 28, 6, tzinfo=UTC))
    (organization,) = read(poller.engine, review_month, Month(2026, 10), 1, NOW).organizations
    (messages,) = organization.amounts
    assert messages.days == (DailyAmount(date(2026, 10, 2), days=4, amount=20, source="polls"),)
