"""Admin audit events that do not fit into a poll, by whichever way their list is paged."""

from datetime import timedelta

import pytest
from handed_time import TimeByRequests
from polling import collection_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator.faults.switches import PagingFault
from webexhist.snapshot import CollectionStatus


@pytest.mark.parametrize("amount", [950, 1_000])
@pytest.mark.parametrize("paging", [set(), {PagingFault.NO_LINK}, {PagingFault.TRAILING_EMPTY_PAGE}])
def test_audit_events_are_counted_by_polls_that_go_on_with_the_next_page(simulated, paging, amount):
    """Ten pages, of which a poll of 6 s can read four beside the list of organizations, or one if it began slowly."""
    polled = simulated()
    polled.server.faults.page_limits["/v1/adminAudit/events"] = 100
    polled.server.faults.paging |= paging
    polled.poll("admin audit")
    before = polled.clock()
    polled.later(days=1)
    for number in range(amount):
        polled.server.scripted.record_audit_event(before + timedelta(seconds=60 * number + 1))
    found = []
    while not found or collection_of(found[-1], "admin audit").status is CollectionStatus.OUT_OF_TIME:
        assert len(found) < 10
        polled.time = TimeByRequests(lambda: len(polled.server.requests))
        found.append(polled.poll("admin audit", budget_seconds="6"))
        polled.later(seconds=20)
    assert len(found) > 2
    assert collection_of(found[-1], "admin audit").status is CollectionStatus.OK
    assert value_of(found[-1], Metric.ADMIN_AUDIT_EVENTS) == amount
    asked = polled.server.requests.by_path()["/v1/adminAudit/events"]
    assert asked <= amount // 100 + 2 * len(found)  # each page once; a poll may ask for more than it can take
    polled.poll("admin audit")
    assert not list(polled.folder.glob("*.bookmark"))
