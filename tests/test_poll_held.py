"""Counts that a poll does not ask for: they keep their values with the time at which they were counted."""

from dataclasses import replace
from datetime import timedelta

import pytest
from handed_time import SkippedTime, TimeByRequests
from polling import NOON, Polled, change_of, collection_of, count_of, value_of

from webexhist.agent.message import message
from webexhist.errors import ConfigError, UsageError
from webexhist.metrics import Metric
from webexhist.simulator import Faults, LicensePlan, OrganizationPlan, Slow, Trouble, World
from webexhist.simulator.faults.switches import Body, Status
from webexhist.snapshot import CollectionStatus

MESSAGING = LicensePlan("Advanced Messaging", "MS", 100, 90, 0, "Sub7")
MANY = World(organizations=(OrganizationPlan(people=400, devices=40, licenses=(MESSAGING,)),))
PAGES = {"/v1/people": 10}
"""Forty pages of people."""
NO_IDENTITY = Trouble(Status(403), path="/identity/*")
QUIET = {"workers": "1", "messages_source": "off"}


def slow(polled: Polled) -> Polled:
    """Lets every request of the next poll take a second."""
    polled.server.requests.clear()
    polled.time = TimeByRequests(lambda: len(polled.server.requests))
    return polled


def slow_people(polled: Polled) -> Polled:
    """Lets every page of people take a second, and all else none: what others ask meanwhile is no matter."""
    polled.server.requests.clear()
    polled.time = TimeByRequests(lambda: polled.server.requests.by_path()["/v1/people"])
    return polled


def asked(polled: Polled, path: str) -> int:
    return polled.server.requests.by_path()[path]


def test_only_what_is_named_is_asked_and_the_rest_is_held(simulated):
    polled = simulated(MANY)
    polled.poll()
    polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.server.requests.clear()
    polled.later(minutes=10)
    snapshot = polled.poll("people", "roles")
    assert {path for path in polled.server.requests.by_path() if path.startswith("/v1/")} == {
        "/v1/organizations",
        "/v1/people",
        "/v1/roles",
    }
    assert (value_of(snapshot, Metric.PEOPLE), change_of(snapshot, Metric.PEOPLE)) == (400, 0)
    devices = count_of(snapshot, Metric.DEVICES)
    assert (devices.value, devices.change, devices.as_of) == (40, None, NOON)
    assert {one.assigned_change for one in snapshot.licenses} == {None}
    assert collection_of(snapshot, "devices").status is CollectionStatus.OK
    assert "as of 2026-11-23 12:00 UTC: messages" in message([snapshot])

    polled.later(minutes=10)
    later = polled.poll()
    assert change_of(later, Metric.MESSAGES_CREATED) == 1
    devices = count_of(later, Metric.DEVICES)
    assert (devices.change, devices.previous_at, devices.as_of) == (0, NOON, None)


def test_a_collector_that_there_is_not_is_named(simulated):
    with pytest.raises(UsageError, match="there is no collector peeple: name some of admin audit, devices, events"):
        simulated().poll("peeple")
    with pytest.raises(UsageError, match="there is no collector room"):
        simulated().poll(every="room:3600")


@pytest.mark.parametrize("left_out", ["seats", "room messages"])
def test_a_collector_that_the_settings_leave_out_is_not_asked_alone_in_silence(left_out, simulated):
    polled = simulated()
    with pytest.raises(UsageError, match=f"the settings leave {left_out} out: set seats or messages_source"):
        polled.poll("devices", left_out)
    assert len(polled.server.requests) == 0


def test_a_list_that_does_not_fit_is_not_asked_again_but_held_and_counted_by_a_poll_of_its_own(simulated):
    polled = simulated(MANY, Faults(page_limits=PAGES, troubles=[NO_IDENTITY]))
    first = slow_people(polled).poll(budget_seconds="30", **QUIET)
    assert value_of(first, Metric.PEOPLE) is None
    assert collection_of(first, "people").error == (
        "the list does not fit into budget_seconds 30, its last count, if any, stands for a day: count it by a timer"
        " of its own: webexhist poll --only 'people' --budget-seconds N"
    )
    polled.later(minutes=5)
    slow_people(polled).poll(budget_seconds="30", **QUIET)
    assert asked(polled, "/v1/people") == 0

    polled.later(minutes=5)
    alone = slow_people(polled).poll("people", budget_seconds="100", **QUIET)
    assert (value_of(alone, Metric.PEOPLE), asked(polled, "/v1/people")) == (400, 40)
    for minutes in (5, 10):
        polled.later(minutes=5)
        people = count_of(slow_people(polled).poll(budget_seconds="30", **QUIET), Metric.PEOPLE)
        assert (people.value, people.change, people.as_of) == (400, None, NOON + timedelta(minutes=10))
        assert (asked(polled, "/v1/people"), minutes) == (0, minutes)

    polled.later(days=1)  # two pages show that it still does not fit
    assert value_of(slow_people(polled).poll(budget_seconds="30", **QUIET), Metric.PEOPLE) is None
    assert asked(polled, "/v1/people") == 2


