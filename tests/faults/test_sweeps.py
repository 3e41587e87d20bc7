"""A sweep of all people that is killed, refused, asked to wait or answered oddly: all of it is stored, or nothing."""

import random

import pytest
from forked_polls import Poller
from forked_processes import NEVER
from polling import collection_of

from webexhist.simulator import Faults, OrganizationPlan, Trouble, World
from webexhist.simulator.faults.switches import PagingFault, Status
from webexhist.simulator.world.habits import DAY_MS, Habits
from webexhist.simulator.world.plans import LicensePlan

PEOPLE = "/v1/people"
BY_DEPARTMENT = {"seats": "on", "seats_by": "department"}
PAGE = 10


def habits(number, now_ms):
    """30 of Sales, 10 of them not active for 100 days; 27 of Service; 3 of Legal."""
    department = "Sales" if number < 30 else "Legal" if number >= 57 else "Service"
    return Habits(department, None, "inactive", now_ms - (100 if number < 10 else 1) * DAY_MS)


LICENSES = (
    LicensePlan("Webex Calling - Professional", "BCSTD", 80, 60, 0, "Sub1"),
    LicensePlan("Webex Meetings Suite", "EE", 80, 60, 0, "Sub1"),
)
WORLD = World(organizations=(OrganizationPlan(people=60, licenses=LICENSES, habits=habits),))
WHOLE = {("Sales 30 10, others 30 0", "60")}
SWEEPS = """
SELECT taken_at, license_id, group_concat(seat_group || ' ' || (active + idle_30) || ' ' || idle_90, ', '),
  (SELECT group_concat(p.people) FROM seat_people p WHERE p.taken_epoch = s.taken_epoch)
FROM (SELECT * FROM seat_activity ORDER BY seat_group) s GROUP BY taken_at, license_id
"""


def sweeps(polled):
    """What the sweeps of different days found, each as often as it did; and of how many rows they are made."""
    found = polled.stored(SWEEPS)
    return {row[2:] for row in found}, len(found)


def asked(polled):
    """How many pages were asked for with the presence of everybody."""
    return sum(log.path == PEOPLE and "excludeStatus" not in log.query for log in polled.server.requests.entries)


@pytest.mark.slow
def test_a_sweep_that_is_killed_at_any_moment_leaves_all_of_it_or_nothing(simulated):
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: PAGE}))
    file = polled.folder / "webexhist.db"
    polled.poll()
    poller = Poller(polled, random.Random(1), **BY_DEPARTMENT)
    polled.later(days=1)
    calls = poller.calls_of_a_poll(file)
    found, rows = sweeps(polled)
    assert found == WHOLE
    unfinished = 0
    for pages in (1, 4, 6):
        polled.later(days=1)
        polled.server.requests.clear()
        poller.poll(file, NEVER, until=lambda pages=pages: asked(polled) >= pages)
        unfinished += sweeps(polled)[1] == rows
        found, rows = sweeps(polled)
        assert found == WHOLE
    assert unfinished >= 2
    for share in (0.6, 0.7, 0.75, 0.8, 0.9):
        polled.later(days=1)
        poller.poll(file, int(calls * share))
        found, now = sweeps(polled)
        assert (found, now - rows) in ((WHOLE, 0), (WHOLE, 2))
        rows = now
    poller.stop()
    polled.later(days=1)
    polled.poll(**BY_DEPARTMENT)
    assert sweeps(polled) == (WHOLE, rows + 2)


SEEN_THROUGH = set(PagingFault) - {PagingFault.REPEATED_NEXT, PagingFault.NO_LINK, PagingFault.DEVICES_CAPPED}


def test_a_list_whose_pages_are_linked_oddly_counts_everybody_once(simulated):
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: PAGE}, paging=set(SEEN_THROUGH)))
    assert collection_of(polled.poll(**BY_DEPARTMENT), "seats").error is None
    assert sweeps(polled) == (WHOLE, 2)


def test_a_list_without_an_end_or_half_as_long_as_before_is_unknown_with_its_reason(simulated):
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: PAGE}))
    polled.poll()
    reasons = []
    for fault in (PagingFault.REPEATED_NEXT, PagingFault.NO_LINK):
        polled.later(days=1)
        polled.server.faults.paging = {fault}
        run = collection_of(polled.poll("seats", **BY_DEPARTMENT), "seats")
        reasons.append(run.error.partition(":")[0])
    assert reasons == [
        "GET /v1/people leads back to a page that was read already",
        "GET /v1/people lists fewer than half of the 60 people who were counted before",
    ]
    assert sweeps(polled) == (set(), 0)


@pytest.mark.parametrize("status", [Status(503), Status(502, html=True), Status(429, retry_after="2")], ids=repr)
def test_a_server_that_fails_or_asks_to_wait_amid_a_sweep_is_asked_again(simulated, status):
    troubles = [Trouble(status, path=PEOPLE, skip=3, every=3, times=3)]
    polled = simulated(WORLD, Faults(page_limits={PEOPLE: PAGE}, troubles=troubles))
    assert collection_of(polled.poll(**BY_DEPARTMENT), "seats").error is None
    assert sweeps(polled) == (WHOLE, 2)
