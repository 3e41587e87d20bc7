"""Messages counted in rooms: only in those that somebody touched, and only down to where the last window ended."""

from datetime import timedelta

import pytest
from handed_time import TimeByRequests
from polling import NOON, change_of, collection_of, value_of

from webexhist.agent.document import plugin_document
from webexhist.metrics import Metric
from webexhist.simulator import Faults, Trouble, World, sized_world
from webexhist.simulator.faults.switches import Body, Status
from webexhist.snapshot import CollectionStatus

ROOMS = World(rooms=40)
MESSAGES = "/v1/messages"


def asked(polled, path=MESSAGES):
    count = polled.server.requests.by_path()[path]
    polled.server.requests.clear()
    return count


def post(polled, minutes, room, times=1):
    for number in range(times):
        polled.server.scripted.post_message(NOON + timedelta(minutes=minutes, seconds=number / 100), room=room)


def test_only_rooms_that_were_used_are_read(simulated):
    polled = simulated(ROOMS)
    polled.poll(messages_source="rooms")
    assert asked(polled) == 0
    post(polled, 1, room=3, times=2)
    post(polled, 2, room=17)
    post(polled, 2.9995, room=17)  # 30 milliseconds before the window ends
    polled.later(minutes=5)
    snapshot = polled.poll(messages_source="rooms")
    assert change_of(snapshot, Metric.ROOM_MESSAGES_CREATED) == 4
    assert asked(polled) == 2


def test_a_room_whose_link_to_more_cannot_be_read_is_no_room_read_to_its_end(simulated):
    polled = simulated(ROOMS)
    polled.poll(messages_source="rooms")
    post(polled, 1, room=3, times=2)
    polled.later(minutes=5)
    body = Body(b'{"items": []}', content_type='application/json\r\nLink: http://h/v1/messages; rel="next"')
    polled.server.faults.troubles.append(Trouble(body, MESSAGES, times=1))
    snapshot = polled.poll(messages_source="rooms")
    assert value_of(snapshot, Metric.ROOM_MESSAGES_CREATED) is None
    reason = collection_of(snapshot, "room messages").error
    assert reason.startswith("GET /v1/messages has a Link header that cannot be read")
    polled.later(minutes=5)
    assert value_of(polled.poll(messages_source="rooms"), Metric.ROOM_MESSAGES_CREATED) == 2


def test_a_room_is_read_newest_first_and_no_further_than_the_window(simulated):
    polled = simulated(sized_world(NOON, rooms=2, messages=50_000))
    polled.poll(messages_source="rooms")
    asked(polled)
    post(polled, 1, room=0, times=250)
    polled.later(minutes=5)
    snapshot = polled.poll(messages_source="rooms")
    assert change_of(snapshot, Metric.ROOM_MESSAGES_CREATED) == 250
    assert asked(polled) == 3


def test_more_rooms_than_webex_sorts_reliably_are_all_looked_at(simulated):
    polled = simulated(World(rooms=3_100))
    polled.poll(messages_source="rooms")
    post(polled, 1, room=3_099)
    polled.later(minutes=5)
    asked(polled)
    snapshot = polled.poll(messages_source="rooms")
    assert polled.server.requests.by_path()["/v1/rooms"] == 4
    assert (value_of(snapshot, Metric.ROOMS), change_of(snapshot, Metric.ROOM_MESSAGES_CREATED)) == (3_100, 1)


def test_the_rooms_are_listed_once_for_both_that_need_them(simulated):
    polled = simulated(ROOMS)
    polled.poll(messages_source="rooms")
    assert asked(polled, "/v1/rooms") == 1


@pytest.mark.parametrize(("source", "events", "counted_in_rooms"), [("off", 0, False), ("events", 1, False)])
def test_either_source_can_be_forced_or_none(simulated, source, events, counted_in_rooms):
    polled = simulated(ROOMS)
    snapshot = polled.poll(messages_source=source)
    metrics = {count.metric for count in snapshot.counts}
    assert polled.server.requests.by_path()["/v1/events"] == events
    assert (Metric.MESSAGES_CREATED in metrics) is bool(events)
    assert (Metric.ROOM_MESSAGES_CREATED in metrics) is counted_in_rooms


def test_where_events_are_not_permitted_rooms_stand_in_and_that_is_recorded(simulated):
    polled = simulated(ROOMS, Faults(troubles=[Trouble(Status(403), path="/v1/events")]))
    polled.poll()
    post(polled, 1, room=0)
    polled.later(minutes=5)
    snapshot = polled.poll()
    assert change_of(snapshot, Metric.ROOM_MESSAGES_CREATED) == 1
    assert value_of(snapshot, Metric.MEMBERSHIPS_CREATED) is None
    run = collection_of(snapshot, "events")
    assert run.status is CollectionStatus.NOT_PERMITTED
    assert "messages are counted in the owner's rooms" in run.error


