"""A backlog of any size gets shorter with every poll, and each of its events is counted exactly once."""

import math
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from backlogs import PAGE, WAITED, Backlog, KilledError, Meanwhile, begun_backlog
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polling import NOON

from webexhist.simulator.faults.switches import EventOrder


def post(backlog: Backlog, bursts) -> None:
    """Posts bursts of messages: when they begin and how long they last, in minutes, how many; none of the future."""
    for begins, meant, amount in bursts:
        lasts = min(meant, SETTLED - begins)
        for number in range(amount):
            backlog.post(NOON + timedelta(minutes=begins) + timedelta(minutes=lasts) * number / amount)


COUNTED_OF_READ = 2 / 3
"""How much of what a poll reads it counts at least where a list is in no order and its next page is lost.

The rest are samples, last pages that are not full, and what lies beyond the ends of parts."""
SETTLED = 10_000
"""So many minutes of a week are settled when it is over."""
WEEK = st.integers(0, 9_900)
SECOND = 1 / 60
SHAPES = st.one_of(
    st.lists(st.tuples(WEEK, st.integers(5, 3_000), st.integers(1, 1_500)), min_size=1, max_size=4),
    st.lists(st.tuples(WEEK, st.just(1), st.integers(30, 300)), min_size=6, max_size=16),
    st.lists(st.tuples(WEEK, st.just(SECOND), st.integers(1, 2_000)), min_size=1, max_size=2),
    st.lists(st.tuples(WEEK, st.just(0), st.integers(1, 300)), min_size=1, max_size=3),
)
"""Bursts over up to a week, spikes of a minute, all in a second, all in a millisecond."""


def run_backlog(
    template, bursts, budgets, kills, order: EventOrder, happenings=(), keeps_place=True, counted_of_read=1.0
) -> None:
    with tempfile.TemporaryDirectory() as folder, begun_backlog(template, Path(folder), order) as backlog:
        backlog.keeps_place = keeps_place
        post(backlog, bursts)
        backlog.clock.advance(timedelta(days=7))
        budgets, kills, happenings = iter(budgets), iter(kills), iter(happenings)
        polls, smallest = 0, math.inf
        while not backlog.has_all():
            pages, killed_after = next(budgets, 40), next(kills, None)
            meanwhile = next(happenings, Meanwhile.NOTHING)
            if killed_after is not None:
                with suppress(KilledError):
                    backlog.poll(pages, killed_after, meanwhile)
                continue
            smallest = min(smallest, pages - WAITED * (meanwhile is Meanwhile.WAIT))
            backlog.poll(pages, meanwhile=meanwhile)
            polls += 1
            assert polls <= math.ceil(backlog.posted / (smallest * PAGE * counted_of_read)) + 3
        backlog.clock.advance(timedelta(minutes=30))
        backlog.poll(pages=10)
        assert backlog.counted() == backlog.posted


SCHEDULES = (
    SHAPES,
    st.lists(st.integers(40, 80), max_size=4),
    st.lists(st.none() | st.integers(0, 12), max_size=3),
    st.sampled_from(EventOrder),
    st.lists(st.sampled_from(Meanwhile), max_size=5),
)
"""What lies back, the budgets of the polls in pages, beside which storing they are killed, the list's order, and what
happens meanwhile."""


TWELVE_SPIKES = [(800 * number, 1, 170) for number in range(12)]
"""Each begins with silence of thirteen hours, from whichever end it is seen."""
A_SECOND = [(3495, SECOND, 1_700)]
"""More than two polls, and the whole of it within what is asked for beyond the ends of a window."""
HOURS = [(300, 240, 1_200), (4_000, 600, 700), (9_000, 5, 400)]
"""Of a list that is grouped by kind or nearly in order no part is certain before it is read."""


@given(*SCHEDULES)
@example(TWELVE_SPIKES, [], [], EventOrder.NEWEST_FIRST, [Meanwhile.POSTS, Meanwhile.DELETIONS])
@example(A_SECOND, [60], [1], EventOrder.NEWEST_FIRST, [Meanwhile.WAIT, Meanwhile.POSTS])
@example(A_SECOND, [], [], EventOrder.OLDEST_FIRST, [Meanwhile.CLOCK_AHEAD, Meanwhile.DELETIONS])
@example(A_SECOND, [60], [5, 2], EventOrder.NEARLY_NEWEST_FIRST, [Meanwhile.POSTS])
@example(TWELVE_SPIKES, [], [9], EventOrder.NONE, [Meanwhile.WAIT, Meanwhile.DELETIONS])
@example(HOURS, [45, 60], [4, 3], EventOrder.BY_KIND_OLDEST_FIRST, [Meanwhile.DELETIONS] * 5)
@settings(max_examples=1)
def test_a_backlog_of_any_shape_is_counted_once_by_as_many_polls_as_it_takes(
    sqlite_template, bursts, budgets, kills, order, happenings
):
    run_backlog(sqlite_template, bursts, budgets, kills, order, happenings)


