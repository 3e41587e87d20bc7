"""Seats: one sweep of the list of people a day, whole or not at all, and nothing that says who they are."""

import json
from dataclasses import replace

import pytest
from handed_time import TimeByRequests
from polling import collection_of

from webexhist.simulator import Faults, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Body, DataFault, PagingFault, Status
from webexhist.simulator.world.directory import item_id
from webexhist.simulator.world.habits import DAY_MS, Habits
from webexhist.simulator.world.plans import LicensePlan
from webexhist.snapshot import CollectionStatus

PEOPLE = "/v1/people"
ON = {"seats": "on"}
BY_DEPARTMENT = {"seats": "on", "seats_by": "department"}
COUNTS = "active, idle_30, idle_60, idle_90, idle_180, never_active, pending, disabled, hidden, external"


def habits(number, now_ms):
    """12 of Sales active, 6 idle for 95 days, 2 for 200; 3 of Legal; 7 contractors, one of them invited."""

    def seen(department, days, **more):
        return Habits(department, None, "inactive", now_ms - days * DAY_MS, **more)

    if number < 20:
        return seen("Sales", 1 if number < 12 else 95 if number < 18 else 200)
    return {
        20: Habits("Legal", None, "unknown", None),
        21: Habits("Legal", None, None, None),
        22: seen("Legal", 1, login_enabled=False),
        23: Habits("Contractors", None, "pending", None, invite_pending=True),
    }.get(number, seen("Contractors", 45))


CALLING = LicensePlan("Webex Calling - Professional", "BCSTD", 40, 33, 1, "Sub1")
ACME = OrganizationPlan(people=30, licenses=(CALLING,), habits=habits)
WORLD = World(organizations=(ACME,))
GROUPS = [
    ("Sales", 12, 8, 8, 8, 2, 0, 0, 0, 0, 0),
    # Legal are three: alone among the others they would be told of. So the smallest group joins them.
    ("others", 0, 6, 0, 0, 0, 1, 1, 1, 1, 3),
]


def seats(polled):
    return polled.stored(f"SELECT seat_group, {COUNTS} FROM seat_activity ORDER BY taken_at, seat_group")


def sweeps(polled):
    """How often the list of people was swept with the presence of everybody."""
    asked = [log for log in polled.server.requests.entries if log.path == PEOPLE and "excludeStatus" not in log.query]
    polled.server.requests.clear()
    return len(asked)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(Faults(), marks=pytest.mark.slow),
        Faults(page_limits={PEOPLE: 7}, paging={PagingFault.DUPLICATES, PagingFault.MIDDLE_EMPTY_PAGE}),
        Faults(data={DataFault.BOOLEANS_AS_STRINGS, DataFault.GLUED_IDS, DataFault.UNITS_AS_STRINGS}),
        pytest.param(
            Faults(page_limits={PEOPLE: 10}, troubles=[Trouble(Status(429, retry_after="1"), path=PEOPLE, every=2)]),
            marks=pytest.mark.slow,
        ),
    ],
    ids=["as usual", "odd pages", "odd data", "asked to wait"],
)
def test_seats_are_counted_by_department_however_webex_gives_them(simulated, faults):
    polled = simulated(WORLD, faults)
    polled.poll(**BY_DEPARTMENT)
    assert seats(polled) == GROUPS


def test_subscriptions_with_halves_of_characters_are_counted_too(simulated):
    subscriptions = ("Sub\ud83d", "Sub\ud800", "Sub\0")
    rows = [
        {"id": f"L{each!r}", "name": "Suite", "totalUnits": 9, "consumedUnits": 3, "subscriptionId": each}
        for each in subscriptions
    ]
    trouble = Trouble(Body(json.dumps({"items": rows}).encode()), path="/v1/licenses")
    polled = simulated(WORLD, Faults(troubles=[trouble]))
    assert collection_of(polled.poll(**ON), "seats").status is CollectionStatus.OK
    assert polled.stored("SELECT DISTINCT subscription_id FROM account_people") == [("Sub\ufffd",)]
    assert polled.stored("SELECT DISTINCT subscription_id FROM license") == [("Sub\ufffd",)]


def test_without_the_setting_nothing_is_asked_and_nothing_stored(simulated):
    polled = simulated(WORLD)
    snapshot = polled.poll()
    assert sweeps(polled) == 0
    assert not [run for run in snapshot.collections if run.collector == "seats"]
    assert polled.stored("SELECT * FROM seat_sweep") == []


def test_seats_are_counted_once_a_day_or_as_every_says(simulated):
    polled = simulated(WORLD)
    first = polled.poll(**ON)
    assert sweeps(polled) == 1
    assert collection_of(first, "seats").status is CollectionStatus.OK
    polled.later(hours=11)
    second = polled.poll(**ON)
    assert (sweeps(polled), collection_of(second, "seats").status) == (0, CollectionStatus.OK)
    assert {count.as_of for count in second.counts} == {None}  # nothing else is held with it
    polled.later(hours=2)
    polled.poll(**ON)
    assert sweeps(polled) == 1
    polled.later(hours=7)
    polled.poll(every="seats:21600", **ON)
    assert sweeps(polled) == 1
    days = "SELECT taken_at, seat_group, active FROM seat_activity ORDER BY 1"
    assert [at for at, *_ in polled.stored(days)] == [
        "2026-11-23 12:00:00",
        "2026-11-24 01:00:00",
        "2026-11-24 08:00:00",
    ]


