"""Polls of many organizations under a limit: what asks to wait for as long as a poll lasts ends none of the next."""

from contextlib import ExitStack
from datetime import timedelta
from email.utils import format_datetime

import pytest
from handed_time import JointTime
from limited import DelaysBy
from polling import NOON, Polled

from webexhist.simulator import Faults, SimulatedWebex, VirtualClock, World
from webexhist.simulator.faults.switches import RateLimit
from webexhist.simulator.world.plans import OrganizationPlan, usual_licenses

BUDGET = 60.0


def waits(folder, organizations: int, limit: int, retry_after: str | None, polls: int, path: str = "*"):
    """The requests a second of each poll, and after how many polls each list of each organization was counted."""
    plans = [
        OrganizationPlan(name=f"Org {n}", people=5, licenses=usual_licenses(5)[:2]) for n in range(organizations)
    ]
    time, clock, rates, first = JointTime(), VirtualClock(NOON), [], {}
    faults = Faults()
    with ExitStack() as running:
        world = World(organizations=tuple(plans))
        server = running.enter_context(SimulatedWebex(world, clock, faults, delays=DelaysBy(time)))
        polled = Polled(server, clock, folder, None, time)
        for number in range(polls):
            header = format_datetime(clock() + timedelta(seconds=10), True) if retry_after == "date" else retry_after
            faults.rate_limits = [RateLimit(limit, 1.0, header, path)]
            began, asked = time.now(), len(server.requests)
            for snapshot in polled.polls(budget_seconds=f"{BUDGET:g}"):
                for run in snapshot.collections:
                    name = snapshot.organization.name, run.collector
                    first.setdefault(name, None)
                    if first[name] is None and not run.status.is_trouble:
                        first[name] = number + 1
            rates.append((len(server.requests) - asked) / BUDGET)
            time.passed = began + 300
            polled.later(minutes=5)
    return rates, first


@pytest.mark.slow
def test_a_limit_that_asks_to_wait_for_the_whole_poll_is_met_once(tmp_path):
    rates, first = waits(tmp_path, organizations=20, limit=5, retry_after="60", polls=5)
    assert max(rates) <= 6
    assert None not in first.values()


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "retry_after"), [(3, "5"), (5, "0"), (5, "30")])
def test_sixty_organizations_are_counted_within_a_few_polls_whatever_wait_is_asked_for(tmp_path, limit, retry_after):
    rates, first = waits(tmp_path, organizations=60, limit=limit, retry_after=retry_after, polls=12)
    assert max(rates) <= 1.2 * limit
    assert None not in first.values()


@pytest.mark.slow
def test_one_endpoint_that_is_limited_keeps_no_other_from_being_counted(tmp_path):
    _, first = waits(tmp_path, organizations=20, limit=1, retry_after="20", polls=2, path="/v1/licenses")
    late = {name for (_, name), number in first.items() if number != 1}
    assert late <= {"licenses"}
