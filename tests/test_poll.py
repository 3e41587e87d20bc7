"""A poll as its user sees it: right counts, deltas from the second poll on, and failures that stay their own."""

import re
from datetime import timedelta

import pytest
import requests
from handed_time import SkippedTime
from polling import NOON, change_of, collection_of, count_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import (
    Faults,
    LicensePlan,
    OrganizationPlan,
    PagingFault,
    Trouble,
    World,
    partner_world,
    sized_world,
)
from webexhist.simulator.faults.switches import Body, Hang, Status, Trickle
from webexhist.snapshot import CollectionStatus
from webexhist.webex.api.errors import NotPermitted, OutOfTime, Unauthorized, Unreachable

SEED_WORLD = sized_world(
    NOON,
    people=2_500,
    rooms=200,
    teams=20,
    memberships_per_team=150,
    messages=100_000,
    messages_a_day_from_now=0,
    devices=300,
    workspaces=220,
)
TRUTH = {
    Metric.ORGANIZATIONS: 1,
    Metric.TEAMS: 20,
    Metric.TEAM_MEMBERSHIPS: 3_000,
    Metric.DEVICES: 300,
    Metric.PEOPLE: 2_500,
    Metric.HYBRID_CLUSTERS: 2,
    Metric.HYBRID_CONNECTORS: 3,
    Metric.ROOMS: 200,
    Metric.PLACES: 220,
    Metric.ROLES: 6,
    Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED: 11,
    Metric.RESOURCE_GROUP_MEMBERSHIPS_PENDING: 4,
    Metric.RESOURCE_GROUP_MEMBERSHIPS_ERROR: 1,
}


def test_every_count_of_an_organization_comes_out_right(simulated):
    snapshot = simulated(SEED_WORLD).poll()
    assert {metric: value_of(snapshot, metric) for metric in TRUTH} == TRUTH
    assert {run.status.is_trouble for run in snapshot.collections} == {False}


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [
        PagingFault.MAX_NULL,
        PagingFault.DROPPED_FILTERS,
        PagingFault.DROPPED_MAX,
        PagingFault.MIDDLE_EMPTY_PAGE,
        PagingFault.TRAILING_EMPTY_PAGE,
        PagingFault.ENDLESS_EMPTY_PAGES,
        PagingFault.DOUBLE_SCHEME,
        PagingFault.FIRST_AND_PREVIOUS,
        PagingFault.DUPLICATES,
        PagingFault.LOWER_CASE_HEADER,
    ],
)
def test_every_count_comes_out_right_in_spite_of_broken_links(simulated, fault):
    snapshot = simulated(SEED_WORLD, Faults(paging={fault})).poll()
    assert {metric: value_of(snapshot, metric) for metric in TRUTH} == TRUTH


def test_a_list_whose_next_link_leads_back_is_unknown(simulated):
    polled = simulated(SEED_WORLD, Faults(paging={PagingFault.REPEATED_NEXT}))
    snapshot = polled.poll()
    assert polled.server.requests.by_path()["/v1/people"] <= 3
    assert value_of(snapshot, Metric.PEOPLE) is None
    assert collection_of(snapshot, "people").error == (
        "GET /v1/people leads back to a page that was read already: "
        "the next poll asks again; if it lasts, check base_url"
    )


def test_lists_without_links_are_followed_by_offset(simulated):
    snapshot = simulated(SEED_WORLD, Faults(paging={PagingFault.NO_LINK})).poll()
    assert (value_of(snapshot, Metric.DEVICES), value_of(snapshot, Metric.PLACES)) == (300, 220)


def test_licenses_of_one_name_are_kept_apart_by_id(simulated):
    snapshot = simulated(SEED_WORLD).poll()
    suites = [change.usage for change in snapshot.licenses if change.usage.license.name == "Webex Meetings Suite"]
    assert sorted((usage.purchased, usage.assigned) for usage in suites) == [(625, 500), (1270, 1250)]