def test_a_list_in_no_order_is_counted_once_by_parts(sqlite_template):
    run_backlog(sqlite_template, [(300, 90, 900), (4_000, 600, 700)], [], [0, 3], EventOrder.NONE, keeps_place=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    "bursts", [[(0, 5, 1344), (0, 5, 1), (0, 5, 1500)], [(7117, 10, 1225), (7117, 5, 1178), (7117, 5, 1478)]]
)
def test_events_that_go_on_as_densely_as_they_were_are_counted_by_parts_that_fit(sqlite_template, bursts):
    run_backlog(sqlite_template, bursts, [], [], EventOrder.NONE, keeps_place=False)


@pytest.mark.parametrize(
    ("order", "counted", "passed_over"),
    [
        (EventOrder.NEWEST_FIRST, 10 + 7 * PAGE + 10, "140 are counted, the others within 2 s are not"),
        (EventOrder.OLDEST_FIRST, 10 + 7 * PAGE + 10, "140 are counted, the others within 2 s are not"),
        pytest.param(EventOrder.NONE, 10 + 10, "those within 2 s are not counted", marks=pytest.mark.slow),
    ],
)
def test_without_a_place_to_go_on_from_more_in_a_millisecond_than_a_poll_can_read_is_passed_over_and_named(
    sqlite_template, order, counted, passed_over, tmp_path
):
    with begun_backlog(sqlite_template, tmp_path, order) as backlog:
        backlog.keeps_place = False
        post(backlog, [(30, 20, 10), (60, 0, 300), (90, 20, 10)])
        backlog.clock.advance(timedelta(days=1))
        polls = []
        while not backlog.has_all():
            polls.append(backlog.poll(pages=8))
            assert len(polls) <= (20 if order is EventOrder.NONE else 3)
        assert backlog.counted() == counted
    odd = [run.error for poll in polls for run in poll.collections if run.collector == "odd events"]
    at = "12:59:59" if order is EventOrder.NONE else "13:00:00"
    assert odd == [f"more events lie at 2026-11-23 {at} UTC than budget_seconds 9 lets a poll read: {passed_over}"]


@pytest.mark.parametrize("order", EventOrder)
def test_more_within_a_millisecond_than_a_poll_can_read_is_counted_by_several(sqlite_template, order):
    run_backlog(sqlite_template, [(30, 20, 10), (60, 0, 300), (90, 20, 10)], [8] * 9, [], order)


MIXED_SHAPES = st.one_of(
    st.lists(st.tuples(WEEK, st.integers(5, 3_000), st.integers(1, 1_500)), min_size=1, max_size=4),
    st.lists(st.tuples(WEEK, st.just(1), st.integers(30, 300)), min_size=6, max_size=16),
    st.lists(st.tuples(WEEK, st.sampled_from([0, SECOND]), st.integers(1, 380)), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 6), st.just(600), st.integers(100, 900)), min_size=2, max_size=7).map(
        lambda days: [(1_440 * day + 480, lasts, amount) for day, lasts, amount in days]
    ),
)
"""As the others, and days with nights between; no more within seconds than half a poll can read."""


@pytest.mark.slow
@given(MIXED_SHAPES, *SCHEDULES[1:3], SCHEDULES[4])
@settings(max_examples=40)
def test_backlogs_in_no_order_are_counted_by_parts_in_a_long_search(
    sqlite_template, bursts, budgets, kills, happenings
):
    run_backlog(
        sqlite_template, bursts, budgets, kills, EventOrder.NONE, happenings, False, counted_of_read=COUNTED_OF_READ
    )


@pytest.mark.slow
@given(*SCHEDULES)
@settings(max_examples=50)
def test_backlogs_are_counted_once_in_a_long_search(sqlite_template, bursts, budgets, kills, order, happenings):
    run_backlog(sqlite_template, bursts, budgets, kills, order, happenings)
