"""A backlog of any size gets shorter with every poll, and each of its events is counted exactly once."""

import math
import tempfile
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path

import pytest
from clients import BusyClient, FixedToken
from handed_time import TimeByRequests
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polling import NOON
from reading import read

from webexhist.config import load_settings
from webexhist.metrics import Metric
from webexhist.simulator import Faults, SimulatedWebex, Trouble, VirtualClock, World
from webexhist.simulator.faults.switches import EventOrder, Status
from webexhist.snapshot import Snapshot
from webexhist.store.opening.database import open_database
from webexhist.store.rows.latest import latest
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save
from webexhist.store.saving.windows import ahead_of_windows, event_windows, part_lengths
from webexhist.webex.api.client import Services
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.attempts import attempt
from webexhist.webex.before import Before
from webexhist.webex.collectors.events import EVENTS
from webexhist.webex.collectors.interface import AskedOnce
from webexhist.webex.collectors.organizations import list_organizations

PAGE = 20
"""Events on a page; every request takes a second of the time that is handed in."""
POLL_SETTINGS = load_settings({}, None, {})
SETTLE = timedelta(seconds=120)
BUSY_PAGES = 5
WAITED = 5
"""How many pages fewer fit into a poll that Webex asks to wait for two seconds."""


class KilledError(BaseException):
    """Stands for kill -9: nobody catches it."""


class Meanwhile(Enum):
    """What else happens while a poll counts."""

    NOTHING = auto()
    POSTS = auto()
    """A message is posted with each of some pages."""
    DELETIONS = auto()
    """With each of some pages the message is deleted that was posted last."""
    WAIT = auto()
    """Webex asks to wait."""
    CLOCK_AHEAD = auto()
    """The host's clock is five hours ahead."""


class Backlog:
    """A chain of windows of one organization, and the polls that shorten it."""

    def __init__(self, server: SimulatedWebex, clock: VirtualClock, folder: Path) -> None:
        self.server, self.clock = server, clock
        self.engine = open_database(folder / "webexhist.db")
        self.messages: list[int] = []
        """The numbers of those that were posted and are not deleted."""
        self.posted = 0

    def post(self, at: datetime | None = None) -> None:
        at = at or self.clock()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        self.messages.append(self.server.scripted.post_message(at))
        self.posted += 1

    def delete(self) -> None:
        if self.messages:
            self.server.scripted.delete_message(self.messages.pop(), self.clock())

    def poll(self, pages: int, killed_after: int | None = None, meanwhile: Meanwhile = Meanwhile.NOTHING) -> Snapshot:
        """A poll whose budget is so many pages; it can be killed when it has stored some parts."""
        ahead = timedelta(hours=5 * (meanwhile is Meanwhile.CLOCK_AHEAD))
        waits = [Trouble(Status(429, "2"), path="/v1/events", skip=2, times=1, since=self.clock())]
        self.server.faults.troubles = waits if meanwhile is Meanwhile.WAIT else []
        time = TimeByRequests(lambda: self.server.requests.by_path().total())
        deadline = Deadline(pages + 1, time)
        kept = 0

        def keep(organization, window, amounts):
            nonlocal kept
            if kept == killed_after:
                raise KilledError
            kept += 1
            return keep_part(self.engine, organization.webex_id, window, amounts)

        token = FixedToken(self.server.access_token)
        base = self.server.base_url
        with (
            Transport((base,), token, deadline, 1, lambda: self.clock() + ahead) as transport,
            Workers(1) as workers,
        ):
            client = BusyClient(Services(base, base, base), transport, workers)
            (organization,) = list_organizations(client)
            ends, lengths = read(self.engine, event_windows), read(self.engine, part_lengths)
            beyond = read(self.engine, ahead_of_windows)
            before = Before(counted_until=ends, part_lengths=lengths, ahead=beyond, keep=keep)
            target = before.target(organization, POLL_SETTINGS, lambda: self.clock() + ahead, AskedOnce())
            happens = {Meanwhile.POSTS: self.post, Meanwhile.DELETIONS: self.delete}
            client.busy_pages, client.meanwhile = BUSY_PAGES, happens.get(meanwhile, client.meanwhile)
            outcome = attempt(EVENTS, client, target)
        self.clock.advance(timedelta(seconds=30))
        gathered = outcome.gathered
        runs = (outcome.collection, *gathered.checks)
        taken = Snapshot(organization, self.clock(), 1.0, 1, gathered.counts, None, runs, gathered.windows)
        save(self.engine, taken)
        return taken

    def has_all(self) -> bool:
        """Whether whatever is settled by now is counted."""
        return self.lies_back() < SETTLE + timedelta(minutes=5)

    def lies_back(self) -> timedelta:
        (end,) = read(self.engine, event_windows).values()
        return self.clock() - end

    def counted(self) -> int | None:
        (last,) = read(self.engine, latest)
        return next(count.value for count in last.counts if count.metric is Metric.MESSAGES_CREATED)