def test_switching_the_source_makes_one_change_unknown_and_loses_nothing(simulated):
    polled = simulated(ROOMS)
    changes = []
    for minute, permitted in enumerate((True, True, False, False, True, True)):
        polled.server.faults.troubles[:] = [] if permitted else [Trouble(Status(403), path="/v1/events")]
        changes.append(plugin_document(polled.polls()).get("Messages Since Last Poll"))
        post(polled, 5 * minute + 1, room=0)
        polled.later(minutes=5)
    assert changes == [None, 1, None, 1, None, 1]
    assert value_of(polled.poll(), Metric.MESSAGES_CREATED) == 6


def test_a_room_that_was_left_meanwhile_makes_this_poll_unknown_and_the_next_one_right(simulated):
    polled = simulated(ROOMS)
    polled.poll(messages_source="rooms")
    post(polled, 1, room=0)
    polled.later(minutes=5)
    polled.server.faults.troubles.append(Trouble(Status(404), path=MESSAGES))
    assert value_of(polled.poll(messages_source="rooms"), Metric.ROOM_MESSAGES_CREATED) is None
    polled.server.faults.troubles.clear()
    polled.later(minutes=5)
    assert change_of(polled.poll(messages_source="rooms"), Metric.ROOM_MESSAGES_CREATED) == 1


def test_a_backlog_in_many_rooms_is_not_cut_into_parts_that_take_as_many_pages(simulated):
    """A page of each of 60 rooms holds all of it; every request takes a second."""
    polled = simulated(World(rooms=60, teams=2))
    polled.time = TimeByRequests(lambda: len(polled.server.requests))
    settings = {"messages_source": "rooms", "budget_seconds": "300", "workers": "1"}
    polled.poll(**settings)
    for room in range(60):
        post(polled, 5 + 30 * room, room, times=2)
    polled.later(days=2)
    assert value_of(polled.poll(**settings), Metric.ROOM_MESSAGES_CREATED) == 120


def test_a_backlog_in_rooms_takes_as_many_polls_as_its_pages_fill_and_few_more(simulated):
    """4,000 messages fill 40 pages, of which a poll of 20 s can read 17 beside its lists."""
    polled = simulated(World(rooms=4))
    polled.time = TimeByRequests(lambda: len(polled.server.requests))
    settings = {"messages_source": "rooms", "workers": "1"}
    polled.poll(**settings, budget_seconds="300")
    for minutes, room, times in ((10, 0, 2_400), (300, 1, 300), (300.01, 2, 900), (600, 3, 400)):
        post(polled, minutes, room, times)
    polled.later(days=1)
    counted, polls = 0, 0
    while counted != 4_000:
        polls += 1
        assert polls <= 3 + 3
        snapshot = polled.poll("room messages", **settings, budget_seconds="20")
        counted = value_of(snapshot, Metric.ROOM_MESSAGES_CREATED) or 0
        assert counted <= 4_000
        polled.later(minutes=5)


def test_rooms_that_are_done_take_no_page_of_the_polls_that_go_on_with_others(simulated):
    """40 rooms of a message each and one of 3,000: 70 pages; a poll of 60 s can read 55 beside its lists."""
    polled = simulated(World(rooms=41))
    polled.time = TimeByRequests(lambda: len(polled.server.requests))
    settings = {"messages_source": "rooms", "workers": "1"}
    polled.poll(**settings, budget_seconds="300")
    for room in range(40):
        post(polled, 1 + room, room)
    post(polled, 60, 40, times=3_000)
    polled.later(days=1)
    requests = []
    for budget in ("60", "30"):
        asked(polled)
        snapshot = polled.poll("room messages", **settings, budget_seconds=budget)
        requests.append(asked(polled))
        polled.later(minutes=5)
    assert value_of(snapshot, Metric.ROOM_MESSAGES_CREATED) == 3_040
    assert requests[1] <= 70 - requests[0] + 1  # not a page of each room once more


def test_rooms_of_which_one_page_each_does_not_fit_leave_time_for_others_and_say_what_to_do(simulated):
    polled = simulated(World(rooms=60, teams=2))
    polled.time = TimeByRequests(lambda: len(polled.server.requests))
    settings = {"messages_source": "rooms", "workers": "1"}
    polled.poll(**settings, budget_seconds="300")
    for room in range(60):
        post(polled, 1, room)
    reason, polls = "", 0
    while not reason.startswith("the list does not fit"):
        assert polls < 6  # it had its turn, then one of the others may have, then it was asked alone
        polled.later(minutes=5)
        reason = collection_of(polled.poll(**settings, budget_seconds="40"), "room messages").error
        polls += 1
    assert reason == (
        "the list does not fit into budget_seconds 40, nothing of it is counted for a day: count it by a timer of its"
        " own: webexhist poll --only 'room messages' --budget-seconds N"
    )
    for _poll in range(2):  # what was given up may still arrive in the first
        asked(polled)
        polled.later(minutes=5)
        polled.poll(**settings, budget_seconds="40")
    assert asked(polled) == 0
    polled.later(minutes=5)
    alone = polled.poll("room messages", **settings, budget_seconds="300")
    assert value_of(alone, Metric.ROOM_MESSAGES_CREATED) == 60
