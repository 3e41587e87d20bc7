"""Whatever Webex answers: no collector breaks, and none brings what the body did not say."""

import json
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from json_bodies import IDS, LEAVES, is_id, items, key_of, listed, rows_of, sent, units_of
from polling import NOON

from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.simulator import SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import Body
from webexhist.simulator.world.plans import organization_id
from webexhist.snapshot import CollectionStatus, Organization
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.collect import attempt
from webexhist.webex.collectors.admin_audit import ADMIN_AUDIT
from webexhist.webex.collectors.devices import DEVICES
from webexhist.webex.collectors.events import EVENTS, METRIC_OF_EVENT
from webexhist.webex.collectors.hybrid import HYBRID_CLUSTERS, HYBRID_CONNECTORS
from webexhist.webex.collectors.interface import AskedOnce, Target
from webexhist.webex.collectors.licenses import LICENSES
from webexhist.webex.collectors.organizations import list_organizations
from webexhist.webex.collectors.people import PEOPLE
from webexhist.webex.collectors.places import PLACES
from webexhist.webex.collectors.resource_groups import METRIC_OF_STATUS, RESOURCE_GROUP_MEMBERSHIPS
from webexhist.webex.collectors.roles import ROLES
from webexhist.webex.collectors.rooms import ROOM_MESSAGES, ROOMS
from webexhist.webex.collectors.teams import TEAMS

OPENED = NOON - timedelta(minutes=10)
TIMES = {
    "2026-11-23T11:55:00.000Z": True,
    "2026-11-23T12:55:00+01:00": True,
    "2026-11-23 11:50:00.001": True,
    "2026-11-23T11:50:00Z": False,
    "2026-11-23T13:00:00.000Z": False,
    "2025-01-01T00:00:00Z": False,
}
"""Times of events, and whether they are in the window (11:50, 12:00]."""
EVENT_BODIES = items(
    id=IDS,
    resource=st.sampled_from(["messages", "memberships", "meetings", "Messages"]),
    type=st.sampled_from(["created", "updated", "deleted", "started"]),
    created=st.sampled_from(list(TIMES)),
)
LICENSE_BODIES = items(
    id=IDS,
    name=LEAVES,
    totalUnits=LEAVES,
    consumedUnits=LEAVES,
    consumedByUsers=LEAVES,
    subscriptionId=LEAVES,
    siteUrl=LEAVES,
)
THINGS = items(id=IDS, name=LEAVES)


class Token:
    warnings = ()

    def access_token(self):
        return SimulatedWebex().access_token

    def renewed(self, rejected):
        return rejected


class Asker:
    """Runs collectors one at a time against a service whose bodies can be set."""

    def __init__(self, running):
        self.server = running.enter_context(SimulatedWebex(World(), VirtualClock(NOON)))
        services = Services(self.server.base_url, self.server.base_url, self.server.base_url)
        transport = running.enter_context(Transport(services.all, Token(), Deadline(10_000), 2))
        self.client = WebexClient(services, transport, running.enter_context(Workers(2)))
        self.client.get("/v1/roles")  # from here on the service's clock is known
        self.target = Target(
            Organization(organization_id(0), "Acme Example"),
            teams=(),
            counted_until=dict.fromkeys(("events", "audit", "rooms"), OPENED),
            time=lambda: NOON,
            before=None,
            settle=timedelta(),
        )

    def answering(self, bodies):
        self.server.faults.troubles[:] = [Trouble(Body(content), path) for path, content in bodies.items()]

    def outcome(self, collector, bodies):
        self.answering(bodies)
        return attempt(collector, self.client, replace(self.target, once=AskedOnce()))

    def values(self, collector, bodies):
        """What the collector counted; that something is unknown has a reason."""
        outcome = self.outcome(collector, bodies)
        values = {count.metric: count.value for count in outcome.gathered.counts}
        assert (outcome.collection.status is CollectionStatus.OK) == (None not in values.values())
        assert (outcome.collection.error is None) == (outcome.collection.status is CollectionStatus.OK)
        return values


@pytest.fixture(scope="module")
def asker():
    with ExitStack() as running:
        yield Asker(running)


