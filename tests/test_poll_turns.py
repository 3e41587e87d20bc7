"""Lists take turns, whatever organization they are of: each is counted after as many polls as all of them take."""

import math
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
FINDING = 3
"""Polls that it may take longer: to find the rate, to begin a list that is not done, and to end in mid-poll."""


def polls_of(folder, organizations: int, limit: RateLimit | None, budget: float, polls: int):
    """How many requests each poll made, and for how many polls at most each list was not counted."""
    plans = [
        OrganizationPlan(name=f"Org {n}", people=5, licenses=usual_licenses(5)[:2]) for n in range(organizations)
    ]
    time, clock, asked, counted, ages = JointTime(), VirtualClock(NOON), [], {}, {}
    faults = Faults(rate_limits=[limit] if limit else [], page_limits={"/v1/people": 2})
    with ExitStack() as running:
        world = World(organizations=tuple(plans))
        server = running.enter_context(SimulatedWebex(world, clock, faults, delays=DelaysBy(time)))
        polled = Polled(server, clock, folder, None, time)
        for number in range(1, polls + 1):
            began, before = time.now(), len(server.requests)
            for snapshot in polled.polls(budget_seconds=f"{budget:g}"):
                for run in snapshot.collections:
                    one = snapshot.organization.name, run.collector
                    if not run.status.is_trouble:
                        counted[one] = number
                    ages[one] = max(ages.get(one, 0), number - counted.get(one, 0))
            asked.append(len(server.requests) - before)
            time.passed = began + 300
            polled.later(minutes=5)
    return asked, ages


@pytest.mark.slow
@pytest.mark.search
@pytest.mark.parametrize("seed", [1, 3, 5])
def test_no_list_waits_for_more_polls_than_all_of_them_take(tmp_path_factory, seed):
    chosen = random.Random(seed)
    organizations, budget, cycle = chosen.randint(10, 60), chosen.choice([5, 10, 25]), chosen.randint(5, 12)
    (needed,), _ = polls_of(tmp_path_factory.mktemp("at_once"), organizations, None, 60, 1)
    limit = RateLimit(max(2, round(needed / cycle / budget)), 1.0, chosen.choice(["1", "2", "0"]))
    asked, ages = polls_of(tmp_path_factory.mktemp("limited"), organizations, limit, budget, 2 * cycle + 6)
    a_poll = sum(asked[1:]) / len(asked[1:]) - NOT_LISTS
    bound = math.ceil(needed / a_poll) + FINDING
    assert max(ages.values()) <= bound
