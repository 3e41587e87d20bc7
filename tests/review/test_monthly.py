"""Which month is reviewed, over which span, and for which organizations."""

from datetime import UTC, datetime

import pytest
from histories import Poller, license_of
from reading import read

from webexhist.months import Month, Period
from webexhist.review.monthly import NothingToReviewError
from webexhist.reviewing import review_month
from webexhist.snapshot import Organization

SUITE = license_of("Webex Meetings Suite")
NOW = datetime(2026, 11, 10, tzinfo=UTC)


def test_the_last_complete_month_with_polls_is_reviewed(poller):
    for day in ("2026-08-01 06:00", "2026-09-30 06:00", "2026-11-01 06:00"):
        poller.poll(day, {SUITE: (10, 5)})
    review = read(poller.engine, review_month, None, 13, NOW)
    assert review.month == Month(2026, 9)
    assert review.organizations[0].is_complete


def test_before_the_first_month_is_complete_the_running_one_is_reviewed(poller):
    poller.poll("2026-11-01 06:00", {SUITE: (10, 5)})
    review = read(poller.engine, review_month, None, 13, NOW)
    assert review.month == Month(2026, 11)
    assert not review.organizations[0].is_complete


def test_the_span_begins_with_the_first_poll_or_so_many_months_ago(poller):
    for month in range(1, 11):
        poller.poll(f"2026-{month:02}-05 06:00", {SUITE: (10, 5)})
    october = Month(2026, 10)
    assert read(poller.engine, review_month, october, 13, NOW).organizations[0].period == Period(
        Month(2026, 1), october
    )
    three = read(poller.engine, review_month, october, 3, NOW).organizations[0]
    assert three.period == Period(Month(2026, 8), october)
    assert [str(month.month) for month in three.licenses[0].months] == ["2026-08", "2026-09", "2026-10"]
    assert {day.day.month for day in three.licenses[0].days} == {8, 9, 10}


def test_a_month_without_polls_is_an_error_that_names_those_with_polls(poller):
    poller.poll("2026-08-01 06:00", {SUITE: (10, 5)})
    poller.poll("2026-10-01 06:00", {SUITE: (10, 5)})
    with pytest.raises(NothingToReviewError, match=r"no polls in 2026-09.*2026-08 to 2026-10"):
        read(poller.engine, review_month, Month(2026, 9), 13, NOW)


def test_an_empty_database_says_to_poll_first(poller):
    with pytest.raises(NothingToReviewError, match="run webexhist poll"):
        read(poller.engine, review_month, None, 13, NOW)


def test_organizations_are_reviewed_apart(poller):
    other = Poller(poller.engine, Organization("id of the other", "Another Example"))
    poller.poll("2026-10-01 06:00", {SUITE: (10, 5)})
    other.poll("2026-10-01 06:00", {SUITE: (99, 98)})
    other.poll("2026-11-01 06:00", {SUITE: (99, 97)})

    acme, another = read(poller.engine, review_month, Month(2026, 10), 13, NOW).organizations
    assert (acme.name, acme.units_purchased) == ("Acme Example", 10)
    assert (another.name, another.units_purchased) == ("Another Example", 99)
    november = read(poller.engine, review_month, Month(2026, 11), 13, NOW)
    assert [review.name for review in november.organizations] == ["Another Example"]


def test_the_last_poll_of_the_month_dates_the_figures(poller):
    poller.poll("2026-10-30 06:00", {SUITE: (10, 5)})
    poller.poll("2026-10-30 07:30", {SUITE: (10, 5)})
    poller.poll("2026-11-01 00:00", {SUITE: (10, 5)})
    (review,) = read(poller.engine, review_month, Month(2026, 10), 13, NOW).organizations
    assert review.known_until == datetime(2026, 10, 30, 7, 30, tzinfo=UTC)