def test_what_took_longer_once_than_polls_may_is_asked_by_each_as_soon_as_it_is_quick(simulated):
    """Forty pages of people at the first poll, a second each, then one request to the identity service."""
    polled = simulated(MANY, Faults(page_limits=PAGES))
    held = []
    for minutes, budget in (0, "60"), (5, "30"), (1440, "30"), (5, "30"), (5, "30"):
        polled.later(minutes=minutes)
        count = count_of(slow_people(polled).poll(budget_seconds=budget, **QUIET), Metric.PEOPLE)
        held.append((count.as_of is not None, asked(polled, "/v1/people")))
    assert held == [(False, 40), (True, 0), (False, 2), (False, 0), (False, 0)]


def test_the_identity_service_stands_for_a_list_that_does_not_fit(simulated):
    polled = simulated(MANY, Faults(page_limits=PAGES))
    # It answers before the first page of the list, whatever the machine is at: then its total is known.
    polled.server.faults.troubles.append(Trouble(Slow(2.0), path="/v1/people", times=1))
    first = slow_people(polled).poll(budget_seconds="30", **QUIET)
    assert value_of(first, Metric.PEOPLE) == 400
    assert asked(polled, "/v1/people") == 4  # a tenth of those that it tells, for nothing is known of the list yet
    assert collection_of(first, "people check").error == (
        "the list of people is longer than a poll's time: the identity service counts them"
    )
    polled.later(minutes=5)
    assert change_of(slow(polled).poll(budget_seconds="30", **QUIET), Metric.PEOPLE) == 0
    assert asked(polled, "/v1/people") == 0


def test_an_identity_service_that_is_wrong_once_stands_for_a_list_with_its_second_answer(simulated):
    polled = simulated(MANY, Faults(page_limits=PAGES))
    assert value_of(polled.poll(**QUIET), Metric.PEOPLE) == 400
    for days, total in (1, 0), (0, 0), (0, 4_000), (1, 4_000):  # where they are compared, and in the course of a day
        polled.later(days=days, minutes=5)
        polled.server.faults.troubles[:] = [
            Trouble(Body(b'{"totalResults": %d}' % total), path="/identity/*", times=1),
            Trouble(Slow(2.0), path="/v1/people", times=1),  # both answers come before a page of the list
        ]
        snapshot = slow(polled).poll(budget_seconds="30", **QUIET)
        assert change_of(snapshot, Metric.PEOPLE) == 0, total
        assert collection_of(snapshot, "people check").error == (
            "the list of people is longer than a poll's time: the identity service counts them"
        )


def test_an_identity_service_that_counts_fewer_than_came_stands_for_no_list(simulated):
    polled = simulated(MANY, Faults(page_limits=PAGES))
    polled.server.faults.troubles.append(Trouble(Body(b'{"totalResults": 5}'), path="/identity/*"))
    snapshot = slow(polled).poll(budget_seconds="30", **QUIET)
    assert (value_of(snapshot, Metric.PEOPLE), asked(polled, "/v1/people") > 2) == (None, True)
    assert collection_of(snapshot, "people").status is CollectionStatus.OUT_OF_TIME


@pytest.mark.parametrize("is_first", [True, False])
def test_an_identity_service_that_counts_far_too_many_makes_no_list_too_long(is_first, simulated):
    """Forty pages, a second each, fit into the poll's time; the four thousand that it announces would not."""
    polled = simulated(MANY, Faults(page_limits=PAGES))
    if not is_first:
        polled.poll(**QUIET)
        polled.later(days=1)
    polled.server.faults.troubles += [
        Trouble(Slow(0.3), path="/v1/people", times=1),
        Trouble(Body(b'{"totalResults": 40000}'), path="/identity/*"),
    ]
    snapshot = slow(polled).poll(budget_seconds="150", **QUIET)
    assert (value_of(snapshot, Metric.PEOPLE), asked(polled, "/v1/people")) == (400, 40)
    assert collection_of(snapshot, "people check").error == (
        "the identity service counts 40000 where the list of people holds 400"
    )


