"""Polls done and missed, and how the collectors fared."""

from datetime import UTC, datetime, timedelta

from histories import ACME, license_of
from reading import read

from webexhist.months import Month
from webexhist.review.evidence import CollectorFailure, CollectorReview, Gap
from webexhist.reviewing import review_month
from webexhist.snapshot import Collection, CollectionStatus, Snapshot
from webexhist.store.save import save

OCTOBER = Month(2026, 10)
NOW = datetime(2026, 11, 10, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite")


def poll_hourly(poller, first, hours, skipped=()):
    for hour in range(hours):
        if hour not in skipped:
            poller.poll(first + timedelta(hours=hour), {SUITE: (10, 5)})


def evidence(poller, now=NOW, month=OCTOBER):
    (organization,) = read(poller.engine, review_month, month, 13, now).organizations
    return organization.evidence


def test_a_month_without_a_gap_has_all_polls_expected(poller):
    poll_hourly(poller, datetime(2026, 10, 1, tzinfo=UTC), 31 * 24)
    october = evidence(poller)
    assert (october.polls, october.missed, october.expected, october.gaps) == (744, 0, 744, ())
    assert october.interval == timedelta(hours=1)


def test_missed_polls_make_a_gap(poller):
    poll_hourly(poller, datetime(2026, 10, 1, tzinfo=UTC), 31 * 24, skipped={5, 6, 7, 100})
    october = evidence(poller)
    assert (october.polls, october.missed, october.expected) == (740, 4, 744)
    assert october.gaps == (
        Gap(datetime(2026, 10, 1, 4, tzinfo=UTC), datetime(2026, 10, 1, 8, tzinfo=UTC), missed=3),
        Gap(datetime(2026, 10, 5, 3, tzinfo=UTC), datetime(2026, 10, 5, 5, tzinfo=UTC), missed=1),
    )
    assert october.longest_gap.length == timedelta(hours=4)


def test_nothing_is_missed_before_the_very_first_poll(poller):
    poll_hourly(poller, datetime(2026, 10, 21, tzinfo=UTC), 11 * 24)
    assert evidence(poller).expected == 11 * 24


def test_polls_that_stopped_are_missed_until_the_month_ends(poller):
    poll_hourly(poller, datetime(2026, 10, 1, tzinfo=UTC), 30 * 24)
    october = evidence(poller)
    assert (october.polls, october.missed) == (720, 24)
    assert october.longest_gap.ended_at == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_running_month_expects_polls_until_now(poller):
    poll_hourly(poller, datetime(2026, 10, 1, tzinfo=UTC), 24)
    assert evidence(poller, now=datetime(2026, 10, 1, 23, 40, tzinfo=UTC)).missed == 0
    assert evidence(poller, now=datetime(2026, 10, 2, 5, 0, tzinfo=UTC)).missed == 5


def test_a_poll_made_at_the_very_moment_of_the_review_counts(poller):
    poll_hourly(poller, datetime(2026, 10, 1, tzinfo=UTC), 24)
    assert evidence(poller, now=datetime(2026, 10, 1, 23, tzinfo=UTC)).polls == 24


def test_a_gap_over_two_months_is_shared_between_them(poller):
    poll_hourly(poller, datetime(2026, 9, 30, tzinfo=UTC), 3 * 24, skipped=set(range(20, 30)))
    (organization,) = read(poller.engine, review_month, OCTOBER, 13, datetime(2026, 10, 3, tzinfo=UTC)).organizations
    september, october = organization.polling
    assert (september.polls, september.missed) == (20, 4)
    assert (october.polls, october.missed) == (42, 6)


def test_the_first_poll_after_an_outage_already_tells_it(poller):
    poll_hourly(poller, datetime(2026, 9, 28, tzinfo=UTC), 24)
    poller.poll("2026-10-10 23:00", {SUITE: (10, 5)})
    october = evidence(poller, now=datetime(2026, 10, 10, 23, 30, tzinfo=UTC))
    assert (october.polls, october.missed, october.interval) == (1, 9 * 24 + 23, None)
    assert october.longest_gap.length == timedelta(days=12)


def test_two_polls_are_too_few_to_tell_what_is_missing(poller):
    poll_hourly(poller, datetime(2026, 10, 1, tzinfo=UTC), 2)
    october = evidence(poller)
    assert (october.polls, october.missed, october.interval, october.gaps) == (2, 0, None, ())


def test_polls_are_counted_by_day(poller):
    poll_hourly(poller, datetime(2026, 10, 1, 22, tzinfo=UTC), 5)
    (organization,) = read(poller.engine, review_month, OCTOBER, 13, NOW).organizations
    assert [(str(day), polls) for day, polls in organization.polls_by_day] == [("2026-10-01", 2), ("2026-10-02", 3)]


def test_failures_are_counted_by_collector(poller):
    refused = "403 Forbidden"
    poller.poll("2026-09-30 06:00", licenses=None, failed=refused)
    poller.poll("2026-10-01 06:00", licenses=None, failed=refused)
    poller.poll("2026-10-02 06:00", {SUITE: (10, 5)})
    poller.poll("2026-10-03 06:00", licenses=None, failed="403 Forbidden, again")
    poller.poll("2026-10-04 06:00", licenses=None, failed="403 Forbidden, again")
    poller.poll("2026-11-01 06:00", licenses=None, failed="403 Forbidden, in November")

    (organization,) = read(poller.engine, review_month, OCTOBER, 13, NOW).organizations
    licenses, people = organization.collectors

    assert licenses == CollectorReview(
        collector="licenses",
        runs=5,
        failures=4,
        runs_in_month=4,
        failures_in_month=3,
        last_failure=CollectorFailure(
            datetime(2026, 10, 3, 6, tzinfo=UTC), status="not permitted", error="403 Forbidden, again"
        ),
    )
    assert (people.collector, people.failures, people.last_failure) == ("people", 0, None)
    assert (organization.collections, organization.failed_collections) == (8, 3)


def test_a_cheaper_way_that_is_not_open_is_no_failure(poller):
    check = Collection("people check", CollectionStatus.NOT_USED, 0, 0.0, "not permitted")
    taken_at = datetime(2026, 10, 2, 6, tzinfo=UTC)
    save(poller.engine, Snapshot(ACME, taken_at, 1.0, 1, (), None, (check,)))
    (organization,) = read(poller.engine, review_month, OCTOBER, 13, NOW).organizations
    assert (organization.collections, organization.failed_collections) == (1, 0)
