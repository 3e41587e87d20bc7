"""Lists that lost more than half of what they held: they are asked for again in the same poll."""

import json

import pytest
from polling import NOON, collection_of, count_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Body, Status
from webexhist.simulator.world.plans import organization_id
from webexhist.snapshot import CollectionStatus

NONE = Body(b'{"items": []}')
LISTS = {
    Metric.DEVICES: "/v1/devices",
    Metric.PLACES: "/v1/workspaces",
    Metric.ROOMS: "/v1/rooms",
    Metric.TEAMS: "/v1/teams",
    Metric.ROLES: "/v1/roles",
    Metric.HYBRID_CLUSTERS: "/v1/hybrid/clusters",
    Metric.HYBRID_CONNECTORS: "/v1/hybrid/connectors",
    Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED: "/v1/resourceGroup/memberships/v2",
}


@pytest.fixture
def polled(simulated):
    return simulated()


def test_an_answer_that_is_empty_once_is_not_believed(polled):
    first = polled.poll()
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [Trouble(NONE, path, times=1) for path in LISTS.values()]
    second = polled.poll()
    assert {metric: value_of(second, metric) for metric in LISTS} == {
        metric: value_of(first, metric) for metric in LISTS
    }


def test_what_is_empty_twice_is_empty(polled):
    polled.poll()
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [Trouble(NONE, path, times=2) for path in LISTS.values()]
    second = polled.poll()
    assert {metric: value_of(second, metric) for metric in LISTS} == dict.fromkeys(LISTS, 0)


@pytest.mark.parametrize(("listed", "times", "polls", "requests"), [(2, 1, 5, 2), (2, 2, 2, 2), (3, 1, 3, 1)])
def test_organizations_that_are_few_once_are_asked_for_again(simulated, listed, times, polls, requests):
    polled = simulated(World(organizations=tuple(OrganizationPlan(name=f"Customer {n}") for n in range(5))))
    assert len(polled.polls()) == 5
    polled.later(minutes=5)
    items = [{"id": organization_id(n), "displayName": f"Customer {n}"} for n in range(listed)]
    few = Body(json.dumps({"items": items}).encode())
    polled.server.faults.troubles[:] = [Trouble(few, "/v1/organizations", times=times)]
    polled.server.requests.clear()
    snapshots = polled.polls()
    assert (len(snapshots), value_of(snapshots[0], Metric.ORGANIZATIONS)) == (polls, polls)
    assert polled.server.requests.by_path()["/v1/organizations"] == requests


def test_people_that_are_none_once_are_not_believed(polled):
    polled.poll()
    polled.later(days=1)
    polled.server.faults.troubles[:] = [Trouble(NONE, "/v1/people", times=1)]
    assert value_of(polled.poll(), Metric.PEOPLE) == 100


def test_what_could_not_be_asked_again_in_time_is_not_believed_but_held(polled):
    first = polled.poll()
    polled.later(minutes=5)
    polled.server.faults.troubles[:] = [
        trouble
        for path in LISTS.values()
        for trouble in (Trouble(NONE, path, times=1), Trouble(Status(429, "3600"), path))
    ]
    second = polled.poll()
    held = [count_of(second, metric) for metric in LISTS]
    assert [(count.value, count.change, count.as_of) for count in held] == [
        (value_of(first, metric), None, NOON) for metric in LISTS
    ]
    assert collection_of(second, "devices").status is CollectionStatus.OUT_OF_TIME
