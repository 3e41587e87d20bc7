"""Polls that meet each other, a clock that was set back, and polls that are killed."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from handed_time import StandingTime
from polling import NOON, change_of, value_of

import webexhist
from webexhist.metrics import Metric
from webexhist.simulator import Trouble
from webexhist.simulator.faults.switches import Status

POLLER = """
import os, signal, sys
from datetime import datetime
from webexhist.config import load_settings
from webexhist.poll import poll
from webexhist.store.opening import migrate

calls = 0

def count(frame, event, argument):
    global calls
    calls += 1
    if calls == last_call:
        os.kill(os.getpid(), signal.SIGKILL)

for line in sys.stdin:
    moment, database, last_call = line.split()
    last_call = int(last_call)
    child = os.fork()
    if child == 0:
        settings = load_settings({"database": database}, environment=os.environ)
        sys.setprofile(count)
        (snapshot,) = poll(settings, lambda: datetime.fromisoformat(moment))
        sys.setprofile(None)
        print("stored", snapshot.number, calls, flush=True)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    os.waitpid(child, 0)
    print("ended", flush=True)
"""
"""For every line with a time, a file and a number it forks a process that polls; the next line waits for its end.

The process kills itself at its so manieth call of a function, whatever the machine is busy with.
"""
NEVER = -1


class Poller:
    """Starts polls fast: everything is imported already."""

    def __init__(self, polled, chance):
        self.clock = polled.clock
        self.chance = chance
        environment = {
            "WEBEXHIST_ACCESS_TOKEN": polled.server.access_token,
            "WEBEXHIST_BASE_URL": polled.server.base_url,
            "WEBEXHIST_STATE_DIR": str(polled.folder),
            "PYTHONPATH": str(Path(webexhist.__file__).parents[1]),
        }
        command = [sys.executable, "-c", POLLER]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def calls_of_a_poll(self, database):
        """How many functions are called by a poll that nobody kills."""
        _, _, calls = self.poll(database, NEVER).split()
        return int(calls)

    def killed(self, database, calls):
        """Whether a poll said that it had stored its snapshot before it was killed.

        It is killed at one of its calls, or from outside after a while: in the middle of one.
        """
        if self.chance.random() < 0.5:
            return "stored" in self.poll(database, 1 + self.chance.randrange(calls))
        return "stored" in self.poll(database, NEVER, self.chance.uniform(0, 0.2))

    def poll(self, database, last_call, seconds=None):
        """What the poll printed; killed at its last call, or after so many seconds."""
        self.tell(f"{self.clock().isoformat()} {database} {last_call}")
        child = int(self.process.stdout.readline())
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        self.tell("")
        return "".join(iter(self.process.stdout.readline, "ended\n"))

    def tell(self, line):
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


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


def test_a_poll_that_is_overtaken_by_a_later_one_tells_what_that_one_stored(polled):
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
        assert "drop them: webexhist db trim --after '2026-11-23 12:00:00'" in done.message
        assert host.snapshots() == snapshots
    stored = host.poll("--stored")
    assert (stored.code, stored.message.endswith("drop that snapshot: webexhist db trim")) == (1, True)


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
