"""How far a list of events in order is known after some of it was read."""

from datetime import datetime, timedelta

import pytest
from polling import NOON

from webexhist.webex.api.items import Page
from webexhist.webex.collectors.event_lists import OrderedReading
from webexhist.webex.collectors.events import EVENT_LIST
from webexhist.webex.collectors.windows import Span

WINDOW = Span(NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2))


def listed(times):
    return Page(
        {"id": f"E{at.isoformat()}", "resource": "messages", "type": "created", "created": at.isoformat()}
        for at in times
    )


def read(times: list[datetime]) -> OrderedReading:
    reading = OrderedReading(EVENT_LIST, WINDOW, may_turn=True)
    reading.add(listed(times))
    return reading


@pytest.mark.parametrize("step", [1, 300, 999, 1_000, 1_001, 60_000_000])
@pytest.mark.parametrize("direction", [1, -1])
def test_just_what_lies_beyond_where_it_goes_on_is_counted_also_within_a_millisecond(direction, step):
    times = [NOON + timedelta(minutes=10, microseconds=step * number) for number in range(40)][::direction]
    reading = read(times)
    edge, counted = reading.frontier.edge, reading.taken().amounts.total()
    assert counted == sum(at > edge if direction < 0 else at <= edge for at in times)
    assert counted + reading.waiting.total() == 40


def test_after_a_list_turned_around_all_that_follows_waits_for_its_end():
    minutes = [*range(30, 10, -1), 40, 5, 50]
    reading = read([NOON + timedelta(minutes=number) for number in minutes])
    assert (reading.has_turned, reading.taken().amounts.total(), reading.waiting.total()) == (True, 0, 23)
    reading.end()
    assert reading.taken().amounts.total() == 23


def test_events_that_are_repeated_or_of_another_window_count_nothing():
    times = [NOON + timedelta(minutes=59 - number) for number in range(60)]
    reading = read([NOON + timedelta(minutes=61), *times])
    reading.add(listed(times[-5:]))
    reading.end()
    assert reading.taken().amounts.total() == 59  # that of the window's very beginning belongs to the one before
