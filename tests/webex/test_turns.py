"""What time ran out for takes turns, and only what was asked alone is said not to fit into a poll."""

import itertools
import math
from dataclasses import replace
from datetime import timedelta

import pytest
from clients import FixedToken
from handed_time import TimeByRequests
from polling import NOON

from webexhist.config import load_settings
from webexhist.simulator import Faults, SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import Status
from webexhist.snapshot import Collection, CollectionStatus, LastPoll, Organization
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.timings import Call
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.attempts import attempt
from webexhist.webex.before import Before
from webexhist.webex.collectors.admin_audit import ADMIN_AUDIT
from webexhist.webex.collectors.devices import DEVICES
from webexhist.webex.collectors.interface import AskedOnce, Turn
from webexhist.webex.collectors.licenses import LICENSES
from webexhist.webex.collectors.people import PEOPLE
from webexhist.webex.collectors.places import PLACES
from webexhist.webex.collectors.roles import ROLES
from webexhist.webex.collectors.rooms import ROOMS
from webexhist.webex.collectors.seats import SEATS
from webexhist.webex.collectors.teams import TEAMS
from webexhist.webex.turns import each_with_each, in_order, in_turns

ACME, BETA = (Organization(name.lower(), name) for name in ("Acme", "Beta"))
SETTINGS = load_settings({}, None, {})
BUDGET = 12
"""Seconds, of which every request takes one."""
PLAIN = "not done in time while Webex asked to wait, budget_seconds is 12: the next poll asks again"
ALONE_NEXT = (
    "not done in time while Webex asked to wait, budget_seconds is 12: it is asked alone when its turn comes again"
)
FIRST_NEXT = "GET /v1/people answered 429 and asks to wait 30 s, budget_seconds is 12: it goes first once more"
TOO_LONG = (
    "the list does not fit into budget_seconds 12, its last count, if any, stands for a day: count it by a timer of"
    " its own: webexhist poll --only 'devices' --budget-seconds N"
)


def late(collector, minutes_ago: int, error: str = PLAIN) -> Collection:
    """What time ran out for since so many minutes before noon."""
    began_at = NOON - timedelta(minutes=minutes_ago)
    return Collection(collector.name, CollectionStatus.OUT_OF_TIME, 1, 1.0, error, began_at)


def turns(*collectors, **late_by_organization: list[Collection]) -> list[tuple[str, str, Turn]]:
    before = Before({uuid: LastPoll(NOON, tuple(runs), None) for uuid, runs in late_by_organization.items()})
    asked = in_turns(before, in_order(collectors, (ACME, BETA), ACME, before))
    return [(one.collector.name, one.organization.name, one.turn) for one in asked]


def test_what_waits_longest_goes_first_after_a_list_of_licenses_and_has_its_turn():
    of_acme, of_beta = [late(PEOPLE, 5), late(TEAMS, 10)], [late(DEVICES, 15), late(LICENSES, 10)]
    assert turns(LICENSES, TEAMS, PEOPLE, DEVICES, acme=of_acme, beta=of_beta) == [
        ("licenses", "Beta", Turn.LATER),
        ("devices", "Beta", Turn.FIRST),
        ("teams", "Acme", Turn.LATER),
        ("licenses", "Acme", Turn.LATER),
        ("people", "Acme", Turn.LATER),
        ("people", "Beta", Turn.LATER),
        ("devices", "Acme", Turn.LATER),
    ]


def test_lists_of_licenses_are_spread_evenly_among_what_waits_and_go_before_what_does_not():
    waiting = [PEOPLE, DEVICES, ROLES, ROOMS, TEAMS, PLACES]
    asked = turns(LICENSES, *waiting, ADMIN_AUDIT, acme=[late(each, 10) for each in waiting])
    assert [(name, organization) for name, organization, _ in asked] == [
        ("licenses", "Acme"),
        *[("roles", "Acme"), ("rooms", "Acme"), ("teams", "Acme")],
        ("licenses", "Beta"),
        *[("people", "Acme"), ("places", "Acme"), ("devices", "Acme")],
        *[(name, "Beta") for name in ("devices", "admin audit", "people", "places")],
        ("admin audit", "Acme"),
    ]


