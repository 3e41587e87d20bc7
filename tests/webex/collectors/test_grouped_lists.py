"""A list whose events come kind by kind looks ordered until it turns around: nothing is counted wrong in silence.

The next poll goes on with the page that the last one left; where it cannot, what may be missing is said.
"""

import math
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from backlogs import KilledError, begun_backlog

from webexhist.metrics import Metric
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import EventOrder, Status

LIST_PAGES = 30
"""400 messages and 200 deletions: the list has all deletions first, then all messages."""


@pytest.fixture(params=[EventOrder.BY_KIND_NEWEST_FIRST, EventOrder.BY_KIND_OLDEST_FIRST])
def backlog(sqlite_template, tmp_path, request):
    """Four days in which 400 messages were posted, and every second one was deleted at once."""
    with begun_backlog(sqlite_template, tmp_path, request.param) as backlog:
        for number in range(400):
            backlog.clock.advance(timedelta(minutes=14))
            backlog.post()
            if number % 2:
                backlog.delete()
        backlog.clock.advance(timedelta(days=1))
        yield backlog


def told(poll):
    return [run.error for run in poll.collections if run.collector == "odd events"]


@pytest.mark.parametrize("pages", [LIST_PAGES + 3, 50, 100, 1_000])
def test_a_list_read_to_its_end_is_counted_once_though_parts_of_it_were_stored_before_it_turned(backlog, pages):
    poll = backlog.poll(pages=pages)
    assert backlog.has_all()
    assert (backlog.counted(), backlog.counted(Metric.MESSAGES_DELETED)) == (400, 200)
    assert told(poll) == []


@pytest.mark.parametrize("pages", [8, 12, 20])
def test_a_list_that_did_not_fit_is_counted_once_by_the_polls_that_read_it(backlog, pages):
    polls = [backlog.poll(pages=pages) for _ in range(math.ceil(LIST_PAGES / pages) + 1)]
    assert backlog.has_all()
    assert (backlog.counted(), backlog.counted(Metric.MESSAGES_DELETED)) == (400, 200)
    assert [told(poll) for poll in polls] == [[]] * len(polls)


def test_polls_that_are_killed_beside_each_storing_lose_nothing_and_count_nothing_twice(backlog):
    for storing in range(10):
        with suppress(KilledError):
            backlog.poll(pages=8, killed_after=storing)
    said = [told(backlog.poll(pages=12)) for _ in range(4)]
    assert backlog.has_all()
    assert (backlog.counted(), backlog.counted(Metric.MESSAGES_DELETED)) == (400, 200)
    assert said == [[]] * 4


@pytest.mark.parametrize("pages", [8, 12, 20])
def test_without_a_place_to_go_on_from_what_was_stored_is_said_to_be_perhaps_too_low_once(backlog, pages):
    backlog.keeps_place = False
    said = [told(backlog.poll(pages=pages)) for _ in range(8)]
    assert backlog.has_all()
    assert backlog.counted(Metric.MESSAGES_DELETED) == 200
    assert backlog.counted() < 400
    ((reason,),) = [each for each in said if each]
    assert re.fullmatch(
        r"the list looked ordered and turned around: counts (from \S+ \S+ UTC on|up to \S+ \S+ UTC) may be too low",
        reason,
    )


@pytest.mark.parametrize("pages", [6, 8])
def test_where_the_next_page_is_gone_before_the_list_turned_around_what_may_be_missing_is_said_once(backlog, pages):
    backlog.poll(pages=pages)
    backlog.server.faults.troubles = [Trouble(Status(404), path="/v1/events", times=1)]
    said = [told(backlog.poll_as_it_is(pages=40)), *(told(backlog.poll(pages=40)) for _ in range(4))]
    assert backlog.has_all()
    assert backlog.counted(Metric.MESSAGES_DELETED) == 200
    assert backlog.counted() < 400
    ((reason,),) = [each for each in said if each]
    assert reason.endswith("may be too low")


def test_parts_of_a_list_that_is_known_to_be_in_no_order_are_right(backlog):
    backlog.keeps_place = False
    order, backlog.server.faults.event_order = backlog.server.faults.event_order, EventOrder.NONE
    backlog.poll(pages=12)
    backlog.server.faults.event_order = order
    said = [told(backlog.poll(pages=pages)) for pages in (12, 12, 20, 40, 40)]
    assert backlog.has_all()
    assert (backlog.counted(), backlog.counted(Metric.MESSAGES_DELETED)) == (400, 200)
    assert said == [[]] * 5
