"""How many requests are in flight, and how fast they follow one another."""

import threading
from concurrent.futures import wait

import pytest
from handed_time import PATIENCE, SkippedTime, StandingTime

from webexhist.request_rates import KnownRate
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.flow import Flow
from webexhist.webex.api.workers import Workers

MOMENT = 1_800_000_000.0
"""What the clock shows at 0, in seconds since 1970."""


def flow(first=8):
    time = SkippedTime()
    return time, Flow(Deadline(60, time), first)


def answer(asking, endpoint="/v1/rooms", seconds=0.2, times=1):
    for _ in range(times):
        with asking.request(endpoint):
            asking.answered(endpoint, seconds)


def test_it_begins_with_the_workers_and_grows_by_four_a_quick_answer_up_to_sixteen_times_as_many():
    _, asking = flow()
    grown = []
    asking.grown = grown.append
    assert asking.limit == 8
    answer(asking, times=3)
    assert (asking.limit, grown) == (20, [12, 16, 20])
    answer(asking, times=50)
    assert (asking.limit, grown[-1]) == (128, 128)


def test_answers_that_become_slow_let_nothing_grow():
    _, asking = flow()
    answer(asking, seconds=0.2)
    answer(asking, seconds=0.6, times=20)
    assert asking.limit == 12
    answer(asking, seconds=0.4)
    assert asking.limit == 16


def test_a_wait_halves_it_at_once_and_only_once_for_what_was_in_flight_together():
    time, asking = flow()
    time.passed = 5.0
    answer(asking, times=2)
    for endpoint in ("/v1/rooms", "/v1/teams", "/v1/people"):
        asking.asked_to_wait(endpoint, 1.0, began=4.9)
    assert asking.limit == 8
    time.passed = 7.0
    asking.asked_to_wait("/v1/rooms", 1.0, began=6.9)
    assert asking.limit == 4


def test_after_a_wait_it_grows_by_one_a_round():
    time, asking = flow()
    asking.asked_to_wait("/v1/people", 1.0, began=0.0)
    answer(asking, times=4)
    assert 4 < asking.limit < 5
    answer(asking, times=5)
    assert 5 < asking.limit < 6
    assert time.slept == []


def test_an_endpoint_that_asked_to_wait_is_asked_at_four_fifths_of_the_rate_at_which_it_answered():
    time, asking = flow()
    answer(asking, times=5)
    asking.asked_to_wait("/v1/rooms", 1.0, began=0.0)
    answer(asking, times=2)
    assert [round(seconds, 3) for seconds in time.slept] == [1.0, 0.2], "a twentieth of a second is caught up"
    answer(asking, "/v1/people", times=3)
    assert len(time.slept) == 2


def test_what_never_was_answered_as_soon_as_the_poll_ends_is_not_asked_any_more():
    time, asking = flow()
    answer(asking, "/v1/people", seconds=4)
    time.passed = 56.0
    answer(asking, "/v1/people", seconds=4)
    time.passed = 56.5
    with pytest.raises(OutOfTime, match="no answer would come before the poll's end"):
        answer(asking, "/v1/people")
    answer(asking, "/v1/rooms", seconds=1)
    assert not asking.in_flight


def test_what_was_begun_first_goes_first_where_only_one_may_go():
    _, asking = flow(1)
    order = []
    with Workers(1) as gate, Workers(3) as workers:
        busy = threading.Event()

        def hold():
            with asking.request("/v1/rooms"):
                busy.set()
                while len(asking.waiting) < 3:
                    pass

        def ask(number):
            with asking.request("/v1/rooms"):
                order.append(number)

        holding = gate.submit(hold)
        assert busy.wait(PATIENCE)
        futures = [workers.submit(lambda number=number: ask(number)) for number in (1, 2, 3)]
        assert not wait([holding, *futures], timeout=PATIENCE).not_done
    assert order == [1, 2, 3]


def test_one_that_slept_too_long_tells_the_one_whose_turn_came_meanwhile():
    time = StandingTime()
    asking = Flow(Deadline(1000, time), 1)
    asking.pace_of("/v1/rooms").wait_ends = 5.0
    asking.pace_of("/v1/people").wait_ends = 5.2

    def ask(endpoint):
        with asking.request(endpoint):
            pass

    with Workers(2) as workers:
        late = workers.submit(lambda: ask("/v1/rooms"), place=2)
        time.await_sleepers(1)
        early = workers.submit(lambda: ask("/v1/people"), place=1)
        while len(asking.waiting) < 2:
            pass
        time.move(6.0)
        assert not wait([late, early], timeout=PATIENCE).not_done


def test_what_waits_for_its_endpoint_takes_no_place_of_those_that_need_not():
    time = StandingTime()
    asking = Flow(Deadline(1000, time), 2)
    asking.pace_of("/v1/licenses").wait_ends = 20.0
    with Workers(2) as workers:
        asking.grown = workers.grow_to

        def ask(endpoint):
            with asking.request(endpoint):
                asking.answered(endpoint, 0.1)

        waiting = [workers.submit(lambda: ask("/v1/licenses")) for _ in range(5)]
        others = [workers.submit(lambda: ask("/v1/people")) for _ in range(5)]
        assert not wait(others, timeout=PATIENCE).not_done
        assert not any(future.done() for future in waiting)
        time.move(20.0)
        assert not wait(waiting, timeout=PATIENCE).not_done


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"wait": 90.0, "opens_at": MOMENT + 80}, "Webex asked to wait for longer than the poll lasts"),
        ({"wait": 30.0, "opens_at": MOMENT + 80}, "no turn came until the poll's end"),
        ({"wait": 5.0, "begin": 0.01, "limit": 0.01}, "no turn came until the poll's end"),
    ],
    ids=["asked", "waited longer", "rarely"],
)
def test_it_tells_whether_webex_asked_for_the_wait_that_outlasts_the_poll(known, reason):
    _, asking = flow()
    found = KnownRate(**{"begin": 1.0, "limit": 1.0, "refused_at": MOMENT - 10} | known)
    asking.begin_at({"/v1/rooms": found}, MOMENT)
    with pytest.raises(OutOfTime, match=reason):
        answer(asking, times=5)
