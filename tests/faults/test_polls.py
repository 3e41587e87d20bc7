"""Polls that meet each other, a clock that was set back, and polls that are killed."""

import json
import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from forked_polls import Poller
from handed_time import StandingTime
from polling import NOON, change_of, value_of

from webexhist.metrics import Metric
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Status


@pytest.fixture
def polled(simulated):
    return simulated()


@pytest.fixture
def chance():
    return random.Random(20_261_123)


@pytest.fixture
def poller(polled, chance):
    poller = Poller(polled, chance)
    yield poller
    poller.stop()


def whole(file):
    """How many snapshots a database holds, which must be whole and numbered without gaps."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        numbers = [number for (number,) in connection.execute("SELECT number FROM snapshot ORDER BY number")]
        (of_days,) = connection.execute("SELECT coalesce(max(last_number), 0) FROM day").fetchone()
    assert numbers == list(range(1, len(numbers) + 1))
    assert of_days == len(numbers)
    return len(numbers)


@pytest.mark.parametrize("rounds", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_a_poll_killed_at_any_moment_loses_nothing_and_counts_nothing_twice(polled, poller, chance, rounds):
    file = polled.folder / "webexhist.db"
    polled.poll()
    polled.later(minutes=5)
    calls = poller.calls_of_a_poll(file)
    messages, snapshots = 0, 2
    for round_ in range(rounds):
        polled.later(minutes=3)
        for _message in range(chance.randrange(4)):
            polled.server.scripted.post_message(polled.clock())
            messages += 1
        polled.later(minutes=2)
        is_stored = "stored" in poller.poll(file, 1) if round_ == 0 else poller.killed(file, calls)
        now_stored = whole(file)
        assert now_stored in ((snapshots + 1,) if is_stored else (snapshots, snapshots + 1))
        snapshots = now_stored
    assert snapshots < rounds + 2, "some were killed before they were stored"
    polled.later(minutes=5)
    last = polled.poll()
    assert last.number == snapshots + 1
    assert value_of(last, Metric.MESSAGES_CREATED) == messages


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [40])
def test_a_poll_killed_while_it_makes_the_database_leaves_one_that_the_next_poll_finishes(polled, poller, rounds):
    calls = poller.calls_of_a_poll(polled.folder / "whole.db")
    for number in range(rounds):
        file = polled.folder / f"{number}.db"
        is_stored = poller.killed(file, calls)
        polled.later(minutes=5)
        snapshot = polled.poll(database=str(file))
        assert snapshot.number == whole(file)
        assert snapshot.number in ((2,) if is_stored else (1, 2))


def test_two_polls_at_the_same_moment_are_stored_both_and_count_every_event_once(polled):
    polled.poll()
    for _message in range(5):
        polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.later(minutes=5)
    polled.server.faults.latency_seconds = 0.05
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: polled.poll(), range(2))
    assert {first.number, second.number} <= {2, 3}
    polled.later(seconds=30)
    third = polled.poll()
    assert (third.number, value_of(third, Metric.MESSAGES_CREATED)) == (4, 5)
    assert third.previous_at == NOON + timedelta(minutes=5, seconds=1)


def test_a_poll_that_is_overtaken_by_a_later_one_gives_what_that_one_stored(polled):
    polled.poll()
    polled.later(minutes=5)
    slow = replace(polled, time=StandingTime())
    polled.server.faults.troubles.append(Trouble(Status(429, retry_after="1"), path="/v1/roles", times=1))
    with ThreadPoolExecutor(1) as pool:
        overtaken = pool.submit(slow.poll)
        slow.time.await_sleepers(1)
        polled.server.scripted.post_message(polled.clock())
        polled.later(minutes=5)
        fast = polled.poll()
        slow.time.move(1)
        assert overtaken.result() == fast
    assert (fast.number, change_of(fast, Metric.MESSAGES_CREATED)) == (2, 1)
    polled.later(minutes=5)
    assert value_of(polled.poll(), Metric.MESSAGES_CREATED) == 1


@pytest.mark.slow
def test_processes_that_make_the_database_and_poll_at_once_all_print_a_document(host):
    words = [sys.executable, "-m", "webexhist", "poll", "--config", str(host.configure())]
    running = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        stdout, stderr = process.communicate(timeout=120)
        assert (process.returncode, stderr) == (0, "")
        assert json.loads(stdout)["People Count"] == 120
    assert 1 <= whole(host.database) <= 3


def test_a_snapshot_of_the_future_stops_no_poll_and_is_reported(host, polled):
    polled.server.access_token = host.server.access_token
    polled.clock.set(polled.clock() + timedelta(days=3650))
    assert polled.poll(database=str(host.database)).number == 1
    for snapshots in (2, 3):
        done = host.poll()
        assert done.code == 0
        assert "order: a snapshot of 2036-11-20 is stored, in the future, and this one right after it" in done.message
        assert "only if it is, drop them: webexhist db trim --after '2026-11-23 12:00:00'" in done.message
        assert host.snapshots() == snapshots
    stored = host.poll("--stored")
    assert (stored.code, stored.message.endswith("drop what is dated later: webexhist db trim")) == (1, True)


def test_a_clock_that_was_set_back_for_a_while_loses_no_event(polled):
    polled.poll()
    polled.server.scripted.post_message(NOON + timedelta(minutes=1))
    polled.later(minutes=10)
    assert change_of(polled.poll(), Metric.MESSAGES_CREATED) == 1
    polled.server.scripted.post_message(NOON + timedelta(minutes=9))
    polled.later(minutes=-5)
    back = polled.poll()
    assert (back.number, change_of(back, Metric.MESSAGES_CREATED)) == (3, 0)
    polled.later(minutes=10)
    last = polled.poll()
    assert (last.number, change_of(last, Metric.MESSAGES_CREATED)) == (4, 1)