def test_rows_that_are_no_seats_are_kept_but_not_counted(simulated):
    snapshot = simulated(SEED_WORLD).poll()
    uncounted = {c.usage.license.code for c in snapshot.licenses if not c.usage.license.counted}
    assert uncounted == {"FMS", "FTM", "CE", "UCPREM", "BCRLC"}


def test_the_second_poll_says_what_happened_in_between(simulated):
    polled = simulated()
    polled.server.scripted.post_message(NOON - timedelta(hours=1))
    first = polled.poll()
    assert value_of(first, Metric.MESSAGES_CREATED) == 0
    assert change_of(first, Metric.MESSAGES_CREATED) is None

    scripted = polled.server.scripted
    for minute in range(3):
        number = scripted.post_message(NOON + timedelta(minutes=minute))
    scripted.edit_message(number, NOON + timedelta(minutes=2, seconds=30))
    scripted.delete_message(number, NOON + timedelta(minutes=2, seconds=40))
    scripted.record_audit_event(NOON + timedelta(minutes=1))
    scripted.post_message(NOON + timedelta(minutes=4))  # younger than the 120 seconds that an event has to settle
    polled.later(minutes=5)
    second = polled.poll()

    counted = (Metric.MESSAGES_CREATED, Metric.MESSAGES_UPDATED, Metric.MESSAGES_DELETED, Metric.ADMIN_AUDIT_EVENTS)
    assert [change_of(second, metric) for metric in counted] == [3, 1, 1, 1]
    assert second.previous_at == NOON

    polled.later(minutes=5)
    assert change_of(polled.poll(), Metric.MESSAGES_CREATED) == 1


def test_a_collector_that_is_refused_is_unknown_and_the_others_go_on(simulated):
    faults = Faults(troubles=[Trouble(Status(403), path="/v1/hybrid/*"), Trouble(Status(403), path="/v1/licenses")])
    snapshot = simulated(SEED_WORLD, faults).poll()
    assert value_of(snapshot, Metric.HYBRID_CLUSTERS) is None
    assert value_of(snapshot, Metric.HYBRID_CONNECTORS) is None
    assert snapshot.licenses is None
    assert value_of(snapshot, Metric.PEOPLE) == 2_500
    run = collection_of(snapshot, "licenses")
    assert run.status is CollectionStatus.NOT_PERMITTED
    assert "GET /v1/licenses answered 403" in run.error


def test_unknown_in_between_does_not_spoil_the_next_change(simulated):
    polled = simulated(World(organizations=(OrganizationPlan(devices=40),)))
    polled.poll()
    polled.later(minutes=5)
    polled.server.faults.troubles.append(Trouble(Status(403), path="/v1/devices"))
    unknown = polled.poll()
    assert (value_of(unknown, Metric.DEVICES), change_of(unknown, Metric.DEVICES)) == (None, None)
    polled.later(minutes=5)
    polled.server.faults.troubles.clear()
    devices = count_of(polled.poll(), Metric.DEVICES)
    assert (devices.value, devices.change, devices.previous_at) == (40, 0, NOON)


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"items": null}', b'{"items": 7}', b"<html>", b"", b"null", b"[" * 100_000]
)
@pytest.mark.usefixtures("garbage_waits")
def test_a_body_that_says_nothing_is_unknown_not_zero(simulated, body):
    paths = ("/v1/people", "/v1/devices", "/v1/rooms", "/v1/roles", "/v1/licenses", "/v1/events")
    polled = simulated(World(), Faults(troubles=[Trouble(Body(body), path=path) for path in paths]))
    snapshot = polled.poll()
    unknown = (Metric.PEOPLE, Metric.DEVICES, Metric.ROOMS, Metric.ROLES, Metric.MESSAGES_CREATED)
    assert {value_of(snapshot, metric) for metric in unknown} == {None}
    assert snapshot.licenses is None
    assert value_of(snapshot, Metric.TEAMS) == 4


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"items": []}'])
def test_an_organization_without_hybrid_services_has_none(simulated, body):
    snapshot = simulated(World(), Faults(troubles=[Trouble(Body(body), path="/v1/hybrid/*")])).poll()
    assert value_of(snapshot, Metric.HYBRID_CLUSTERS) == value_of(snapshot, Metric.HYBRID_CONNECTORS) == 0


