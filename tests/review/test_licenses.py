"""The figures of licenses, worked out by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from histories import license_of
from reading import read

from webexhist.months import Month
from webexhist.not_judged import NotJudged
from webexhist.reviewing import review_month
from webexhist.seats import NoSeat
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.units import difference

OCTOBER = Month(2026, 10)
NOW = datetime(2026, 11, 10, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite", site="acme.webex.example")


def reviewed(poller, month=OCTOBER, months=13, now=NOW):
    (organization,) = read(poller.engine, review_month, month, months, now).organizations
    return organization


def only_license(poller, **options):
    (review,) = reviewed(poller, **options).licenses
    return review


def test_a_month_is_described_by_its_last_poll_its_range_and_its_mean(poller):
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-01 06:00", {SUITE: (200, 100)})
    poller.poll("2026-10-01 18:00", {SUITE: (200, 130)})
    poller.poll("2026-10-31 18:00", {SUITE: (250, 120)})
    poller.poll("2026-11-01 06:00", {SUITE: (250, 999)})

    review = only_license(poller)

    assert review.closing == MonthlyUsage(
        month=OCTOBER, last=120, lowest=100, highest=130, mean=pytest.approx(350 / 3), purchased=250, utilization=48.0
    )
    assert (review.closing.available, review.change, review.purchased_change, review.peak) == (130, 30, 50, 130)
    assert review.days[1:] == (
        DailyUsage(day=date(2026, 10, 1), last=130, lowest=100, highest=130, purchased=200),
        DailyUsage(day=date(2026, 10, 31), last=120, lowest=120, highest=120, purchased=250),
    )


def test_every_month_is_compared_with_the_one_before_it(poller):
    for month, assigned in (("07", 10), ("08", 14), ("10", 11)):
        poller.poll(f"2026-{month}-15 06:00", {SUITE: (20, assigned)})

    changes = {str(month.month): change for month, change in only_license(poller).months_with_changes}
    assert changes == {"2026-07": None, "2026-08": 4, "2026-10": None}

    shorter = only_license(poller, month=Month(2026, 8), months=1)
    assert [(str(month.month), change) for month, change in shorter.months_with_changes] == [("2026-08", 4)]


def test_what_no_poll_knew_is_unknown_and_never_zero(poller):
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-01 06:00", licenses=None)

    review = only_license(poller)

    assert (review.closing.last, review.closing.purchased, review.closing.available, review.change) == (None,) * 4
    assert review.days[-1] == DailyUsage(day=date(2026, 10, 1), last=None, lowest=None, highest=None, purchased=None)
    assert review.not_judged is NotJudged.UNKNOWN


def test_the_last_known_poll_of_a_month_closes_it(poller):
    poller.poll("2026-10-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-31 06:00", licenses=None)
    assert only_license(poller).closing.last == 90
    assert only_license(poller).not_judged is None


def test_a_license_is_new_in_the_month_that_first_lists_it(poller):
    calling = license_of("Webex Calling - Professional")
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-02 06:00", {SUITE: (200, 90), calling: (50, 7)})
    poller.poll("2026-11-02 06:00", {SUITE: (200, 90), calling: (50, 8)})

    october = {review.license: review for review in reviewed(poller).licenses}
    assert [october[SUITE].is_new, october[calling].is_new] == [False, True]
    assert october[calling].change is None
    assert not any(review.is_new for review in reviewed(poller, month=Month(2026, 11)).licenses)


def test_the_licenses_of_the_very_first_poll_are_not_new(poller):
    poller.poll("2026-10-02 06:00", licenses=None)
    poller.poll("2026-10-03 06:00", {SUITE: (200, 90)})
    assert not only_license(poller).is_new


def test_a_license_that_is_listed_no_more_is_shown_as_gone_and_then_no_longer_at_all(poller):
    event = license_of("Webex Event 3,000")
    poller.poll("2026-10-02 06:00", {SUITE: (200, 90), event: (10, 4)})
    poller.poll("2026-10-20 06:00", {SUITE: (200, 90)})
    poller.poll("2026-11-02 06:00", {SUITE: (200, 90)})

    suite, gone = reviewed(poller).licenses
    assert (suite.listed, suite.not_judged) == (True, None)
    assert (gone.license, gone.listed, gone.not_judged) == (event, False, NotJudged.GONE)
    assert [review.license for review in reviewed(poller, month=Month(2026, 11)).licenses] == [SUITE]


@pytest.mark.parametrize(
    ("license_", "units", "reason"),
    [
        (SUITE, (-1, 40), NotJudged.UNLIMITED),
        (SUITE, (0, 0), NotJudged.NOTHING_PURCHASED),
        (SUITE, (10, None), NotJudged.UNKNOWN),
        (license_of("Basic Messaging", subscription=None, counted=False), (44, 44), NoSeat.IMPLICIT),
        (SUITE, (10, 11), None),
    ],
)
def test_only_purchased_units_are_judged(poller, license_, units, reason):
    poller.poll("2026-10-02 06:00", {license_: units})
    assert only_license(poller).not_judged is reason


def test_licenses_of_one_name_stay_apart_and_the_fullest_comes_first(poller):
    europe = license_of("Webex Meetings Suite", site="europe.webex.example", subscription="Sub2")
    free = license_of("Basic Messaging", subscription=None, counted=False)
    poller.poll("2026-10-02 06:00", {free: (9, 9), SUITE: (100, 50), europe: (100, 60)})
    assert [review.license for review in reviewed(poller).licenses] == [europe, SUITE, free]


def test_sums_leave_out_what_is_not_judged(poller):
    calling, free = license_of("Webex Calling"), license_of("Basic Messaging", subscription=None, counted=False)
    poller.poll("2026-09-30 06:00", {SUITE: (100, 50), free: (9, 9)})
    poller.poll("2026-10-31 06:00", {SUITE: (100, 60), free: (12, 12), calling: (20, 5)})
    organization = reviewed(poller)
    assert (organization.units_purchased, organization.units_assigned, organization.units_change) == (120, 65, 15)


def test_a_new_name_keeps_the_history_and_leaves_finished_months_alone(poller):
    poller.poll("2026-09-15 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-15 06:00", {SUITE: (200, 95)})
    october = read(poller.engine, review_month, OCTOBER, 13, NOW)
    renamed = replace(SUITE, name="Webex Suite")
    poller.poll("2026-11-02 06:00", {renamed: (300, 150)})

    assert read(poller.engine, review_month, OCTOBER, 13, datetime(2031, 1, 1, tzinfo=UTC)) == october
    (november,) = reviewed(poller, month=Month(2026, 11)).licenses
    assert november.license.name == "Webex Suite"
    assert [month.last for month in november.months] == [90, 95, 150]


def test_an_unknown_figure_makes_a_difference_unknown():
    assert difference(5, 3) == 2
    assert difference(None, 3) is None
    assert difference(3, None) is None