def test_an_identity_service_that_counts_others_stands_for_no_list(simulated):
    others = replace(MANY.own, identities_besides_people=57)
    polled = simulated(World(organizations=(others,)), Faults(page_limits=PAGES))
    assert value_of(polled.poll(**QUIET), Metric.PEOPLE) == 400
    polled.later(days=1)
    polled.server.faults.troubles.append(Trouble(Slow(0.3), path="/v1/people", times=1))
    people = count_of(slow(polled).poll(budget_seconds="30", **QUIET), Metric.PEOPLE)
    assert (people.value, people.as_of) == (400, NOON), "what the list held, and not what another service counts"


def test_memberships_of_more_teams_than_fit_are_not_begun(simulated):
    polled = simulated(World(teams=700))  # 16 requests at once, a second each, 40 seconds
    snapshot = slow(polled).poll(budget_seconds="40", **QUIET)
    assert (value_of(snapshot, Metric.TEAMS), value_of(snapshot, Metric.TEAM_MEMBERSHIPS)) == (700, None)
    assert asked(polled, "/v1/team/memberships") == 0


def test_memberships_that_a_busy_service_does_not_answer_in_time_are_not_asked_for_in_vain(simulated):
    """It answers ten a second however many are in flight: 1,000 take 100 seconds, of which a poll has 30."""
    polled = simulated(World(teams=1_000))

    def memberships() -> int:
        return asked(polled, "/v1/team/memberships")

    reasons, requests = [], []
    for _poll in range(4):
        polled.server.requests.clear()
        polled.time = TimeByRequests(lambda: memberships() / 10)
        snapshot = polled.poll(budget_seconds="30", workers="1", messages_source="off")
        assert (value_of(snapshot, Metric.TEAMS), value_of(snapshot, Metric.TEAM_MEMBERSHIPS)) == (1_000, None)
        reasons.append((collection_of(snapshot, "teams").error or "").partition(",")[0])
        requests.append(memberships())
        polled.later(minutes=5)
    assert reasons == [
        "the memberships of all teams take longer than there is time",
        *["the list does not fit into budget_seconds 30"] * 3,
    ]
    assert max(requests[:2]) < 200, "a poll has time for 300"
    assert requests[3] == 0, "what the second gave up may still have arrived in the third"


def test_memberships_that_others_leave_no_time_for_are_not_taken_for_too_many(simulated):
    """100 take ten seconds, of which the poll has some, whether they go with the others or first."""
    polled = simulated(World(teams=100))
    for _poll in range(2):
        polled.server.requests.clear()
        polled.time = TimeByRequests(lambda: asked(polled, "/v1/team/memberships") / 10)
        snapshot = polled.poll(budget_seconds="8", workers="1", messages_source="off")
        assert value_of(snapshot, Metric.TEAM_MEMBERSHIPS) is None
        assert "does not fit" not in (collection_of(snapshot, "teams").error or "")
        polled.later(minutes=5)


def test_a_slower_pace_asks_when_it_is_due_and_holds_meanwhile(simulated):
    polled = simulated(MANY)
    every = "people:3600, devices:900"
    requests = []
    for _poll in range(13):
        polled.server.requests.clear()
        snapshot = polled.poll(every=every)
        requests.append((asked(polled, "/v1/devices"), asked(polled, "/v1/workspaces")))
        polled.later(minutes=5)
    assert requests == [(1, 1), (0, 1), (0, 1)] * 4 + [(1, 1)]
    assert count_of(snapshot, Metric.DEVICES).as_of is None
    assert {run.status for run in snapshot.collections if run.collector in ("people", "devices")} == {
        CollectionStatus.OK
    }
    again = polled.poll(every=every)
    assert count_of(again, Metric.PEOPLE).as_of == NOON + timedelta(hours=1)