def test_hybrid_services_that_are_not_found_are_none(simulated):
    snapshot = simulated(World(), Faults(troubles=[Trouble(Status(404), path="/v1/hybrid/*")])).poll()
    assert value_of(snapshot, Metric.HYBRID_CONNECTORS) == 0


def test_every_organization_that_the_token_sees_has_its_own_snapshot(simulated):
    snapshots = {snapshot.organization.name: snapshot for snapshot in simulated(partner_world(NOON)).polls()}
    assert set(snapshots) == {"Acme Example", "Beta Example", "Gamma Example"}
    assert value_of(snapshots["Acme Example"], Metric.ORGANIZATIONS) == 3
    assert value_of(snapshots["Beta Example"], Metric.PEOPLE) == 60
    assert value_of(snapshots["Gamma Example"], Metric.PEOPLE) is None
    assert collection_of(snapshots["Gamma Example"], "people").status is CollectionStatus.NOT_PERMITTED
    assert not [count for count in snapshots["Beta Example"].counts if count.metric is Metric.TEAMS]


def test_custom_fields_limit_organizations_and_teams(simulated):
    polled = simulated(partner_world(NOON))
    everything = polled.polls()
    beta = next(snapshot.organization for snapshot in everything if snapshot.organization.name == "Beta Example")
    polled.later(minutes=5)
    snapshots = polled.polls(use_custom_fields="true", orgids=beta.webex_id, teams=first_team(polled))
    assert [snapshot.organization.name for snapshot in snapshots] == ["Beta Example"]
    assert value_of(snapshots[0], Metric.ORGANIZATIONS) == 1
    assert value_of(snapshots[0], Metric.TEAMS) == 1
    assert value_of(snapshots[0], Metric.TEAM_MEMBERSHIPS) == 10


def first_team(polled) -> str:
    headers = {"Authorization": f"Bearer {polled.server.access_token}"}
    answer = requests.get(f"{polled.server.base_url}/v1/teams", headers=headers, timeout=60)
    return answer.json()["items"][0]["id"]


def test_a_refused_token_ends_the_poll_and_stores_nothing(simulated):
    polled = simulated()
    with pytest.raises(Unauthorized, match="authorize again: webexhist login"):
        polled.poll(access_token="not-a-token")
    assert polled.poll().number == 1


def test_an_address_that_does_not_answer_ends_the_poll(simulated, unused_port):
    with pytest.raises(Unreachable, match="the connection was refused: check base_url, network and proxy"):
        simulated().poll(base_url=f"http://127.0.0.1:{unused_port}")


@pytest.mark.parametrize("effect", [Hang(3_600), Trickle(60, piece=1)])
def test_what_hangs_is_unknown_once_the_budget_is_used_up_and_all_else_is_counted(simulated, effect):
    polled = simulated(
        World(), Faults(troubles=[Trouble(effect, path="/v1/people"), Trouble(effect, path="/v1/teams")])
    )
    polled.time = SkippedTime(lambda: asked(polled, "/v1/people") + asked(polled, "/v1/teams"))
    snapshot = polled.poll(budget_seconds="20")
    assert (polled.time.now(), snapshot.seconds) == (20, 20)
    assert value_of(snapshot, Metric.PEOPLE) is None
    assert value_of(snapshot, Metric.DEVICES) == 12
    run = collection_of(snapshot, "people")
    assert (run.status, run.seconds) == (CollectionStatus.OUT_OF_TIME, 20)
    assert run.error == "not done in time, budget_seconds is 20: the next poll asks again"


