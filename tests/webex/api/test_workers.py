"""A few threads for everything, without waiting for one another."""

import sys
import threading
import weakref
from concurrent.futures import wait

import pytest
from handed_time import PATIENCE
from shortages import permit_threads

from webexhist.webex.api.workers import NoThreadError, Workers

OF_THIS_THREAD = threading.local()


class Kept:
    """What goes with the thread that keeps it."""


def at_the_end_of_this_thread(call):
    OF_THIS_THREAD.kept = kept = Kept()
    weakref.finalize(kept, call)


def test_results_come_in_the_order_of_the_items():
    with Workers(3) as workers:
        assert workers.map(lambda number: number * number, range(50)) == [number * number for number in range(50)]


def test_never_more_run_at_once_than_there_are_workers():
    running = started = most = 0
    lock, together = threading.Lock(), threading.Barrier(4)

    def job(_number):
        nonlocal running, started, most
        with lock:
            running += 1
            started += 1
            most = max(most, running)
            is_early = started <= 4
        if is_early:
            together.wait(PATIENCE)
        with lock:
            running -= 1

    with Workers(4) as workers:
        outer = [workers.submit(lambda: workers.map(job, range(10))) for _ in range(6)]
        wait(outer, timeout=PATIENCE)
        assert all(future.done() for future in outer)
    assert most == 4


def test_the_first_error_is_raised_and_the_rest_left_undone():
    done = []
    is_over = threading.Event()

    def job(number):
        if number == 1:
            workers.submit(is_over.set)  # comes next to the only worker that is free: the one that fails here
            raise KeyError(number)
        assert is_over.wait(PATIENCE)
        done.append(number)

    with Workers(2) as workers, pytest.raises(KeyError):
        workers.submit(lambda: workers.map(job, range(100))).result(PATIENCE)
    assert is_over.wait(PATIENCE)
    assert done in ([], [0])


def test_workers_end_after_their_present_job():
    together, ended = threading.Barrier(4), threading.Semaphore(0)

    def job():
        at_the_end_of_this_thread(ended.release)
        together.wait(PATIENCE)

    with Workers(3) as workers:
        for _ in range(3):
            workers.submit(job)
        together.wait(PATIENCE)
        assert workers.count == 3
        assert not ended.acquire(blocking=False)
    for _ in range(3):
        assert ended.acquire(timeout=PATIENCE)


def test_nothing_waits_until_a_thread_has_begun(monkeypatch):
    """It may end before, without memory, and then never says that it has."""

    def refuse(*_):
        raise AssertionError("it is waited for")

    with Workers(1) as workers:
        with monkeypatch.context() as patched:
            patched.setattr(threading.Event, "wait", refuse)
            done = workers.submit(lambda: 1)
        assert done.result(PATIENCE) == 1


def test_where_the_system_permits_few_threads_those_do_everything(monkeypatch):
    permit_threads(monkeypatch, 2)
    with Workers(8) as workers:
        outer = [workers.submit(lambda: workers.map(lambda number: -number, range(20))) for _ in range(5)]
        workers.grow_to(16)
        assert [future.result(PATIENCE) for future in outer] == [[-number for number in range(20)]] * 5
        assert workers.count == 2


def test_where_it_permits_none_that_is_said(monkeypatch):
    permit_threads(monkeypatch, 0)
    with Workers(8) as workers, pytest.raises(NoThreadError, match="let this user have more of them"):
        workers.submit(lambda: None)


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("can't allocate lock"), SystemError("error return without exception set")],
    ids=repr,
)
def test_a_thread_that_has_no_memory_for_a_job_ends_without_a_word(monkeypatch, error):
    def lacking():
        at_the_end_of_this_thread(ended.set)
        raise error

    said, ended = [], threading.Event()
    monkeypatch.setattr(sys, "unraisablehook", said.append)
    with Workers(1) as workers:
        workers.put(0, 0, lacking)
        assert ended.wait(PATIENCE)
    assert said == []
