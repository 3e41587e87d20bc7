"""What earlier polls stored, as a plugin shows it that does not poll itself."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from polling import NOON

from webexhist.agent.document import LICENSE_CHANGES, LICENSE_TOTALS, OF_THE_FUTURE, plugin_document
from webexhist.metrics import PLUGIN_CHANGES, PLUGIN_VALUES
from webexhist.simulator import OrganizationPlan, World, partner_world
from webexhist.simulator.world.plans import LicensePlan
from webexhist.snapshot import Organization
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.organizations import retire
from webexhist.store.errors import BusyDatabaseError, MissingDatabaseError
from webexhist.store.opening.database import open_database
from webexhist.stored import OutdatedError, read_again, stored_snapshots, with_changed_tables, with_standing_seats

QUARTER = timedelta(minutes=15)


def stored(polled, **options):
    return stored_snapshots(polled.settings(**options), polled.clock, QUARTER).fresh


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


def only(organization):
    return {"use_custom_fields": "true", "orgids": organization.webex_id, "teams": "T"}


def test_the_choice_of_organizations_holds_for_what_is_stored(simulated):
    polled = simulated(partner_world(NOON))
    beta = next(each.organization for each in polled.polls() if each.organization.name == "Beta Example")
    assert names(stored(polled, **only(beta))) == ["Beta Example"]


def test_an_organization_that_nothing_polls_any_more_is_named_and_makes_sums_unknown(simulated):
    polled = simulated(partner_world(NOON))
    beta = next(each.organization for each in polled.polls() if each.organization.name == "Beta Example")
    polled.later(minutes=16)
    polled.polls(**only(beta))
    last = stored_snapshots(polled.settings(), polled.clock, QUARTER)
    assert (names(last.fresh), names(last.outdated)) == (["Beta Example"], ["Acme Example", "Gamma Example"])
    document = plugin_document((*last.fresh, *last.outdated))
    assert "licenses assigned in 1 of 3 organizations; not polled (2 of 3 organizations): " in document["msg"]
    assert "the last snapshot is of 2026-11-23 12:00 UTC: see why nothing polls it" in document["msg"]
    assert document["Collection Errors"] >= 2
    sums = {*PLUGIN_VALUES, *PLUGIN_CHANGES, *LICENSE_TOTALS, *LICENSE_CHANGES, *OF_THE_FUTURE}
    assert sums & set(document) == set()
    assert {row["name"].rsplit(" · ", 1)[-1] for row in document["Licenses"]} == {"Beta Example"}


def test_a_retired_organization_leaves_the_sums_of_the_others_whole(simulated):
    polled = simulated(partner_world(NOON))
    beta = next(each.organization for each in polled.polls() if each.organization.name == "Beta Example")
    polled.later(minutes=16)
    polled.polls(**only(beta))
    database = open_database(str(polled.folder / "webexhist.db"))
    for (number,) in polled.stored("SELECT id FROM organization WHERE name <> 'Beta Example'"):
        retire(database, number, Signature(polled.clock(), "Anna"))
    database.dispose()
    last = stored_snapshots(polled.settings(), polled.clock, QUARTER)
    assert (names(last.fresh), last.outdated) == (["Beta Example"], ())


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


@pytest.mark.parametrize(
    ("statement", "concerned", "table"),
    [
        ("UPDATE license SET product = 'other' WHERE organization_id = 2 AND id = 1", ["Beta Example"], "license"),
        ("UPDATE organization SET uuid = 'other' WHERE id = 3", None, "organization"),
        ("INSERT INTO note VALUES (1, NULL, '2026-11-01', 'x', NULL, 0)", None, "note"),
    ],
)
def test_each_organization_is_told_of_what_was_changed_of_it_and_of_all(simulated, statement, concerned, table):
    polled = simulated(partner_world(NOON))
    given = polled.polls()
    assert with_changed_tables(polled.settings(), given) == given
    with closing(sqlite3.connect(polled.folder / "webexhist.db")) as database, database:
        database.execute(statement)
    named = [
        (snapshot.organization.name, snapshot.collections[-1].error)
        for snapshot in with_changed_tables(polled.settings(), given)
        if snapshot.collections[-1].collector == "database"
    ]
    told = f"what is kept in {table} was changed by something else than webexhist: see webexhist db check"
    assert named == [(name, told) for name in concerned or names(given)]
