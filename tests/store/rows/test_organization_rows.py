"""The rows that a review of one organization is made of, on either database."""

from datetime import UTC, date, datetime

import pytest
from histories import ACME, Poller, license_of
from reading import read

from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.snapshot import CollectionStatus, Organization
from webexhist.store.numbers import NumberRange
from webexhist.store.rows.collection_log import CollectionSpan
from webexhist.store.rows.counts import DailyActivity
from webexhist.store.rows.organization_queries import Extent
from webexhist.store.rows.organization_rows import organization_rows
from webexhist.store.rows.polls import PolledMonth, polled_organizations
from webexhist.store.values import DailyUsage, DailyValue, MonthlyUsage, MonthlyValue
from webexhist.time_zones import UTC_DAYS

SUITE, EVENT = license_of("Suite"), license_of("Event")
SEPTEMBER, OCTOBER, NOVEMBER = (Month(2026, month) for month in (9, 10, 11))


def at(month, day, hour=6):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def polled(engine):
    """Four polls of one organization, of which the two of October are asked for, and one of another."""
    acme = Poller(engine, ACME)
    acme.poll(at(9, 30), {SUITE: (100, 80), EVENT: (10, 4)}, {Metric.PEOPLE: 500}, messages=3)
    acme.poll(at(10, 1), {SUITE: (100, 90)}, {Metric.PEOPLE: 504}, messages=8, since=at(9, 30))
    acme.poll(at(10, 1, 18), None, {Metric.PEOPLE: None}, failed="403 Forbidden")
    acme.poll(at(11, 1), None, {Metric.PEOPLE: 600}, failed="403 Forbidden")
    Poller(engine, Organization("other", "Another Example")).poll(at(10, 2), {SUITE: (7, 7)})
    return engine


@pytest.fixture
def rows(polled):
    acme, _ = read(polled, polled_organizations)
    extent = Extent(
        period=Period(OCTOBER, OCTOBER),
        numbers=NumberRange(2, 3),
        numbers_read=NumberRange(2, 3),
        licenses_since=SEPTEMBER,
        gauges=(Metric.PEOPLE,),
        counters=(Metric.MESSAGES_CREATED,),
        counters_since=date(2026, 9, 1),
        zone=UTC_DAYS,
    )
    return read(polled, organization_rows, acme, extent)


def test_organizations_come_by_name_with_their_months(polled):
    acme, other = read(polled, polled_organizations)
    assert (acme.webex_id, acme.name_in(NOVEMBER)) == (ACME.webex_id, ACME.name)
    assert acme.months == (
        PolledMonth(SEPTEMBER, NumberRange(1, 1)),
        PolledMonth(OCTOBER, NumberRange(2, 3)),
        PolledMonth(NOVEMBER, NumberRange(4, 4)),
    )
    assert (other.name_in(OCTOBER), other.numbers_of(OCTOBER)) == ("Another Example", NumberRange(1, 1))


def test_licenses_by_month_by_day_and_by_name(rows):
    assert rows.licenses_by_month == {
        EVENT.webex_id: (MonthlyUsage(SEPTEMBER, 4, 4, 4, 4.0, 10, 40.0),),
        SUITE.webex_id: (
            MonthlyUsage(SEPTEMBER, 80, 80, 80, 80.0, 100, 80.0),
            MonthlyUsage(OCTOBER, 90, 90, 90, 90.0, 100, 90.0),
        ),
    }
    assert rows.licenses_by_day[SUITE.webex_id] == (
        DailyUsage(date(2026, 9, 30), 80, 80, 80, 100),
        DailyUsage(date(2026, 10, 1), 90, 90, 90, 100),
    )
    assert [(known.license, known.first_number) for known in rows.licenses] == [(EVENT, 1), (SUITE, 1)]
    assert rows.former_licenses == rows.licenses
    assert rows.listed == {SUITE.webex_id}


def test_movements_within_the_month(rows):
    event, suite = rows.movements
    assert (event.license_id, event.was_listed, event.is_listed) == (EVENT.webex_id, True, False)
    assert (suite.license_id, suite.assigned_before, suite.newly_assigned, suite.assigned_after) == (
        SUITE.webex_id,
        80,
        10,
        90,
    )


def test_counts_and_activity(rows):
    assert rows.gauges_by_day == {Metric.PEOPLE: (DailyValue(date(2026, 10, 1), 504, 504, 504),)}
    assert rows.gauges_by_month == {Metric.PEOPLE: (MonthlyValue(OCTOBER, 504, 504, 504, 504.0),)}
    assert rows.activity_by_day == {
        Metric.MESSAGES_CREATED: (
            DailyActivity(date(2026, 9, 30), 3, "polls"),
            DailyActivity(date(2026, 10, 1), 8, "polls"),
        )
    }


def test_polls_after_the_last_one_before_the_period(rows):
    assert rows.poll_times == (at(9, 30), at(10, 1), at(10, 1, 18))
    assert rows.polls_by_day == ((date(2026, 10, 1), 2),)


def test_collections_that_began_by_the_end_of_the_month(rows):
    # The refusal of October's last poll goes on in November.
    assert [span for span in rows.collections if span.collector == "licenses"] == [
        CollectionSpan("licenses", NumberRange(1, 2), CollectionStatus.OK, None, at(9, 30)),
        CollectionSpan("licenses", NumberRange(3, 4), CollectionStatus.NOT_PERMITTED, "403 Forbidden", at(10, 1, 18)),
    ]