@pytest.mark.parametrize("number", [1, 2, 3, 6, 7])
def test_each_collector_goes_round_the_organizations_so_that_neither_is_asked_in_a_row(number):
    collectors, organizations = (PEOPLE, DEVICES, ROOMS, TEAMS, PLACES, ROLES), range(number)
    asked = list(each_with_each(collectors, organizations))
    assert len(set(asked)) == len(asked) == 6 * number
    assert [collector for collector, _ in asked] == [*collectors] * number
    apart = [second - first for (_, first), (_, second) in itertools.pairwise(asked)]
    assert {each % number for each in apart} <= {1 % number, 2 % number}
    assert [of for _, of in asked[: math.lcm(6, number)]] == [*organizations] * (math.lcm(6, number) // number)


def test_what_was_not_done_in_its_turn_is_asked_alone_when_it_is_first_again():
    people = late(PEOPLE, 10, ALONE_NEXT)
    assert turns(PEOPLE, DEVICES, acme=[people, late(DEVICES, 15)])[:2] == [
        ("devices", "Acme", Turn.FIRST),
        ("people", "Acme", Turn.LATER),
    ]
    assert turns(PEOPLE, DEVICES, acme=[people, late(DEVICES, 5)])[:2] == [
        ("people", "Acme", Turn.ALONE),
        ("devices", "Acme", Turn.LATER),
    ]


def test_what_was_asked_to_wait_in_its_turn_is_first_again_however_long_others_wait():
    assert turns(PEOPLE, DEVICES, acme=[late(PEOPLE, 5, FIRST_NEXT), late(DEVICES, 15)])[:2] == [
        ("people", "Acme", Turn.FIRST),
        ("devices", "Acme", Turn.LATER),
    ]


def test_a_sweep_that_most_polls_leave_out_takes_nobodys_turn():
    assert turns(PEOPLE, SEATS, acme=[late(PEOPLE, 5), late(SEATS, 55)])[:2] == [
        ("people", "Acme", Turn.FIRST),
        ("seats", "Acme", Turn.LATER),
    ]


def ask_on(client, target):
    """Asks to the end of the poll's time."""
    while True:
        client.get("/v1/roles")


def ask_slowly(client, target):
    """Asks to the end, beside a request that is under way for ten times as long as others."""
    client.calls.append(Call("/v1/devices", client.time.now() - 10))
    ask_on(client, target)


def ask_once(client, target):
    client.get("/v1/devices")


@pytest.fixture
def fares():
    """How a collector fares that is asked in its turn, after it fared so before, in a poll of a limited service."""
    faults = Faults(troubles=[Trouble(Status(429, "3600"), path="/v1/devices")])
    polls = itertools.count()
    with SimulatedWebex(World(), VirtualClock(NOON), faults) as server:

        def outcome(
            collect, turn: Turn, last: Collection | None = None, others: int = 0, budget: int = BUDGET
        ) -> Collection:
            once = NOON - timedelta(seconds=next(polls))
            faults.troubles[1:] = [Trouble(Status(429, "1"), path="/v1/organizations", times=1, since=once)]
            deadline = Deadline(BUDGET, TimeByRequests(lambda: len(server.requests)))
            services = Services(*[server.base_url] * 3)
            before = LastPoll(NOON, (last,) if last else (), None)
            target = Before({"acme": before}).target(ACME, SETTINGS, lambda: NOON, AskedOnce())
            token = FixedToken(server.access_token)
            with Transport((server.base_url,), token, deadline, 1) as transport, Workers(1) as workers:
                for _other in range(2 + others):
                    WebexClient(services, transport, workers).get("/v1/organizations")
                client = WebexClient(services, transport, workers)
                return attempt(replace(DEVICES, collect=collect), client, replace(target, turn=turn)).collection

        yield outcome


def test_only_what_was_asked_alone_to_the_end_is_said_not_to_fit(fares):
    steps = [Turn.LATER, Turn.FIRST, Turn.LATER, Turn.ALONE]
    reasons: list[Collection] = []
    for turn in steps:
        reasons.append(fares(ask_on, turn, reasons[-1] if reasons else None))
    assert [each.error for each in reasons] == [PLAIN, ALONE_NEXT, ALONE_NEXT, TOO_LONG]
    assert {each.status for each in reasons} == {CollectionStatus.OUT_OF_TIME}


def test_what_others_left_little_for_keeps_nothing_waiting(fares):
    behind = PLAIN.replace("the next poll asks again", "it had its turn, others go before it now")
    first = fares(ask_on, Turn.FIRST, others=7)
    assert first.error == behind
    assert fares(ask_on, Turn.FIRST, first, others=7).error == PLAIN
    assert fares(ask_on, Turn.ALONE, others=7).error == PLAIN


def test_what_waits_keeps_its_reason_and_so_its_place_whatever_it_meets_meanwhile(fares):
    reasons = PLAIN, ALONE_NEXT, FIRST_NEXT, PLAIN.replace("again", "again, it says")
    waits = [late(DEVICES, 15, reason) for reason in reasons]
    for last in waits:
        assert fares(ask_once, Turn.LATER, last).error == last.error
    of_another_budget = late(DEVICES, 15, PLAIN.replace("12", "120"))
    assert fares(ask_on, Turn.LATER, of_another_budget).error == PLAIN


def ask_nothing(client, target):
    raise client.out_of_time("Webex asked to wait, and no turn came until the poll's end")


def test_what_could_not_even_ask_in_its_turn_keeps_it(fares):
    assert fares(ask_nothing, Turn.FIRST, late(DEVICES, 15)).error == PLAIN
    assert fares(ask_nothing, Turn.ALONE, late(DEVICES, 15, ALONE_NEXT)).error == ALONE_NEXT
    assert fares(ask_once, Turn.FIRST, late(DEVICES, 15)).error != PLAIN


def test_what_waits_and_is_answered_slowly_lets_others_go_before_it(fares):
    behind = PLAIN.replace("the next poll asks again", "it had its turn, others go before it now")
    assert fares(ask_slowly, Turn.LATER).error == PLAIN
    assert fares(ask_slowly, Turn.LATER, late(DEVICES, 5)).error == behind
    assert fares(ask_slowly, Turn.LATER, late(DEVICES, 5, behind)).error == PLAIN
    assert fares(ask_slowly, Turn.LATER, late(DEVICES, 5, ALONE_NEXT)).error == ALONE_NEXT
    assert fares(ask_on, Turn.LATER, late(DEVICES, 5)).error == PLAIN


def test_an_endpoint_that_asks_to_wait_for_an_hour_is_no_list_that_does_not_fit(fares):
    asked = "GET /v1/devices answered 429 and asks to wait 3600 s, budget_seconds is 12"
    assert fares(ask_once, Turn.LATER).error == f"{asked}: the next poll asks again"
    first = fares(ask_once, Turn.FIRST)
    assert first.error == f"{asked}: it goes first once more"
    assert fares(ask_once, Turn.FIRST, first).error == f"{asked}: it had its turn, others go before it now"
    assert fares(ask_once, Turn.ALONE).error == f"{asked}: the next poll asks again"