def searched(*strategies, examples=20):
    """Two tests of one property: a short search for every day, and a long one."""

    def decorate(property_):
        return pytest.mark.parametrize("search", [examples, pytest.param(400, marks=pytest.mark.slow)])(
            with_search(property_, strategies)
        )

    return decorate


def with_search(property_, strategies):
    def test(asker, search):
        @given(st.tuples(*strategies))
        @settings(max_examples=search)
        def holds(drawn):
            property_(asker, *drawn)

        holds()

    test.__name__ = property_.__name__
    test.__doc__ = property_.__doc__
    return test


GAUGES = {
    Metric.DEVICES: (DEVICES, "/v1/devices"),
    Metric.PLACES: (PLACES, "/v1/workspaces"),
    Metric.ROLES: (ROLES, "/v1/roles"),
    Metric.PEOPLE: (PEOPLE, "/v1/people"),
    Metric.HYBRID_CLUSTERS: (HYBRID_CLUSTERS, "/v1/hybrid/clusters"),
    Metric.HYBRID_CONNECTORS: (HYBRID_CONNECTORS, "/v1/hybrid/connectors"),
}
NO_HYBRID = {Metric.HYBRID_CLUSTERS, Metric.HYBRID_CONNECTORS}


@searched(st.sampled_from(list(GAUGES)), THINGS, examples=60)
def test_a_gauge_is_the_number_of_distinct_items_or_unknown(asker, metric, content):
    collector, path = GAUGES[metric]
    nothing = metric in NO_HYBRID and json.loads(content) in ({}, [])
    rows = [] if nothing else rows_of(content)
    assert asker.values(collector, {path: content}) == {metric: None if rows is None else len(rows)}


@searched(THINGS)
def test_rooms_are_the_number_of_distinct_items_or_unknown(asker, content):
    rows = rows_of(content)
    assert asker.values(ROOMS, {"/v1/rooms": content}) == {Metric.ROOMS: None if rows is None else len(rows)}


@searched(items(totalResults=LEAVES) | st.fixed_dictionaries({"totalResults": LEAVES}).map(sent))
def test_the_identity_service_never_changes_the_number_of_people(asker, content):
    assert asker.values(PEOPLE, {"/identity/*": content}) == {Metric.PEOPLE: 100}


@searched(THINGS, THINGS)
def test_teams_are_known_even_where_their_members_are_not(asker, teams, members):
    outcome = asker.outcome(TEAMS, {"/v1/teams": teams, "/v1/team/memberships": members})
    values = {count.metric: count.value for count in outcome.gathered.counts}
    team_rows, member_rows = rows_of(teams), rows_of(members)
    number = None if team_rows is None else len(team_rows)
    sum_known = number == 0 or (number is not None and member_rows is not None)
    memberships = number * len(member_rows or ()) if sum_known else None
    assert values == {Metric.TEAMS: number, Metric.TEAM_MEMBERSHIPS: memberships}


@searched(items(id=IDS, status=st.sampled_from(["activated", "pending", "error", "undocumented"])))
def test_resource_groups_are_counted_by_what_their_status_says(asker, content):
    rows = rows_of(content)
    states = [row.get("status") for row in rows or ()]
    # Also of a row that is listed again: nobody can say which of the two is the true one.
    named = [item.get("status") for item in listed(content) or ()]
    readable = rows is not None and all(isinstance(state, str) and state for state in named)
    expected = {metric: Counter(states)[state] if readable else None for state, metric in METRIC_OF_STATUS.items()}
    assert asker.values(RESOURCE_GROUP_MEMBERSHIPS, {"/v1/resourceGroup/memberships/v2": content}) == expected


@searched(EVENT_BODIES)
def test_events_are_counted_where_they_belong_or_else_where_they_are_met(asker, content):
    content = without_contradictions(content)
    expected = event_counts(listed(content))
    assert asker.values(EVENTS, {"/v1/events": content}) == expected


def without_contradictions(content):
    """The same, an event that is listed again being the same event: nobody can say which of two would be true."""
    events = listed(content)
    if events is None:
        return content
    first = {}
    return json.dumps({"items": [first.setdefault(key_of(event), event) for event in events]}).encode()


