"""Whatever Webex's clock and this host's show, each event is counted once while one of them is not ahead."""

from datetime import timedelta
from itertools import count

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polling import value_of
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
@given(clocks=st.lists(CLOCKS, min_size=1, max_size=5))
@settings(max_examples=examples(5, 30))
@example(clocks=[(180, 0)] * 3)
@example(clocks=[(32_400, 0), (0, 32_400), (-32_400, 0), (0, -32_400)])
def test_clocks_that_jump_between_polls_count_each_event_once(fresh, source, clocks):
    polled = fresh()
    counted(polled, source, RIGHT, RIGHT)
    for webex, host in clocks:
        counted(polled, source, timedelta(seconds=webex), timedelta(seconds=host))
    polled.later(minutes=10)
    assert counted(polled, source, RIGHT, RIGHT) == 5 * (1 + len(clocks))
