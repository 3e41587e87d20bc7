"""Hybrid services: their lists are seen with one page, and counted whole where they have more."""

import json

import pytest
from polling import collection_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Body, Status
from webexhist.snapshot import CollectionStatus

LISTS = {"/v1/hybrid/clusters": Metric.HYBRID_CLUSTERS, "/v1/hybrid/connectors": Metric.HYBRID_CONNECTORS}


def page(path, *names, link=""):
    """A page, with a link to the next one or without."""
    content_type = f"application/json\r\nLink: {link}" if link else "application/json"
    items = [{"id": f"{path} {name}"} for name in names]
    return Body(json.dumps({"items": items}).encode(), content_type=content_type)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("then", "counted", "reason"),
    [
        ((), None, "answered 404"),
        (("b", "c", "d"), 4, ""),
    ],
)
def test_a_hybrid_list_of_two_pages_is_counted_whole_or_not_at_all(simulated, path, then, counted, reason):
    polled = simulated()
    link = f'<{polled.server.base_url}{path}?cursor=1>; rel="next"'
    polled.server.faults.troubles[:] = [
        Trouble(page(path, "a", "b", link=link), path, times=1),
        Trouble(page(path, *then) if then else Status(404), path),
    ]
    snapshot = polled.poll()
    assert value_of(snapshot, LISTS[path]) == counted
    assert reason in (collection_of(snapshot, LISTS[path].words).error or "")


@pytest.mark.parametrize("path", LISTS)
def test_a_hybrid_list_whose_link_cannot_be_read_may_go_on(simulated, path):
    polled = simulated()
    polled.server.faults.troubles[:] = [Trouble(page(path, "a", link='http://h/x; rel="next"'), path)]
    assert value_of(polled.poll(), LISTS[path]) is None


@pytest.mark.parametrize("answer", [Body(b"{}"), Body(b"[]"), Body(b'{"items": []}'), Status(404)])
def test_an_organization_without_hybrid_services_has_none(simulated, answer):
    polled = simulated()
    polled.server.faults.troubles[:] = [Trouble(answer, "/v1/hybrid/*")]
    snapshot = polled.poll()
    assert [value_of(snapshot, metric) for metric in LISTS.values()] == [0, 0]
    assert collection_of(snapshot, "hybrid clusters").status is CollectionStatus.OK