def post(backlog: Backlog, bursts) -> None:
    """Posts bursts of messages: when they begin and how long they last, in minutes, how many; none of the future."""
    for begins, meant, amount in bursts:
        lasts = min(meant, SETTLED - begins)
        for number in range(amount):
            backlog.post(NOON + timedelta(minutes=begins) + timedelta(minutes=lasts) * number / amount)


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


def run_backlog(bursts, budgets, kills, order: EventOrder, happenings=()) -> None:
    clock = VirtualClock(NOON)
    faults = Faults(page_limits={"/v1/events": PAGE}, event_order=order)
    with SimulatedWebex(World(), clock, faults) as server, tempfile.TemporaryDirectory() as folder:
        backlog = Backlog(server, clock, Path(folder))
        backlog.poll(pages=10)
        post(backlog, bursts)
        clock.advance(timedelta(days=7))
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
            assert polls <= math.ceil(backlog.posted / (smallest * PAGE)) + 3
        clock.advance(timedelta(minutes=30))
        backlog.poll(pages=10)
        assert backlog.counted() == backlog.posted
        backlog.engine.dispose()


SCHEDULES = (
    SHAPES,
    st.lists(st.integers(40, 80), max_size=4),
    st.lists(st.none() | st.integers(0, 3), max_size=3),
    st.sampled_from([EventOrder.NEWEST_FIRST, EventOrder.OLDEST_FIRST]),
    st.lists(st.sampled_from(Meanwhile), max_size=5),
)
"""What lies back, the budgets of the polls in pages, after how many parts they are killed, the list's order, and what
happens meanwhile."""


TWELVE_SPIKES = [(800 * number, 1, 170) for number in range(12)]
"""Each begins with silence of thirteen hours, from whichever end it is seen."""
A_SECOND = [(3495, SECOND, 1_700)]
"""More than two polls, and the whole of it within what is asked for beyond the ends of a window."""


@given(*SCHEDULES)
@example(TWELVE_SPIKES, [], [], EventOrder.NEWEST_FIRST, [Meanwhile.POSTS, Meanwhile.DELETIONS])
@example(A_SECOND, [60], [1], EventOrder.NEWEST_FIRST, [Meanwhile.WAIT, Meanwhile.POSTS])
@example(A_SECOND, [], [], EventOrder.OLDEST_FIRST, [Meanwhile.CLOCK_AHEAD, Meanwhile.DELETIONS])
@settings(max_examples=1)
def test_a_backlog_of_any_shape_is_counted_once_by_as_many_polls_as_it_takes(
    bursts, budgets, kills, order, happenings
):
    run_backlog(bursts, budgets, kills, order, happenings)


def test_a_list_in_no_order_is_counted_once_by_parts():
    run_backlog([(300, 90, 900), (4_000, 600, 700)], [], [0, 2], EventOrder.NONE)


@pytest.mark.parametrize(
    ("order", "counted", "passed_over"),
    [
        (EventOrder.NEWEST_FIRST, 10 + 7 * PAGE + 10, "140 are counted, the others within 2 s are not"),
        (EventOrder.OLDEST_FIRST, 10 + 7 * PAGE + 10, "140 are counted, the others within 2 s are not"),
        pytest.param(EventOrder.NONE, 10 + 10, "those within 2 s are not counted", marks=pytest.mark.slow),
    ],
)
def test_more_within_a_millisecond_than_a_poll_can_read_is_passed_over_and_named(
    order, counted, passed_over, tmp_path
):
    clock = VirtualClock(NOON)
    faults = Faults(page_limits={"/v1/events": PAGE}, event_order=order)
    with SimulatedWebex(World(), clock, faults) as server:
        backlog = Backlog(server, clock, tmp_path)
        backlog.poll(pages=10)
        post(backlog, [(30, 20, 10), (60, 0, 300), (90, 20, 10)])
        clock.advance(timedelta(days=1))
        polls = []
        while not backlog.has_all():
            polls.append(backlog.poll(pages=8))
            assert len(polls) <= (20 if order is EventOrder.NONE else 3)
    assert backlog.counted() == counted
    odd = [run.error for poll in polls for run in poll.collections if run.collector == "odd events"]
    at = "12:59:59" if order is EventOrder.NONE else "13:00:00"
    assert odd == [f"more events lie at 2026-11-23 {at} UTC than budget_seconds 9 lets a poll read: {passed_over}"]
    backlog.engine.dispose()


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
def test_backlogs_in_no_order_are_counted_once_in_a_long_search(bursts, budgets, kills, happenings):
    run_backlog(bursts, budgets, kills, EventOrder.NONE, happenings)


@pytest.mark.slow
@given(*SCHEDULES)
@settings(max_examples=50)
def test_backlogs_are_counted_once_in_a_long_search(bursts, budgets, kills, order, happenings):
    run_backlog(bursts, budgets, kills, order, happenings)
