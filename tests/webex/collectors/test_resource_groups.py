"""Resource group memberships: by the version that has workspaces too, where there is one."""

import json

import pytest
from polling import collection_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import Faults, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import Body, Status
from webexhist.snapshot import CollectionStatus

GROUPS = World(organizations=(OrganizationPlan(resource_group_workspaces=5),))
SECOND, FIRST = "/v1/resourceGroup/memberships/v2", "/v1/resourceGroup/memberships"
STATES = (
    Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED,
    Metric.RESOURCE_GROUP_MEMBERSHIPS_PENDING,
    Metric.RESOURCE_GROUP_MEMBERSHIPS_ERROR,
)


@pytest.mark.parametrize(
    ("answer", "counted", "asked"),
    [
        (None, (16, 4, 1), (1, 0)),
        (404, (11, 4, 1), (1, 1)),
        (400, (11, 4, 1), (1, 1)),
        (410, (11, 4, 1), (1, 1)),
        (403, (None, None, None), (1, 0)),
    ],
)
def test_memberships_of_workspaces_count_wherever_webex_has_a_list_with_them(simulated, answer, counted, asked):
    troubles = [Trouble(Status(answer), path=SECOND)] if answer else []
    polled = simulated(GROUPS, Faults(troubles=troubles))
    snapshot = polled.poll(messages_source="off")
    assert tuple(value_of(snapshot, metric) for metric in STATES) == counted
    requests = polled.server.requests.by_path()
    assert (requests[SECOND], requests[FIRST]) == asked
    is_ok = collection_of(snapshot, "resource group memberships").status is CollectionStatus.OK
    assert is_ok == (counted[0] is not None)


@pytest.mark.parametrize(
    ("link", "then", "reason"),
    [
        ("{}?cursor=1", 400, "answered 400"),
        ("{}?cursor=1", 410, "answered 410"),
        ("{}?cursor=1", 404, "answered 404"),
        ("http://other.example/?cursor=1", 200, "another host"),
    ],
)
def test_a_list_with_workspaces_that_breaks_off_is_not_counted_without_them(simulated, link, then, reason):
    polled = simulated(GROUPS)
    target = link.format(f"{polled.server.base_url}{SECOND}")
    page = json.dumps({"items": [{"id": "a", "status": "activated"}]}).encode()
    polled.server.faults.troubles[:] = [
        Trouble(Body(page, content_type=f'application/json\r\nLink: <{target}>; rel="next"'), SECOND, times=1),
        Trouble(Status(then), SECOND),
    ]
    snapshot = polled.poll()
    assert [value_of(snapshot, metric) for metric in STATES] == [None, None, None]
    assert reason in (collection_of(snapshot, "resource group memberships").error or "")
    assert not polled.server.requests.by_path()[FIRST]