def test_half_a_sweep_counts_nothing_and_is_tried_again_in_the_next_hour(simulated):
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: 10}))
    polled.server.faults.troubles.append(Trouble(Status(403), path=PEOPLE, skip=2))
    snapshot = polled.poll("seats", **ON)  # alone: the collector of people asks the same list
    assert collection_of(snapshot, "seats").status is CollectionStatus.NOT_PERMITTED
    assert seats(polled) == []
    polled.server.faults.troubles.clear()
    polled.later(minutes=5)
    sweeps(polled)
    polled.poll(**ON)
    assert sweeps(polled) == 0
    polled.later(hours=1)
    polled.poll(**ON)
    assert seats(polled) == [("all", 12, 14, 8, 8, 2, 1, 1, 1, 1, 3)]


@pytest.mark.slow
def test_a_sweep_that_does_not_fit_is_left_alone_until_it_has_a_budget_of_its_own(simulated):
    polled = simulated(World(organizations=(replace(ACME, people=90),)), Faults(page_limits={PEOPLE: 3}))
    polled.poll()  # how many people there are
    polled.time = TimeByRequests(lambda: len(polled.server.requests))  # each takes a second
    sweeps(polled)
    polled.later(days=1)
    snapshot = polled.poll("seats", budget_seconds="10", **ON)
    assert collection_of(snapshot, "seats").error == (
        "the list does not fit into budget_seconds 10, its last count, if any, stands for a day: count it by a timer"
        " of its own: webexhist seats collect --budget-seconds N"
    )
    assert (sweeps(polled), seats(polled)) == (2, [])
    polled.later(minutes=5)
    polled.poll(budget_seconds="10", **ON)
    assert sweeps(polled) == 0
    polled.poll("seats", budget_seconds="100", **ON)
    assert ([row[0] for row in seats(polled)], sweeps(polled)) == (["all"], 30)
    polled.later(days=1)
    polled.poll(budget_seconds="10", **ON)
    assert sweeps(polled) == 0


def slow_sweep(polled):
    """Lets every page of people take a second."""
    sweeps(polled)
    polled.time = TimeByRequests(lambda: polled.server.requests.by_path()[PEOPLE])
    return polled


def test_a_sweep_that_took_longer_once_than_polls_may_is_made_by_each_again_as_soon_as_it_is_quick(simulated):
    """Ten pages of people, a second each, on the first day; one page on the second."""
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: 3}, troubles=[Trouble(Status(403), path="/identity/*")]))
    polled.poll()
    polled.later(days=1)
    slow_sweep(polled).poll("seats", budget_seconds="60", **ON)
    found = [sweeps(polled)]
    for only in ("seats",), (), ():
        polled.server.faults.page_limits.clear()
        polled.later(days=1)
        slow_sweep(polled).poll(*only, budget_seconds="6", **ON)
        found.append(sweeps(polled))
    assert found == [10, 1, 1, 1]


def test_a_sweep_with_a_budget_of_its_own_is_tried_by_polls_once_its_counts_stand_no_longer(simulated):
    """Ten pages of people, a second each; three days after the sweep they stand for the last time."""
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: 3}))
    polled.poll()
    polled.later(days=1)
    slow_sweep(polled).poll("seats", budget_seconds="60", **ON)
    found = [sweeps(polled)]
    for days, seconds in (1, 0), (2, 0), (0, 1):
        polled.later(days=days, seconds=seconds)
        run = collection_of(slow_sweep(polled).poll(budget_seconds="6", **ON), "seats")
        found.append((sweeps(polled), run.status))
    assert found[:3] == [10, (0, CollectionStatus.OK), (0, CollectionStatus.OK)]
    assert (found[3][0] > 0, found[3][1]) == (True, CollectionStatus.OUT_OF_TIME)


@pytest.mark.parametrize(
    ("faults", "expected"),
    [
        (Faults(data={DataFault.PRESENCE_HIDDEN}), ("all", 0, 0, 0, 0, 0, 0, 1, 1, 28, 3)),
        (Faults(data={DataFault.CONSUMED_BY_NULL}), ("all", 12, 14, 8, 8, 2, 1, 1, 1, 1, None)),
    ],
    ids=["presence hidden", "units of users unknown"],
)
def test_what_webex_does_not_say_is_unknown(simulated, faults, expected):
    polled = simulated(WORLD, faults)
    polled.poll(**ON)
    assert seats(polled) == [expected]


@pytest.mark.slow
def test_locations_are_shown_by_their_names_where_these_may_be_asked(simulated):
    polled = simulated(World(organizations=(replace(ACME, locations=3),)))  # 9 people at each, 3 at none
    polled.poll(seats="on", seats_by="location")
    by_name = polled.stored("SELECT seat_group FROM seat_activity ORDER BY 1")
    assert by_name == [("Location 00",), ("Location 01",), ("others",)]
    polled.server.faults.troubles.append(Trouble(Status(403), path="/v1/locations"))
    polled.later(days=1)
    polled.poll(seats="on", seats_by="location")
    unnamed = polled.stored("SELECT seat_group FROM seat_activity WHERE taken_at > '2026-11-24' ORDER BY 1")
    assert [name.partition(" ")[0] for (name,) in unnamed] == ["location", "location", "others"]


def test_nothing_that_says_who_somebody_is_reaches_the_disk(simulated):
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: 10}))
    polled.poll(**BY_DEPARTMENT)
    polled.server.faults.troubles.append(Trouble(Status(500), path=PEOPLE, skip=2))
    polled.later(days=1)
    polled.poll("seats", **BY_DEPARTMENT)
    for file in polled.folder.rglob("*"):
        if file.is_file():
            held = file.read_bytes()
            for planted in (b"person.0012", b"Person 0012", b"@acme.example", item_id("PEOPLE", 12).encode()):
                assert planted not in held, (file, planted)