@pytest.mark.parametrize(
    ("effect", "waits"),
    [
        (Status(429, "3600"), []),
        (
            Status(429, "1"),
            [1.0, 1.0, 2.0, 4.0, 8.0],
        ),  # two in a row may be chance, all further ones are in vain
        (Status(423, "7"), [7.0, 7.0]),
    ],
)
def test_a_wait_that_is_asked_for_costs_no_more_than_the_budget(simulated, effect, waits):
    polled = simulated(World(), Faults(troubles=[Trouble(effect, path="/v1/hybrid/connectors")]))
    polled.time = SkippedTime()
    snapshot = polled.poll(budget_seconds="20", workers="1")  # one after the other, these last
    assert polled.time.slept == pytest.approx(waits, abs=0.051)  # that much may be caught up
    assert value_of(snapshot, Metric.HYBRID_CONNECTORS) is None
    assert value_of(snapshot, Metric.DEVICES) == 12
    run = collection_of(snapshot, "hybrid connectors")
    assert (run.status, run.seconds) == (
        CollectionStatus.OUT_OF_TIME,
        pytest.approx(sum(polled.time.slept), abs=0.001),
    )
    assert re.search("ask(s|ed) to wait", run.error)


@pytest.mark.parametrize("effect", [Hang(3_600), Trickle(60, piece=1)])
def test_the_budget_is_kept_when_not_even_the_organizations_come(simulated, effect):
    polled = simulated(World(), Faults(troubles=[Trouble(effect)]))
    polled.time = SkippedTime(alone=lambda: asked(polled, "/v1/organizations"))
    with pytest.raises(OutOfTime, match="Webex did not list the organizations in time, budget_seconds is 20"):
        polled.poll(budget_seconds="20")
    assert polled.time.now() == 20


def asked(polled, path: str) -> int:
    return polled.server.requests.by_path()[path]


def test_organizations_that_cannot_be_listed_are_those_of_the_last_poll(simulated):
    polled = simulated()
    polled.server.faults.troubles.append(Trouble(Status(403), path="/v1/organizations"))
    with pytest.raises(NotPermitted):
        polled.poll()
    polled.server.faults.troubles.clear()
    polled.poll()
    polled.later(minutes=5)
    polled.server.faults.troubles.append(Trouble(Status(403), path="/v1/organizations"))
    snapshot = polled.poll()
    assert value_of(snapshot, Metric.ORGANIZATIONS) is None
    assert value_of(snapshot, Metric.PEOPLE) == 100


def test_a_license_that_appears_is_reported_by_name(simulated):
    late = LicensePlan("Webex Webinars", "WEB", 50, 5, 0, "Sub7", listed_from=NOON + timedelta(minutes=1))
    staying = LicensePlan("Advanced Messaging", "MS", 100, 90, 0, "Sub7")
    polled = simulated(World(organizations=(OrganizationPlan(licenses=(staying, late)),)))
    polled.poll()
    polled.later(minutes=5)
    snapshot = polled.poll()
    assert [new.name for new in snapshot.appeared] == ["Webex Webinars"]
    assert {c.usage.license.name: c.assigned_change for c in snapshot.licenses} == {
        "Advanced Messaging": 0,
        "Webex Webinars": None,
    }


def test_an_outage_longer_than_webexs_memory_is_a_gap_that_is_reported_once(simulated):
    polled = simulated()
    polled.poll()
    scripted = polled.server.scripted
    scripted.post_message(NOON + timedelta(days=1))  # beyond Webex's look-back of 89 days at the next poll
    scripted.post_message(NOON + timedelta(days=50))
    polled.later(days=100)
    snapshot = polled.poll()
    gap = collection_of(snapshot, "events window")
    assert gap.status is CollectionStatus.GAP
    assert re.fullmatch(
        r"the events from 2026-11-23 11:58:00\.\d+ to 2026-12-04 11:58:00\.\d+ can no longer be counted", gap.error
    )
    assert change_of(snapshot, Metric.MESSAGES_CREATED) == 1
    polled.later(minutes=5)
    assert not [run for run in polled.poll().collections if run.collector == "events window"]