@pytest.mark.slow
def test_what_is_asked_once_a_week_is_held_for_three_weeks_where_it_cannot_be_asked(simulated):
    polled = simulated(MANY)  # NOON is a Monday; weeks begin as 1970 did, on Thursdays
    every = "devices:604800, licenses:604800"
    asked_on = []
    for day in range(15):
        polled.server.requests.clear()
        snapshot = polled.poll(every=every)
        assert count_of(snapshot, Metric.DEVICES).value == 40
        asked_on += [day] * asked(polled, "/v1/devices")
        polled.later(days=1)
    assert asked_on == [0, 3, 10]
    for path in ("/v1/devices", "/v1/licenses"):
        polled.server.faults.troubles.append(Trouble(Status(429, "3600"), path=path))
    stands = []
    for _day in range(15, 34):
        polled.time = SkippedTime()
        snapshot = polled.poll(every=every)
        stands.append((value_of(snapshot, Metric.DEVICES), snapshot.licenses is not None))
        polled.later(days=1)
    known = 10 + 21 - 15 + 1
    assert stands == known * [(40, True)] + (19 - known) * [(None, False)]
    values = polled.stored("SELECT value FROM counts WHERE metric = 'devices' ORDER BY snapshot")
    assert values == (15 + known) * [(40,)] + (19 - known) * [(None,)]


@pytest.mark.parametrize("pace", ["0", "604801", "nan", "a week", ""])
def test_a_pace_is_of_a_second_to_a_week(pace, simulated):
    with pytest.raises(ConfigError, match=r"every is '.*', not a number of seconds between 1 and 604800"):
        simulated().poll(every=f"devices:{pace}")


def test_a_hold_by_pace_writes_no_row_but_a_miss_and_another_pace_do(simulated):
    polled = simulated(MANY)
    rows = []

    def poll_on(polls: int, every: str) -> None:
        for _poll in range(polls):
            polled.poll(every=every)
            polled.later(minutes=5)
        rows.append(polled.stored("SELECT number, asked, pace FROM held ORDER BY number"))

    poll_on(9, "devices:900")
    assert rows[-1] == [(1, None, 900)]
    polled.server.faults.troubles.append(Trouble(Status(429, "3600"), path="/v1/devices"))
    poll_on(1, "devices:900")  # due at 12:45 and not counted: what was at 12:30 stands
    polled.server.faults.troubles.clear()
    poll_on(
        3, "devices:900"
    )  # at 12:55 instead: what says that it is closed for so long is not asked for ten minutes
    assert rows[-1] == [(1, None, 900), (10, 7, 900), (12, None, 900)]
    as_of = polled.stored("SELECT snapshot, as_of FROM counts WHERE metric = 'devices' ORDER BY snapshot")
    counted = {number: 3 * ((number - 1) // 3) + 1 for number in range(1, 10)} | {10: 7, 11: 7, 12: 12, 13: 13}
    assert as_of == [
        (number, f"{NOON + timedelta(minutes=5 * (by - 1)):%Y-%m-%d %H:%M:%S}") for number, by in counted.items()
    ]
    poll_on(2, "devices:1800")
    poll_on(1, "")
    assert rows[-1][3:] == [(14, 13, 1800), (16, None, None)]


def test_a_value_that_is_held_for_a_day_is_unknown_then(simulated):
    polled = simulated(MANY)
    polled.poll()
    for path in ("/v1/devices", "/v1/licenses"):
        polled.server.faults.troubles.append(Trouble(Status(429, "3600"), path=path))
    values, assigned = [], []
    for _hours in range(5):
        polled.later(hours=6)
        polled.time = SkippedTime()
        snapshot = polled.poll()
        values.append(count_of(snapshot, Metric.DEVICES))
        licenses = snapshot.licenses
        assigned.append(licenses and [(one.usage.assigned, one.assigned_change) for one in licenses])
    assert [devices.value for devices in values] == [40, 40, 40, 40, None]
    assert {devices.as_of for devices in values} == {NOON, None}
    assert {devices.change for devices in values} == {None}
    assert assigned == 4 * [[(90, None)]] + [None]


def test_a_value_of_the_future_is_held_no_longer_than_one_of_the_past(simulated):
    """Both clocks were two days ahead at one poll: nobody can say when its value will be too old."""
    polled = simulated(MANY)
    polled.server.faults.clock_skew = polled.ahead = timedelta(days=2)
    polled.poll()
    polled.server.faults.clock_skew = polled.ahead = timedelta()
    polled.later(minutes=5)
    assert value_of(polled.poll("people"), Metric.DEVICES) is None
