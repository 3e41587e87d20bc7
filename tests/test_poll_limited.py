"""Polls of a service that answers five requests a second, and 429 beyond."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from handed_time import JointTime
from limited import DelaysBy
from polling import NOON, Polled

from webexhist.simulator import Faults, SimulatedWebex, VirtualClock, sized_world
from webexhist.simulator.faults.switches import RateLimit, Status, Trouble

SIZE = {
    "people": 60,
    "rooms": 20,
    "teams": 16,
    "memberships_per_team": 3,
    "messages": 100,
    "messages_a_day_from_now": 100,
    "devices": 40,
    "workspaces": 10,
}
PAGES = {"/v1/people": 6, "/v1/devices": 3, "/v1/rooms": 3}
"""So many small lists, none of which needs more than two fifths of what a poll may ask, and together they need more.

One that has most of a poll to itself, and runs out of time, is taken for one that never fits.
"""
POLLS = 6


def limited_polls(folder, template, size):
    """The requests, the seconds and the troubles of each of some polls whose budget is too small for one of them."""
    time, clock, found = JointTime(), VirtualClock(NOON), []
    faults = Faults(rate_limits=[RateLimit(5, 1.0)], page_limits=PAGES)
    with ExitStack() as running:
        server = running.enter_context(
            SimulatedWebex(sized_world(NOON, **size), clock, faults, delays=DelaysBy(time))
        )
        polled = Polled(server, clock, folder, template, time)
        for _ in range(POLLS):
            began, asked = time.now(), len(server.requests)
            (snapshot,) = polled.polls(budget_seconds="10")
            late = {run.collector: run.error for run in snapshot.collections if run.status.is_trouble}
            found.append((len(server.requests) - asked, time.now() - began, late))
            time.passed = began + 300
            polled.later(minutes=5)
    return found


@pytest.fixture(scope="module")
def polls(tmp_path_factory, sqlite_template):
    return limited_polls(tmp_path_factory.mktemp("limited"), sqlite_template, SIZE)


@pytest.mark.slow
def test_it_is_asked_hardly_more_often_than_it_answers(polls):
    requests, seconds, _ = zip(*polls, strict=True)
    assert sum(requests) / sum(seconds) <= 6
    assert max(seconds) <= 10


def test_what_time_ran_out_for_goes_first_until_all_is_counted(polls):
    late = [names for _, _, names in polls]
    assert any(late), "one poll's time is not always enough for all"
    assert not set.intersection(*map(set, late)), "nothing is left out by every poll"


@pytest.mark.slow
def test_a_list_that_never_fits_does_not_go_first_for_ever(tmp_path, sqlite_template):
    late = [names for _, _, names in limited_polls(tmp_path, sqlite_template, SIZE | {"teams": 70})]
    assert set.intersection(*map(set, late)) == {"teams"}
    assert late[-1]["teams"] == (
        "the list does not fit into budget_seconds 10, its last count, if any, stands for a day: count it by a timer"
        " of its own: webexhist poll --only 'teams' --budget-seconds N"
    )


def test_a_service_that_is_closed_until_later_is_not_asked_by_the_polls_before_and_none_of_them_waits(
    tmp_path, sqlite_template
):
    time, clock, asked = JointTime(), VirtualClock(NOON), []
    closed = Trouble(Status(429, "150"), skip=6, until=NOON + timedelta(seconds=150))
    faults = Faults(troubles=[closed])
    with SimulatedWebex(sized_world(NOON, people=5), clock, faults, delays=DelaysBy(time)) as server:
        polled = Polled(server, clock, tmp_path, sqlite_template, time)
        for minute in range(4):
            time.passed = began = 60.0 * minute
            before = len(server.requests)
            polled.poll(budget_seconds="20")
            asked.append((len(server.requests) - before, time.passed - began))
            polled.later(minutes=1)
    assert asked[1:3] == [(0, 0.0), (0, 0.0)]
    assert asked[0][0] > 6
    assert asked[3][0] > 0
