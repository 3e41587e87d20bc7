"""Whose turn is next of the requests that wait."""

import threading

from webexhist.webex.api.refusals import Asked
from webexhist.webex.api.waiting import Waiter, Waiting

ROOMS, PEOPLE = Asked("/v1/rooms", ""), Asked("/v1/people", "A")
TURN = threading.Condition()


def waiting_for(*asked):
    """One each, those that wait for the first in the last place."""
    waiting = Waiting()
    waiters = [Waiter(place, of, TURN) for place, of in zip(range(len(asked), 0, -1), asked, strict=True)]
    for one in waiters:
        waiting.add(one)
    return waiting, waiters


def at_once(asked):
    return 0.0


def not_behind(asked):
    return False


def test_what_was_begun_earlier_goes_first_whatever_it_asks_for():
    waiting, (third, second, first) = waiting_for(ROOMS, PEOPLE, ROOMS)
    order = []
    while waiting:
        order.append(waiting.next(0.0, at_once, not_behind))
        waiting.remove(order[-1])
    assert order == [first, second, third]


def test_what_has_to_wait_longer_goes_later_and_what_is_over_counts_for_nothing():
    waiting, (later, first) = waiting_for(PEOPLE, ROOMS)
    ready = {ROOMS: 9.0, PEOPLE: 5.0}
    assert waiting.next(0.0, ready.get, not_behind) is later
    assert waiting.next(9.0, ready.get, not_behind) is first


def test_of_one_place_who_came_first_goes_first():
    waiting = Waiting()
    one, other = Waiter(7, ROOMS, TURN), Waiter(7, ROOMS, TURN)
    waiting.add(one)
    waiting.add(other)
    assert waiting.next(0.0, at_once, not_behind) is one


def test_one_that_gave_up_leaves_the_others():
    waiting, (third, second, first) = waiting_for(ROOMS, ROOMS, ROOMS)
    waiting.remove(second)
    assert list(waiting) == [first, third]
    assert (len(waiting), waiting.number(lambda asked: asked == ROOMS), waiting.number(lambda asked: False)) == (
        2,
        2,
        0,
    )


def test_what_goes_behind_waits_for_what_is_ready_too_but_for_nothing_else():
    waiting, (later, first) = waiting_for(PEOPLE, ROOMS)
    ready = {ROOMS: 5.0, PEOPLE: 1.0}
    assert waiting.next(9.0, ready.get, ROOMS.__eq__) is later
    assert waiting.next(9.0, ready.get, PEOPLE.__eq__) is first
    assert waiting.next(1.0, ready.get, PEOPLE.__eq__) is later
