"""A whole review out of rows written by hand: no database, no engine."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from histories import license_of

from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.review.bridge import Movement
from webexhist.review.checksum import checksum
from webexhist.review.judgment.cost import CostTotal
from webexhist.review.judgment.decisions.values import DecisionKind
from webexhist.review.monthly import organization_review
from webexhist.review.reviewed_time import reviewed_time
from webexhist.review.reviews import MonthlyReview
from webexhist.seats import NoSeat
from webexhist.snapshot import CollectionStatus
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import Note
from webexhist.store.entered.prices import Price
from webexhist.store.numbers import NumberRange
from webexhist.store.rows.collection_log import CollectionSpan
from webexhist.store.rows.counts import DailyActivity
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.rows.license_lists import LastList
from webexhist.store.rows.movements import LicenseMovements
from webexhist.store.rows.organization_queries import organization_queries
from webexhist.store.rows.organization_rows import OrganizationRows
from webexhist.store.rows.organizations import KnownOrganization, NameVersion
from webexhist.store.rows.polls import PolledMonth, PolledOrganization
from webexhist.store.values import DailyUsage, DailyValue, MonthlyUsage, MonthlyValue
from webexhist.time_zones import UTC_DAYS

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
NOW = datetime(2026, 11, 10, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite", subscription="Sub1")
CALLING = license_of("Webex Calling - Professional", subscription="Sub2")
FREE = license_of("Basic Messaging", subscription=None, counted=False)
POLLS = [datetime(2026, 9, 30, 6, tzinfo=UTC) + timedelta(days=index) for index in range(32)]
ACME = PolledOrganization(
    KnownOrganization(
        id=1,
        webex_id="acme",
        name="Acme Example",
        names=(NameVersion(1, "Acme Example"),),
        zone=UTC_DAYS,
        zone_entered_at=None,
        zone_entered_by=None,
        retirements=(),
    ),
    months=(PolledMonth(SEPTEMBER, NumberRange(1, 1)), PolledMonth(OCTOBER, NumberRange(2, 32))),
)
TIME = reviewed_time(ACME, OCTOBER, 13, NOW)


def reviewed(rows, time):
    return organization_review(rows, {}, time, name="Acme Example", silent=None, said_on=time.as_of)


def day_of(day, assigned, purchased):
    return DailyUsage(day, assigned, assigned, assigned, purchased)


def month_of(month, assigned, purchased, utilization):
    return MonthlyUsage(month, assigned, assigned, assigned, float(assigned), purchased, utilization)


def movements_of(license_, purchased, assigned):
    return LicenseMovements(
        license_id=license_.webex_id,
        was_listed=True,
        is_listed=True,
        purchased_before=purchased.opening,
        bought=purchased.more,
        reduced=purchased.less,
        purchased_after=purchased.closing,
        assigned_before=assigned.opening,
        newly_assigned=assigned.more,
        released=assigned.less,
        assigned_after=assigned.closing,
    )


@pytest.fixture
def rows():
    """An organization polled on 30 September and on every day of October, one unit of its suite more each day."""
    known = tuple(KnownLicense(license_, first_number=1) for license_ in (FREE, CALLING, SUITE))
    days = [poll.date() for poll in POLLS]
    return OrganizationRows(
        imported=0,
        imports=(),
        organization=ACME,
        queries=organization_queries(ACME.id, TIME.extent),
        licenses=known,
        former_licenses=known,
        listed=frozenset({SUITE.webex_id, CALLING.webex_id, FREE.webex_id}),
        without_holders=frozenset(),
        last_list=LastList(POLLS[0], 3, None),
        licenses_by_day={
            SUITE.webex_id: tuple(day_of(day, 60 + index, 100) for index, day in enumerate(days)),
            CALLING.webex_id: tuple(day_of(day, 13, 10) for day in days),
            FREE.webex_id: tuple(day_of(day, 9, 9) for day in days),
        },
        licenses_by_month={
            SUITE.webex_id: (month_of(SEPTEMBER, 60, 80, 75.0), month_of(OCTOBER, 91, 100, 91.0)),
            CALLING.webex_id: (month_of(SEPTEMBER, 13, 10, 130.0), month_of(OCTOBER, 13, 10, 130.0)),
            FREE.webex_id: (month_of(SEPTEMBER, 9, 9, None), month_of(OCTOBER, 9, 9, None)),
        },
        movements=(
            movements_of(CALLING, Movement(10, 0, 0, 10), Movement(13, 0, 0, 13)),
            movements_of(SUITE, Movement(80, 20, 0, 100), Movement(60, 31, 0, 91)),
        ),
        purchases=(),
        gauges_by_day={Metric.PEOPLE: tuple(DailyValue(day, 7, 7, 7) for day in days)},
        gauges_by_month={Metric.PEOPLE: (MonthlyValue(OCTOBER, 7, 7, 7, 7.0),)},
        activity_by_day={Metric.MESSAGES_CREATED: (DailyActivity(date(2026, 10, 3), 42, "polls"),)},
        poll_times=tuple(POLLS),
        polls_by_day=tuple((day, 1) for day in days),
        counted_at={"license": POLLS[-2], "people": POLLS[-1], "devices": POLLS[-2]},
        collections=(
            CollectionSpan("licenses", NumberRange(1, 30), CollectionStatus.OK, None, POLLS[0]),
            CollectionSpan("licenses", NumberRange(31, 40), CollectionStatus.FAILED, "500", POLLS[30]),
        ),
        corrections=(),
        damaged_days=(date(2026, 10, 5), date(2026, 10, 6)),
        damaged_tables=("price",),
        contracts=(
            Contract("Sub1", starts=date(2026, 12, 1), name="Flex"),
            Contract("Sub2", starts=date(2026, 6, 1), allowance=5),
        ),
        successions=(),
        decision_states=(),
        seats_by_day=(),
        seats_by_group=(),
        people_with_seats=(),
        lineages=(),
        prices=(Price(ACME.webex_id, SUITE.webex_id, None, Decimal("2.50"), "EUR"),),
        orders=(),
        settlements=(),
        notes=(
            Note(1, date(2026, 10, 2), "all", None, step=False, organization=None),
            Note(2, date(2026, 10, 3), "theirs", None, step=False, organization="another organization"),
            Note(3, date(2026, 11, 1), "later", None, step=False, organization=None),
        ),
    )


def test_the_time_of_a_review_begins_with_the_first_poll_and_ends_with_its_month():
    assert TIME.period == Period(SEPTEMBER, OCTOBER)
    assert (TIME.numbers, TIME.numbers_of_period) == (NumberRange(2, 32), NumberRange(1, 32))
    assert (TIME.as_of, TIME.until, TIME.is_complete) == (date(2026, 10, 31), UTC_DAYS.month_ends_at(OCTOBER), True)
    # 26 months of licenses whatever is shown; counters of a month before, whose last one may cover days of it.
    assert (TIME.extent.licenses_since, TIME.extent.counters_since) == (Month(2024, 9), date(2026, 8, 1))


def test_a_running_month_is_looked_at_until_now():
    running = reviewed_time(ACME, OCTOBER, 1, datetime(2026, 10, 20, 8, tzinfo=UTC))
    assert running.period == Period(OCTOBER, OCTOBER)
    assert (running.as_of, running.until) == (date(2026, 10, 20), datetime(2026, 10, 20, 8, tzinfo=UTC))
    assert not running.is_complete
    # The month that is shown, and all that a forecast reads before it.
    assert (running.numbers_of_period, running.numbers_read) == (NumberRange(2, 32), NumberRange(1, 32))


def test_every_figure_comes_out_of_the_rows(rows):
    review = reviewed(rows, TIME)

    assert [license_.license for license_ in review.licenses] == [CALLING, SUITE, FREE]
    calling, suite = review.products
    assert (suite.change, suite.purchased_change, suite.peak, suite.available) == (31, 20, 91, 9)
    assert (suite.judgment.limit, suite.judgment.allowance, suite.judgment.is_kind_known) == (100, None, False)
    assert suite.judgment.cost.purchased == Decimal("250.00")
    assert (calling.judgment.limit, calling.judgment.forecast.renewal) == (10, date(2027, 6, 1))
    assert [(each.kind, each.subject, each.units) for each in review.decisions] == [
        (DecisionKind.OVER, CALLING.name, 3),
        (DecisionKind.RUNS_OUT, SUITE.name, suite.judgment.forecast.short),
    ]
    assert review.licenses[2].not_judged is NoSeat.IMPLICIT

    assert (review.units_purchased, review.units_assigned, review.units_change) == (110, 104, 31)
    assert review.cost_totals == (CostTotal("EUR", Decimal("250.00"), Decimal("22.50")),)
    assert (review.bridge.purchased, review.bridge.assigned) == (Movement(90, 20, 0, 110), Movement(73, 31, 0, 104))
    assert [note.text for note in review.notes] == ["all"]
    assert [gauge.metric for gauge in review.gauges] == [Metric.PEOPLE]
    assert review.amounts[0].amount_of(OCTOBER) == 42
    assert (review.evidence.polls, review.evidence.missed) == (31, 0)
    assert (review.collections, review.failed_collections) == (31, 2)
    assert (review.known_until, review.is_complete) == (datetime(2026, 10, 31, 6, tzinfo=UTC), True)
    assert review.older_figures == ((POLLS[-2], ("licenses",)),)  # devices are not shown


def test_the_first_month_with_polls_has_no_bridge(rows):
    september = replace(TIME, period=Period(SEPTEMBER, SEPTEMBER), numbers=NumberRange(1, 1))
    assert reviewed(rows, september).bridge is None


def test_how_rows_were_read_is_no_figure(rows):
    other = replace(rows, queries=organization_queries(2, TIME.extent))
    reviews = [MonthlyReview(OCTOBER, (reviewed(each, TIME),), (), ()) for each in (rows, other)]
    assert reviews[0].organizations[0].queries != reviews[1].organizations[0].queries
    assert reviews[0] == reviews[1]
    assert checksum(reviews[0]) == checksum(reviews[1])


def test_what_was_changed_by_something_else_is_put_into_words(rows):
    review = reviewed(rows, TIME)
    assert review.damage == "what was stored on 2026-10-05 to 2026-10-06 and what is kept in price was changed"
