"""Lists take turns, whatever organization they are of: each is counted while as much is asked as all of them take."""

import random
from contextlib import ExitStack

import pytest
from handed_time import JointTime
from limited import DelaysBy
from polling import NOON, Polled

from webexhist.simulator import Faults, SimulatedWebex, VirtualClock, World
from webexhist.simulator.faults.switches import RateLimit
from webexhist.simulator.world.plans import OrganizationPlan, usual_licenses

NOT_LISTS = 2
"""Requests of each poll that count no list: which organizations there are, and which is the token's own."""
LONGER = 3
"""Polls that a list may wait for longer: what is refused counts no list, nor what is begun and not done."""


def polls_of(folder, organizations: int, limit: RateLimit | None, budget: float, polls: int):
    """How many requests each poll made, and how many of them at most while each list was not counted."""
    plans = [
        OrganizationPlan(name=f"Org {n}", people=5, licenses=usual_licenses(5)[:2]) for n in range(organizations)
    ]
    time, clock, asked, counted, waited = JointTime(), VirtualClock(NOON), [], {}, {}
    faults = Faults(rate_limits=[limit] if limit else [], page_limits={"/v1/people": 2})
    with ExitStack() as running:
        world = World(organizations=tuple(plans))
        server = running.enter_context(SimulatedWebex(world, clock, faults, delays=DelaysBy(time)))
        polled = Polled(server, clock, folder, None, time)
        for number in range(1, polls + 1):
            began, before = time.now(), len(server.requests)
            snapshots = polled.polls(budget_seconds=f"{budget:g}")
            asked.append(len(server.requests) - before - NOT_LISTS)
            for snapshot in snapshots:
                for run in snapshot.collections:
                    one = snapshot.organization.name, run.collector
                    if not run.status.is_trouble:
                        counted[one] = number
                    waited[one] = max(waited.get(one, 0), sum(asked[counted.get(one, 0) :]))
            time.passed = began + 300
            polled.later(minutes=5)
    return asked, waited


@pytest.mark.slow
@pytest.mark.search
@pytest.mark.parametrize("seed", [1, 3, 5])
def test_no_list_waits_while_more_is_asked_than_all_of_them_take(tmp_path_factory, seed):
    chosen = random.Random(seed)
    organizations, budget, cycle = chosen.randint(10, 60), chosen.choice([5, 10, 25]), chosen.randint(5, 12)
    (needed,), _ = polls_of(tmp_path_factory.mktemp("at_once"), organizations, None, 60, 1)
    limit = RateLimit(max(2, round(needed / cycle / budget)), 1.0, chosen.choice(["1", "2", "0"]))
    asked, waited = polls_of(tmp_path_factory.mktemp("limited"), organizations, limit, budget, 2 * cycle + 6)
    waits, longer = sorted(waited.values()), LONGER * sum(asked) / len(asked)
    assert waits[len(waits) * 19 // 20] <= needed + longer
    assert waits[-1] <= 2 * needed + longer, "even what was not done in its turn has the next one"