def event_counts(events):
    unknown = dict.fromkeys(METRIC_OF_EVENT.values())
    if events is None:
        return unknown
    seen = {}
    for event in events:
        kind = (event.get("resource"), event.get("type"))
        readable = all(isinstance(word, str) and word for word in kind)
        if readable and kind in METRIC_OF_EVENT and (not has_time(event) or TIMES[event["created"]]):
            seen.setdefault(key_of(event), METRIC_OF_EVENT[kind])
    return {metric: Counter(seen.values())[metric] for metric in METRIC_OF_EVENT.values()}


def keys_newest_first(messages):
    """Of a room's messages those in the window: without a time all but those listed after one of before it."""
    is_past = False
    for message in messages:
        if not has_time(message):
            if not is_past:
                yield key_of(message)
        elif TIMES[message["created"]]:
            yield key_of(message)
        else:
            is_past = is_past or message["created"] in ("2026-11-23T11:50:00Z", "2025-01-01T00:00:00Z")


def has_time(event):
    """Whether an item has one of the times that these bodies hold; nothing else in them is one."""
    created = event.get("created")
    return isinstance(created, str) and created in TIMES


@searched(items(id=IDS, created=st.sampled_from(list(TIMES))))
def test_audit_events_and_messages_are_counted_where_they_belong_or_else_where_they_are_met(asker, content):
    content = without_contradictions(content)
    events = listed(content)
    in_window = in_rooms = None
    if events is not None:
        in_window = len({key_of(event) for event in events if not has_time(event) or TIMES[event["created"]]})
        in_rooms = len(set(keys_newest_first(events)))
    audit = asker.values(ADMIN_AUDIT, {"/v1/adminAudit/events": content})
    assert audit == {Metric.ADMIN_AUDIT_EVENTS: in_window}
    rooms = sent({"items": [{"id": "R1"}, {"id": "R2"}]})
    counted = asker.values(ROOM_MESSAGES, {"/v1/rooms": rooms, "/v1/messages": content})
    assert counted == {Metric.ROOM_MESSAGES_CREATED: None if in_rooms is None else 2 * in_rooms}


@searched(LICENSE_BODIES, examples=40)
def test_licenses_are_as_the_list_gives_them_or_unknown_altogether(asker, content):
    gathered = asker.outcome(LICENSES, {"/v1/licenses": content}).gathered
    rows = rows_of(content)
    if rows is None or not all(is_id(row.get("id")) for row in rows):
        assert gathered.licenses is None
        return
    found = {
        usage.license.webex_id: (
            usage.purchased,
            usage.assigned,
            usage.assigned_to_users,
            usage.assigned_to_workspaces,
        )
        for usage in gathered.licenses
    }
    fields = ("totalUnits", "consumedUnits", "consumedByUsers", "consumedByWorkspaces")
    named = listed(content)
    assert found == {
        row["id"]: tuple(units_of_all([each for each in named if each["id"] == row["id"]], field) for field in fields)
        for row in rows
    }
    assert all(usage.license.name for usage in gathered.licenses)


def units_of_all(rows, field):
    """Units of a license that several rows list; unknown where they do not say the same."""
    found = {units_in(row, field) for row in rows}
    return found.pop() if len(found) == 1 else None


def units_in(row, field):
    """Units as they are reported; only what was bought can be negative, and nothing beyond any organization."""
    units = units_of(row.get(field))
    fits = units is not None and (-(10**8) if field == "totalUnits" else 0) <= units <= 10**8
    return units if fits else None


@searched(items(id=IDS, displayName=LEAVES))
def test_organizations_are_those_listed_or_an_error(asker, content):
    asker.answering({"/v1/organizations": content})
    rows = rows_of(content)
    if rows is None or not all(is_id(row.get("id")) for row in rows):
        with pytest.raises(WebexhistError):
            list_organizations(asker.client)
    else:
        found = list_organizations(asker.client)
        assert [organization.webex_id for organization in found] == [row["id"] for row in rows]
