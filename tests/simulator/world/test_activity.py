"""The room of each message, beside the plainest way to find it."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from webexhist.simulator.world.activity import Activity, RoomAssignment
from webexhist.simulator.world.plans import World
from webexhist.simulator.world.rhythm import EvenSpread
from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.times import start_of_day

UNHURRIED = settings(deadline=None)  # how fast the machine is, is not the question here
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 2, 28)


@UNHURRIED
@given(rooms=st.integers(1, 60), seed=st.integers(0, 9), block=st.integers(0, 50))
def test_every_block_gives_each_room_one_message(rooms, seed, block):
    deal = RoomAssignment(rooms, seed)
    messages = [deal.message_of(room, block) for room in range(rooms)]
    assert sorted(messages) == list(range(block * rooms, (block + 1) * rooms))
    assert [deal.room_of(message) for message in messages] == list(range(rooms))


@UNHURRIED
@given(rooms=st.integers(1, 12), ms=st.integers(start_of_day(FIRST_DAY), start_of_day(LAST_DAY)))
def test_a_rooms_messages_are_those_that_name_the_room(rooms, ms):
    world = World(rooms=rooms, opened=FIRST_DAY, messages_a_day=EvenSpread(300, FIRST_DAY, LAST_DAY, 0))
    activity = Activity(world, ScriptedEvents())
    for room in range(rooms):
        series = activity.series_of_room(room)[0]
        expected = [number for number in range(300) if activity.room_of(number) == room]
        assert [series.at(rank)[1] for rank in range(len(expected))] == expected
        before = [number for number in expected if activity.messages.time_of(number) < ms]
        assert series.rank((ms, 0)) == len(before)
