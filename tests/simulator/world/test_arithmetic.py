"""The sums behind the logs, beside the plainest way to do the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webexhist.simulator.world.activity import Activity, RoomAssignment
from webexhist.simulator.world.amounts import Curve, Steps
from webexhist.simulator.world.ids import bare_id, decode, index_of, uuid_of, webex_id
from webexhist.simulator.world.plans import World
from webexhist.simulator.world.rhythm import DailyRhythm, EchoRhythm, EvenSpread
from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.series import ListedSeries, newest_first, oldest_first
from webexhist.simulator.world.times import DAY_MS, iso, parse_time, start_of_day

UNHURRIED = settings(deadline=None)  # how fast the machine is, is not the question here
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 2, 28)


@UNHURRIED
@given(total=st.integers(0, 5_000), seed=st.integers(0, 99))
def test_a_spread_holds_its_total_and_time_never_goes_back(total, seed):
    rhythm = DailyRhythm(FIRST_DAY, EvenSpread(total, FIRST_DAY, LAST_DAY, 0), seed)
    times = [rhythm.time_of(number) for number in range(total)]
    assert times == sorted(times)
    assert rhythm.count_before(start_of_day(LAST_DAY) + DAY_MS) == total
    assert all(start_of_day(FIRST_DAY) <= ms < start_of_day(LAST_DAY) + DAY_MS for ms in times)


@UNHURRIED
@given(ms=st.integers(start_of_day(FIRST_DAY) - DAY_MS, start_of_day(LAST_DAY) + 3 * DAY_MS), seed=st.integers(0, 9))
def test_counting_before_a_moment_counts_what_lies_before_it(ms, seed):
    rhythm = DailyRhythm(FIRST_DAY, EvenSpread(800, FIRST_DAY, LAST_DAY, 5), seed)
    echo = EchoRhythm(rhythm, every=7, first=3, delay_ms=180_000)
    times = [rhythm.time_of(number) for number in range(820)]
    assert rhythm.count_before(ms) == sum(time < ms for time in times)
    assert echo.count_before(ms) == sum(time + 180_000 < ms for time in times[3::7])


def test_weekends_are_quiet():
    spread = EvenSpread(5_200, FIRST_DAY, LAST_DAY, 0)
    monday, saturday = date(2026, 1, 12), date(2026, 1, 17)
    assert spread(monday) == pytest.approx(10 * spread(saturday), abs=10)


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


SERIES = st.lists(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), unique=True).map(sorted), max_size=4)


@UNHURRIED
@given(lists=SERIES, low=st.integers(0, 7), high=st.integers(0, 7), stop=st.integers(0, 30))
def test_a_walk_goes_on_from_any_place_as_if_it_had_not_stopped(lists, low, high, stop):
    series = [ListedSeries(entries) for entries in lists]
    everything = sorted(
        (ms, place, number) for place, entries in enumerate(lists) for ms, number in entries if low <= ms < high
    )
    for walk, whole in ((oldest_first, everything), (newest_first, everything[::-1])):
        assert list(walk(series, low, high)) == whole
        if stop < len(whole):
            assert list(walk(series, low, high, whole[stop])) == whole[stop + 1 :]


def test_what_happens_later_does_not_reach_a_walk_that_has_begun():
    scripted, noon = ScriptedEvents(), datetime(2026, 5, 4, 12, tzinfo=UTC)
    scripted.post_message(noon, room=2)
    series = [*scripted.series().values(), scripted.series_of_room(2)]
    scripted.post_message(noon - timedelta(hours=1), room=2)
    assert [len(one.entries) for one in series] == [1, 1]


@UNHURRIED
@given(
    key=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126)), kind=st.sampled_from(["ROOM", "PEOPLE"])
)
def test_ids_can_be_read_back(key, kind):
    public_id = webex_id(kind, f"k{key}")
    assert "=" not in public_id
    assert decode(public_id) == (kind, f"k{key}")


def test_the_two_forms_of_an_id_lead_to_one_uuid():
    uuid = uuid_of(0x0A, 3)
    assert uuid == "0000000a-0000-4000-8000-000000000003"
    assert index_of(uuid) == (0x0A, 3, 0)
    assert decode(webex_id("ORGANIZATION", uuid))[1] == decode(bare_id(uuid))[1] == uuid


@pytest.mark.parametrize("text", ["ä", "not base64!", "/////w"])
def test_what_is_no_id_is_told(text):
    with pytest.raises(ValueError, match="is not a Webex id"):
        decode(text)


def test_times_are_read_in_every_form_and_written_in_one():
    ms = parse_time("2026-09-23T10:06:45.423Z")
    assert iso(ms) == "2026-09-23T10:06:45.423Z"
    assert iso(ms - 423) == "2026-09-23T10:06:45.000Z"
    assert parse_time("2026-09-23T12:06:45.423+02:00") == ms
    assert iso(parse_time("2026-09-23")) == "2026-09-23T00:00:00.000Z"
    with pytest.raises(ValueError, match="names no time zone"):
        parse_time("2026-09-23T10:06:45")


def test_steps_hold_from_their_moment_on():
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    steps = Steps(500, (noon,), (600,))
    assert [steps(noon - timedelta(microseconds=1)), steps(noon)] == [500, 600]


def test_a_curve_keeps_near_its_line_and_rests_at_weekends():
    start = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
    curve = Curve(((start, 100), (start + timedelta(days=100), 200)), waver=2, seed=5)
    for day in range(100):
        at = start + timedelta(days=day, hours=18)
        assert abs(curve(at) - (100 + day)) <= 2 + 3.5  # at a weekend Friday's value still holds
    friday = start + timedelta(days=4, hours=18)
    assert {curve(friday + timedelta(hours=hours)) for hours in range(0, 60, 6)} == {curve(friday)}
    assert curve(start - timedelta(days=50)) == pytest.approx(100, abs=2)
    assert curve(start + timedelta(days=500)) == pytest.approx(200, abs=2)
