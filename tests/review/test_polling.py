"""Polls done and missed, out of the times of polls alone; and how the collectors fared."""

from datetime import UTC, datetime, timedelta

from webexhist.months import Month, Period
from webexhist.review.collectors import collector_reviews
from webexhist.review.evidence import CollectorFailure, CollectorReview, Gap
from webexhist.review.polling import monthly_evidence
from webexhist.snapshot import CollectionStatus
from webexhist.store.numbers import NumberRange
from webexhist.store.rows.collection_log import CollectionSpan
from webexhist.time_zones import UTC_DAYS

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


def hourly(first, hours, skipped=()):
    return [first + timedelta(hours=hour) for hour in range(hours) if hour not in skipped]


def evidence(times, now=NOVEMBER):
    """That of October, in the review of all months with polls."""
    return monthly_evidence(times, Period(Month.of(times[0]), OCTOBER), UTC_DAYS, now)[-1]


def test_a_month_without_a_gap_has_all_polls_expected():
    polled = hourly(datetime(2026, 10, 1, tzinfo=UTC), 31 * 24)
    october = evidence(polled)
    assert (october.polls, october.missed, october.expected, october.gaps) == (744, 0, 744, ())
    assert october.interval == timedelta(hours=1)


def test_missed_polls_make_a_gap():
    polled = hourly(datetime(2026, 10, 1, tzinfo=UTC), 31 * 24, skipped={5, 6, 7, 100})
    october = evidence(polled)
    assert (october.polls, october.missed, october.expected) == (740, 4, 744)
    assert october.gaps == (
        Gap(datetime(2026, 10, 1, 4, tzinfo=UTC), datetime(2026, 10, 1, 8, tzinfo=UTC), missed=3),
        Gap(datetime(2026, 10, 5, 3, tzinfo=UTC), datetime(2026, 10, 5, 5, tzinfo=UTC), missed=1),
    )
    assert october.longest_gap.length == timedelta(hours=4)


def test_nothing_is_missed_before_the_very_first_poll():
    polled = hourly(datetime(2026, 10, 21, tzinfo=UTC), 11 * 24)
    assert evidence(polled).expected == 11 * 24


def test_polls_that_stopped_are_missed_until_the_month_ends():
    polled = hourly(datetime(2026, 10, 1, tzinfo=UTC), 30 * 24)
    october = evidence(polled)
    assert (october.polls, october.missed) == (720, 24)
    assert october.longest_gap.ended_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_running_month_expects_polls_until_now():
    polled = hourly(datetime(2026, 10, 1, tzinfo=UTC), 24)
    assert evidence(polled, now=datetime(2026, 10, 1, 23, 40, tzinfo=UTC)).missed == 0
    assert evidence(polled, now=datetime(2026, 10, 2, 5, 0, tzinfo=UTC)).missed == 5


def test_a_poll_made_at_the_very_moment_of_the_review_counts():
    polled = hourly(datetime(2026, 10, 1, tzinfo=UTC), 24)
    assert evidence(polled, now=datetime(2026, 10, 1, 23, tzinfo=UTC)).polls == 24


def test_a_gap_over_two_months_is_shared_between_them():
    polled = hourly(datetime(2026, 9, 30, tzinfo=UTC), 3 * 24, skipped=set(range(20, 30)))
    september, october = monthly_evidence(
        polled, Period(SEPTEMBER, OCTOBER), UTC_DAYS, datetime(2026, 10, 3, tzinfo=UTC)
    )
    assert (september.polls, september.missed) == (20, 4)
    assert (october.polls, october.missed) == (42, 6)


def test_the_first_poll_after_an_outage_already_says_it():
    polled = hourly(datetime(2026, 9, 28, tzinfo=UTC), 24)
    polled.append(datetime(2026, 10, 10, 23, tzinfo=UTC))
    october = evidence(polled, now=datetime(2026, 10, 10, 23, 30, tzinfo=UTC))
    assert (october.polls, october.missed, october.interval) == (1, 9 * 24 + 23, None)
    assert october.longest_gap.length == timedelta(days=12)


def test_two_polls_are_too_few_to_know_what_is_missing():
    polled = hourly(datetime(2026, 10, 1, tzinfo=UTC), 2)
    october = evidence(polled)
    assert (october.polls, october.missed, october.interval, october.gaps) == (2, 0, None, ())


REFUSED = CollectionStatus.NOT_PERMITTED


def span(collector, first, last, status, day, error=None):
    return CollectionSpan(collector, NumberRange(first, last), status, error, datetime(2026, *day, 6, tzinfo=UTC))


def test_failures_are_counted_by_collector():
    # Poll 1 is of September, 2 to 5 are of October, 6 is a later one.
    spans = [
        span("licenses", 1, 2, REFUSED, (9, 30), "403 Forbidden"),
        span("licenses", 3, 3, CollectionStatus.OK, (10, 2)),
        span("licenses", 4, 5, REFUSED, (10, 3), "403 Forbidden, again"),
        span("people", 1, 6, CollectionStatus.OK, (9, 30)),
    ]
    licenses, people = collector_reviews(spans, NumberRange(1, 5), NumberRange(2, 5))

    assert licenses == CollectorReview(
        collector="licenses",
        collections=5,
        failures=4,
        collections_in_month=4,
        failures_in_month=3,
        last_failure=CollectorFailure(
            datetime(2026, 10, 3, 6, tzinfo=UTC), status="not permitted", error="403 Forbidden, again"
        ),
    )
    assert (people.collector, people.collections, people.failures, people.last_failure) == ("people", 5, 0, None)


def test_a_collector_that_did_not_run_in_the_period_is_left_out():
    assert collector_reviews([span("rooms", 1, 3, REFUSED, (8, 1))], NumberRange(4, 9), NumberRange(6, 9)) == ()


def test_a_cheaper_way_that_is_not_open_is_no_failure():
    check = span("people check", 1, 1, CollectionStatus.NOT_USED, (10, 2), "not permitted")
    (review,) = collector_reviews([check], NumberRange(1, 1), NumberRange(1, 1))
    assert (review.collections_in_month, review.failures_in_month) == (1, 0)
