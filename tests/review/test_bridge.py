"""Bridges worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from histories import license_of
from reading import read

from webexhist.months import Month
from webexhist.review.bridge import Bridge, BridgeLine, Movement, Standing, bridge_of
from webexhist.reviewing import review_month
from webexhist.store.rows.movements import LicenseMovements

NOW = datetime(2026, 11, 10, tzinfo=UTC)
SUITE = license_of("Webex Meetings Suite", site="acme.webex.example")
CALLING = license_of("Webex Calling - Professional")
EVENT = license_of("Webex Event 3,000")
FREE = license_of("Basic Messaging", subscription=None, counted=False)


def bridge_in(poller, month=10):
    (organization,) = read(poller.engine, review_month, Month(2026, month), 13, NOW).organizations
    return organization.bridge


def test_seats_come_and_go_between_two_month_ends(poller):
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-05 06:00", {SUITE: (200, 97)})
    poller.poll("2026-10-06 06:00", {SUITE: (260, 94)})
    poller.poll("2026-10-20 06:00", {SUITE: (250, 99)})
    poller.poll("2026-11-01 06:00", {SUITE: (999, 999)})

    (line,) = bridge_in(poller).lines

    # 90 + (7 + 5) - 3 = 99 seats; 200 + 60 - 10 = 250 units.
    assert line == BridgeLine(
        license=SUITE,
        standing=Standing.KEPT,
        former_name=None,
        replaced=(),
        purchased=Movement(opening=200, more=60, less=10, closing=250),
        assigned=Movement(opening=90, more=12, less=3, closing=99),
    )


def test_what_is_new_opens_at_nothing_and_what_is_gone_closes_at_nothing(poller):
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90), EVENT: (10, 4)})
    poller.poll("2026-10-05 06:00", {SUITE: (200, 90), EVENT: (10, 6), CALLING: (50, 7)})
    poller.poll("2026-10-06 06:00", {SUITE: (200, 90), CALLING: (50, 9)})

    bridge = bridge_in(poller)

    calling, event, suite = bridge.lines
    assert (calling.standing, calling.purchased, calling.assigned) == (
        Standing.NEW,
        Movement(0, 50, 0, 50),
        Movement(0, 9, 0, 9),
    )
    assert (event.standing, event.purchased, event.assigned) == (
        Standing.GONE,
        Movement(10, 0, 10, 0),
        Movement(4, 2, 6, 0),
    )
    assert bridge.changed == (calling, event)
    assert suite.assigned == Movement(90, 0, 0, 90)
    assert (bridge.purchased, bridge.assigned) == (Movement(210, 50, 10, 250), Movement(94, 11, 6, 99))


def test_a_license_that_came_back_was_not_there_at_the_opening(poller):
    poller.poll("2026-08-30 06:00", {SUITE: (200, 90), EVENT: (10, 4)})
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-06 06:00", {SUITE: (200, 90), EVENT: (10, 5)})
    event = bridge_in(poller).lines[0]
    assert (event.standing, event.assigned.opening, event.assigned.closing) == (Standing.NEW, 0, 5)
    assert event.assigned.more - event.assigned.less == 5


def test_a_new_name_is_shown_with_the_former_one(poller):
    renamed = replace(SUITE, name="Webex Suite")
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-06 06:00", {renamed: (200, 90)})
    poller.poll("2026-11-02 06:00", {renamed: (200, 90)})
    (line,) = bridge_in(poller).changed
    assert (line.license.name, line.former_name) == ("Webex Suite", "Webex Meetings Suite")
    assert bridge_in(poller, month=11).changed == ()


def test_the_last_known_poll_before_the_month_opens_it(poller):
    poller.poll("2026-08-30 06:00", {SUITE: (200, 90)})
    poller.poll("2026-09-30 06:00", licenses=None)
    poller.poll("2026-10-06 06:00", {SUITE: (200, 95)})
    poller.poll("2026-10-07 06:00", licenses=None)
    (line,) = bridge_in(poller).lines
    assert line.assigned == Movement(90, 5, 0, 95)


def test_a_poll_that_did_not_know_hides_no_change(poller):
    poller.poll("2026-09-30 06:00", {SUITE: (200, 90)})
    for day, assigned in ((5, None), (6, 95), (7, None), (8, 93)):
        poller.poll(f"2026-10-{day:02} 06:00", {SUITE: (200, assigned)})
    (line,) = bridge_in(poller).lines
    assert line.assigned == Movement(opening=90, more=5, less=2, closing=93)


def test_the_first_month_has_no_bridge(poller):
    poller.poll("2026-10-06 06:00", {SUITE: (200, 90)})
    poller.poll("2026-10-07 06:00", {SUITE: (200, 91)})
    assert bridge_in(poller) is None


STAYED = LicenseMovements(
    license_id=SUITE.webex_id,
    was_listed=True,
    is_listed=True,
    purchased_before=200,
    bought=0,
    reduced=0,
    purchased_after=200,
    assigned_before=90,
    newly_assigned=0,
    released=0,
    assigned_after=90,
)


def bridge_over(*movements):
    licenses = {license_.webex_id: license_ for license_ in (SUITE, CALLING, FREE)}
    return bridge_of(movements, licenses, licenses, {}, {})


@pytest.mark.parametrize("end", ["purchased_before", "purchased_after", "assigned_before", "assigned_after"])
def test_what_is_not_known_at_an_end_is_named_and_unknown_in_the_sums(end):
    calling = replace(STAYED, license_id=CALLING.webex_id)
    bridge = bridge_over(replace(STAYED, **{end: None}), calling)
    assert bridge.unknown == (SUITE,)
    assert bridge.changed[0].license == SUITE
    known = {"purchased_before": 400, "purchased_after": 400, "assigned_before": 180, "assigned_after": 180}
    bridged = {
        "purchased_before": bridge.purchased.opening,
        "purchased_after": bridge.purchased.closing,
        "assigned_before": bridge.assigned.opening,
        "assigned_after": bridge.assigned.closing,
    }
    assert bridged == known | {end: None}
    assert (bridge.purchased if "purchased" in end else bridge.assigned).more is None


def test_what_is_not_known_while_it_was_not_listed_hides_nothing():
    new = replace(STAYED, was_listed=False, purchased_before=None, assigned_before=None)
    (line,) = bridge_over(new).lines
    assert (line.standing, line.purchased) == (Standing.NEW, Movement(0, 200, 0, 200))


@pytest.mark.parametrize(
    "moved",
    [
        replace(STAYED, purchased_before=-1, purchased_after=-1),
        replace(STAYED, purchased_after=-1),
        replace(STAYED, license_id=FREE.webex_id),
        replace(STAYED, was_listed=False, is_listed=False),
        replace(STAYED, license_id="no license known by the end of the month"),
    ],
)
def test_only_licenses_bought_by_the_unit_are_bridged(moved):
    assert bridge_over(moved) == Bridge(())


def test_a_license_without_units_is_bridged_too():
    empty = replace(STAYED, purchased_before=0, purchased_after=0, assigned_before=0, assigned_after=0)
    assert [line.license for line in bridge_over(empty).lines] == [SUITE]
