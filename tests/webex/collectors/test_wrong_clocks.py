"""Whatever Webex's clock and this host's show, each event is counted once while one of them is not ahead."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polling import collection_of, value_of
from searching import examples

from webexhist.metrics import Metric

RIGHT = timedelta()
METRICS = {"events": Metric.MESSAGES_CREATED, "rooms": Metric.ROOM_MESSAGES_CREATED}
SECONDS = st.one_of(
    st.integers(-600, 600), st.integers(-80_000, 80_000), st.sampled_from([100, 180, 299, 301, 360, -299, -301])
)
NOT_AHEAD = st.one_of(st.integers(-80_000, 100), st.integers(-400, 100))
CLOCKS = st.one_of(st.tuples(SECONDS, NOT_AHEAD), st.tuples(NOT_AHEAD, SECONDS))
"""The seconds by which Webex's clock, and this host's, is ahead of the events' own times."""
BACK = st.tuples(st.integers(-4_000, -2), NOT_AHEAD, NOT_AHEAD).map(
    lambda drawn: tuple(drawn[0] * 86_400 + each for each in drawn[1:])
)
"""Both of them went back by about as many days."""


def counted(polled, source, webex, host):
    """What is counted altogether after a poll by such clocks, and a message of each minute until the next one."""
    polled.server.faults.clock_skew, polled.ahead = webex, host
    total = value_of(polled.poll(messages_source=source), METRICS[source])
    for _ in range(5):
        polled.later(minutes=1)
        polled.server.scripted.post_message(polled.clock() - timedelta(seconds=7))
    return total


@pytest.mark.parametrize("source", METRICS)
@pytest.mark.parametrize(
    ("webex", "host"),
    [(3, 0), (540, 0), *(pytest.param(*each, marks=pytest.mark.slow) for each in [(5, 0), (6, 0), (0, 3), (0, 540)])],
)
def test_a_clock_that_is_always_ahead_by_minutes_loses_no_event(simulated, source, webex, host):
    polled = simulated()
    for _ in range(3):
        counted(polled, source, timedelta(minutes=webex), timedelta(minutes=host))
    polled.later(minutes=5)
    assert counted(polled, source, RIGHT, RIGHT) == 15


@pytest.mark.parametrize("source", METRICS)
def test_a_host_that_is_hours_behind_counts_nothing_of_before_the_first_poll(simulated, source):
    polled = simulated()
    polled.server.scripted.post_message(polled.clock() - timedelta(hours=3))
    assert counted(polled, source, RIGHT, timedelta(hours=-9)) == 0
    counted(polled, source, RIGHT, timedelta(hours=-9))
    polled.later(minutes=5)
    assert counted(polled, source, RIGHT, RIGHT) == 10


def test_two_clocks_that_are_years_apart_give_up_no_event(simulated):
    polled = simulated()
    counted(polled, "events", RIGHT, timedelta(days=5 * 365))
    assert counted(polled, "events", timedelta(days=11 * 365), timedelta(days=-30 * 365)) is None
    polled.later(minutes=5)
    assert counted(polled, "events", RIGHT, RIGHT) == 10


@pytest.mark.parametrize("source", METRICS)
@pytest.mark.parametrize("days", [3, pytest.param(2_000, marks=pytest.mark.slow)])
def test_clocks_that_go_back_together_and_forth_again_count_nothing_twice(simulated, source, days):
    """Five messages each after 12:00, 12:05, …: ten of the first two polls, ten of the next two, counted at last."""
    polled = simulated()
    assert [counted(polled, source, RIGHT, RIGHT) for _ in range(3)] == [0, 3, 8]
    back = timedelta(days=-days)
    assert [counted(polled, source, back, back) for _ in range(2)] == [8, 8]
    (stored,) = polled.polls(messages_source=source)
    assert "2026-11-23 12:" in collection_of(stored, f"{source} window").error
    polled.later(minutes=5)
    assert counted(polled, source, RIGHT, RIGHT) == 25


@pytest.mark.parametrize("source", METRICS)
def test_clocks_that_were_ahead_together_from_the_first_poll_on_stop_no_count(simulated, source):
    """Five messages of the last ten minutes: those before them were not counted, and are not any more."""
    polled = simulated()
    ahead = timedelta(days=3)
    assert [counted(polled, source, ahead, ahead) for _ in range(3)] == [0, 0, 0]
    assert [counted(polled, source, RIGHT, RIGHT) for _ in range(3)] == [0, 3, 8]


@pytest.fixture
def fresh(simulated):
    """Gives the poller of one service an empty folder each time, days after all that happened before."""
    polled = simulated()
    folders = (polled.folder / f"example {number}" for number in count())

    def start():
        polled.later(days=3)
        polled.folder = next(folders)
        polled.folder.mkdir()
        return polled

    return start


@pytest.mark.slow
@pytest.mark.parametrize("source", METRICS)
@given(clocks=st.lists(st.one_of(CLOCKS, CLOCKS, BACK), min_size=1, max_size=5))
@settings(max_examples=examples(5, 30))
@example(clocks=[(180, 0)] * 3)
@example(clocks=[(-864_000, -864_000)] * 3)
@example(clocks=[(32_400, 0), (0, 32_400), (-32_400, 0), (0, -32_400)])
def test_clocks_that_jump_between_polls_count_each_event_once(fresh, source, clocks):
    polled = fresh()
    for _ in range(3):  # two of them count messages: what shows a later time than clocks that went back
        counted(polled, source, RIGHT, RIGHT)
    for webex, host in clocks:
        counted(polled, source, timedelta(seconds=webex), timedelta(seconds=host))
    polled.later(minutes=10)
    assert counted(polled, source, RIGHT, RIGHT) == 5 * (3 + len(clocks))
