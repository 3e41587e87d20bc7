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
    """Ten pages, of which a poll of 6 s can read four beside the list of organizations."""
    polled = simulated()
    polled.server.faults.page_limits["/v1/adminAudit/events"] = 100
    polled.server.faults.paging |= paging
    polled.poll("admin audit")
    before = polled.clock()
    polled.later(days=1)
    for number in range(amount):
        polled.server.scripted.record_audit_event(before + timedelta(seconds=60 * number + 1))
    polled.server.requests.by_path()
    found = []
    for _ in range(4):
        polled.time = TimeByRequests(lambda: len(polled.server.requests))
        found.append(polled.poll("admin audit", budget_seconds="6"))
        polled.later(seconds=20)
    assert value_of(found[-1], Metric.ADMIN_AUDIT_EVENTS) == amount
    statuses = [collection_of(snapshot, "admin audit").status for snapshot in found]
    assert statuses[0] is CollectionStatus.OUT_OF_TIME
    assert statuses[-1] is CollectionStatus.OK
    assert not list(polled.folder.glob("*.bookmark"))
