"""A poll goes on with the page that the last one left; where that is not to be had, nothing is counted twice."""

import json
from contextlib import suppress
from datetime import timedelta

import pytest
from backlogs import PAGE, KilledError, begun_backlog
from polling import NOON

from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Body, EventOrder, PagingFault, Status
from webexhist.snapshot import CollectionStatus
from webexhist.state.bookmark_file import DIGITS

MESSAGES = 600
"""Thirty pages; of a poll of ten."""
GONE = (Status(400), Status(404), Body(b'{"items": []}'), Body(b'{"items": 7}'))
"""What a link brings that leads nowhere any more."""
ANY_ORDER = (EventOrder.NEWEST_FIRST, EventOrder.OLDEST_FIRST, EventOrder.NONE)


@pytest.fixture(params=ANY_ORDER)
def backlog(sqlite_template, tmp_path, request):
    with begun_backlog(sqlite_template, tmp_path, request.param) as backlog:
        for number in range(MESSAGES):
            backlog.post(NOON + timedelta(minutes=5 * number + 7))
        backlog.clock.advance(timedelta(days=3))
        yield backlog


def files(backlog):
    return list(backlog.settings.state_dir.glob("*.bookmark"))


def run_out(backlog, pages=10):
    """Polls until all is counted; how many that took."""
    polls = 0
    while not backlog.has_all():
        polls += 1
        assert polls < 12
        backlog.poll(pages=pages)
    return polls


def test_no_page_is_read_twice(backlog):
    backlog.server.requests.by_path()
    polls = run_out(backlog)
    assert polls == 4  # of nine pages each: one more is left for the end of the poll
    assert backlog.counted() == MESSAGES
    assert backlog.server.requests.by_path()["/v1/events"] <= MESSAGES / PAGE + polls + 1


def test_the_file_goes_when_the_list_is_done_and_holds_no_message_and_no_id(backlog):
    backlog.poll(pages=10)
    (file,) = files(backlog)
    kept = file.read_text()
    assert "Hello" not in kept
    assert all(len(name) == 16 for mark in json.loads(kept[DIGITS:]) for name in mark["recent"] + mark["first"])
    run_out(backlog)
    backlog.poll(pages=10)
    assert files(backlog) == []


@pytest.mark.parametrize("gone", GONE)
def test_a_link_that_leads_nowhere_any_more_loses_nothing_and_counts_nothing_twice(backlog, gone):
    backlog.poll(pages=10)
    backlog.server.faults.troubles = [Trouble(gone, path="/v1/events", times=1)]
    polls = [backlog.poll_as_it_is(pages=10)]
    while not backlog.has_all():
        polls.append(backlog.poll(pages=40))
    assert backlog.counted() == MESSAGES
    assert [each.error for poll in polls for each in poll.collections if each.collector == "odd events"] == []


def test_a_link_that_leads_back_to_the_beginning_counts_nothing_twice(backlog):
    backlog.poll(pages=10)
    (file,) = files(backlog)
    kept = json.loads(file.read_text()[DIGITS:])
    for mark in kept:
        mark["link"] = mark["link"].split("&cursor=")[0]
    backlog.bookmark_file().save(kept)
    run_out(backlog, pages=40)
    assert backlog.counted() == MESSAGES


@pytest.mark.parametrize(
    "elsewhere", ["/v1/people?max=20", "/v1/events/../people?max=20", "http://127.0.0.1:9/v1/events"]
)
def test_a_file_that_names_another_list_or_host_is_not_followed(backlog, elsewhere):
    backlog.poll(pages=10)
    (file,) = files(backlog)
    kept = json.loads(file.read_text()[DIGITS:])
    for mark in kept:
        mark["link"] = elsewhere if elsewhere.startswith("http") else backlog.server.base_url + elsewhere
    backlog.bookmark_file().save(kept)
    run_out(backlog, pages=40)
    assert backlog.counted() == MESSAGES
    assert backlog.server.requests.by_path()["/v1/people"] == 0


def test_webex_that_is_disturbed_where_a_list_goes_on_keeps_the_place(backlog):
    backlog.poll(pages=10)
    backlog.server.faults.troubles = [Trouble(Status(403), path="/v1/events", times=1)]
    assert backlog.poll_as_it_is(pages=10).collections[0].status is CollectionStatus.NOT_PERMITTED
    assert run_out(backlog) == 3
    assert backlog.counted() == MESSAGES


def test_polls_that_are_killed_beside_each_storing_lose_nothing_and_count_nothing_twice(backlog):
    for storing in range(10):
        with suppress(KilledError):
            backlog.poll(pages=10, killed_after=storing)
    run_out(backlog)
    assert backlog.counted() == MESSAGES


def test_rows_that_are_repeated_where_a_poll_went_on_count_once(backlog):
    backlog.server.faults.paging.add(PagingFault.DUPLICATES)
    run_out(backlog)
    assert backlog.counted() == MESSAGES


def test_a_link_to_an_empty_page_is_the_end_of_a_list(backlog):
    backlog.server.faults.paging.add(PagingFault.TRAILING_EMPTY_PAGE)
    assert run_out(backlog, pages=16) <= 3  # of fifteen pages each: the second ends with the last event
    backlog.poll(pages=16)
    assert backlog.counted() == MESSAGES


def test_what_cannot_be_kept_is_counted_by_parts(backlog):
    backlog.poll(pages=10)
    (file,) = files(backlog)
    file.unlink()
    file.mkdir()
    while not backlog.has_all():
        backlog.poll(pages=12)
    assert backlog.counted() == MESSAGES


def test_a_poll_that_goes_on_is_not_taken_for_a_list_that_never_fits(backlog):
    statuses = [backlog.poll(pages=10).collections[0] for _ in range(3)]
    assert {each.status for each in statuses} == {CollectionStatus.OUT_OF_TIME}
    assert all("so far" in each.error for each in statuses)
