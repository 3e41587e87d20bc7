"""What earlier polls stored, as a plugin shows it that does not poll itself."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from polling import NOON

from webexhist.simulator import OrganizationPlan, World, partner_world
from webexhist.simulator.world.plans import LicensePlan
from webexhist.snapshot import Organization
from webexhist.store.errors import BusyDatabaseError, MissingDatabaseError
from webexhist.stored import OutdatedError, read_again, stored_snapshots, with_standing_seats

QUARTER = timedelta(minutes=15)


def stored(polled, **options):
    return stored_snapshots(polled.settings(**options), polled.clock, QUARTER)


def names(snapshots):
    return [snapshot.organization.name for snapshot in snapshots]


def test_it_is_what_the_last_poll_gave(simulated):
    polled = simulated(partner_world(NOON))
    given = polled.polls()
    polled.later(minutes=5)
    assert set(stored(polled)) == set(given)
    assert names(given) == ["Acme Example", "Beta Example", "Gamma Example"]


def test_it_ends_with_its_age(simulated):
    polled = simulated()
    polled.poll()
    polled.later(minutes=15)
    assert names(stored(polled)) == ["Acme Example"]
    polled.later(seconds=1)
    with pytest.raises(OutdatedError, match="of 2026-11-23 12:00 UTC, more than 900 s ago: see why nothing polls"):
        stored(polled)


def test_a_snapshot_from_the_future_does_not_hide_that_nothing_is_stored_any_more(simulated):
    polled = simulated()
    polled.poll()
    polled.later(days=-400)
    with pytest.raises(
        OutdatedError,
        match="of 2026-11-23 12:00 UTC, in the future: the clock shows 2025-10-19 12:00 UTC: look at",
    ):
        stored(polled)


def test_an_organization_that_is_not_polled_any_more_drops_out(simulated):
    polled = simulated(partner_world(NOON))
    beta = next(snapshot for snapshot in polled.polls() if snapshot.organization.name == "Beta Example")
    only_beta = {"use_custom_fields": "true", "orgids": beta.organization.webex_id, "teams": "T"}
    assert names(stored(polled, **only_beta)) == ["Beta Example"]
    polled.later(minutes=16)
    polled.polls(**only_beta)
    assert names(stored(polled)) == ["Beta Example"]


def test_a_database_that_no_poll_has_made_is_reported_and_not_made(simulated):
    polled = simulated()
    with pytest.raises(MissingDatabaseError):
        stored(polled)
    assert list(polled.folder.iterdir()) == []


def test_what_is_not_found_again_stays_as_it_was(simulated):
    polled = simulated()
    (given,) = polled.polls()
    gone = replace(given, organization=Organization("deleted-meanwhile", "Gone Example"))
    assert read_again(polled.settings(), (given, gone)) == (given, gone)


def test_a_database_that_somebody_holds_alone_is_waited_for_no_longer_than_there_is_time(simulated):
    polled = simulated()
    given = polled.polls()
    with closing(sqlite3.connect(polled.folder / "webexhist.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for read in (
            lambda left: stored_snapshots(polled.settings(), polled.clock, QUARTER, left),
            lambda left: read_again(polled.settings(), given, left),
        ):
            asked = []
            with pytest.raises(BusyDatabaseError, match="is locked by another process"):
                read(lambda asked=asked: asked.append("how long") or 0.0)
            assert asked, "how long it may wait"


@pytest.mark.parametrize(
    ("every", "stands"),
    [("", 3), ("seats:3600", 1), ("seats:604800", 21), ("people:604800", 3)],
    ids=["each day", "each hour", "each week", "another collector each week"],
)
def test_a_sweep_of_seats_stands_for_three_paces_and_a_day_at_least_from_the_first_one_on(simulated, every, stands):
    meetings = LicensePlan("Meetings", "EE", 10, 5, 0, "Sub1")
    polled = simulated(World(organizations=(OrganizationPlan(people=5, licenses=(meetings,)),)))
    options = {"seats": "on", "every": every}
    polled.poll(**options)
    polled.later(days=stands)
    settings = polled.settings(**options)
    (snapshot,) = with_standing_seats(settings, [polled.poll("licenses", **options)])
    assert snapshot.seats
    assert snapshot.taken_at - snapshot.seats.taken_at == timedelta(days=stands)
    polled.later(seconds=1)
    later = polled.poll("licenses", **options)
    assert [each.seats for each in with_standing_seats(settings, [later])] == [None]
    off = polled.settings(every=every)
    assert [each.seats for each in with_standing_seats(off, [snapshot])] == [None]
