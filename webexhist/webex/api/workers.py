"""A few threads for everything a poll asks at the same time."""

import _thread
import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Self, TypeVar

from webexhist.errors import WebexhistError
from webexhist.shortages import MORE_THREADS

T = TypeVar("T")
R = TypeVar("R")


MOST_HELPERS = 128
"""Threads that take part in one `map` at most: there may be more of them when it ends than when it began."""
HERE = threading.local()


def place_of_this_thread() -> int:
    """The place of the job that this thread works at: what was submitted earlier has a lower one."""
    place: int = getattr(HERE, "place", -1)
    return place


class NoThreadError(WebexhistError):
    """The system lets this user have no more threads."""


class ThreadEnd(Exception):
    """Ends the thread that meets it among its jobs."""


def end_thread() -> None:
    """The job that ends the thread which takes it."""
    raise ThreadEnd


class Workers:
    """Daemon threads, at most `count` at first: a server that never answers must not keep the process from ending.

    (The executors of `concurrent.futures` wait for every thread at exit, and a `Thread` that is started for its first
    step, for ever where there is no memory for that.) One is started when a job waits for it.
    """

    def __init__(self, count: int) -> None:
        self.count = 0
        self.most = count
        self.is_closed = False
        self.growing = threading.Lock()
        self.numbers = itertools.count()
        self.jobs: queue.PriorityQueue[tuple[int, int, Callable[[], None]]] = queue.PriorityQueue()

    def grow_to(self, count: int) -> None:
        """Lets there be so many, if they were fewer."""
        self.most = max(self.most, count)
        self.start_missing()

    def start_missing(self) -> None:
        """Starts threads for the jobs that wait. Where another thread is at it already, it does the rest too."""
        while self.is_one_missing() and self.growing.acquire(blocking=False):
            try:
                while self.is_one_missing():
                    self.start_one()
            finally:
                self.growing.release()

    def start_one(self) -> None:
        """Starts a thread; where no more are permitted, those that are do everything. Raises `NoThreadError`."""
        try:
            _thread.start_new_thread(self.work, ())
        except RuntimeError as error:
            if not self.count:
                raise NoThreadError(f"no thread can be started ({error})", MORE_THREADS) from error
            self.most = self.count
        else:
            self.count += 1

    def is_one_missing(self) -> bool:
        """Whether a job waits, and one more thread may be started."""
        return self.count < self.most and not self.is_closed and not self.jobs.empty()

    def put(self, place: int, number: int, job: Callable[[], None]) -> None:
        """Adds a job; what has the lower place is done first, then the lower number."""
        self.jobs.put((place, number, job))
        self.start_missing()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Lets each thread end after its present job; none of them is waited for."""
        with self.growing:
            self.is_closed = True
        for _number in range(self.count):
            number = next(self.numbers)
            self.jobs.put((number, number, end_thread))

    def work(self) -> None:
        """Does job after job, until one ends the thread, or there is no memory for the next one."""
        with suppress(
            ThreadEnd, MemoryError, RuntimeError, SystemError
        ):  # so Python says that a lock or a call had none
            while True:
                self.jobs.get()[2]()

    def submit(
        self, function: Callable[[], R], after: "Future[Any] | None" = None, place: int | None = None
    ) -> "Future[R]":
        """Runs the function on the next free thread; first come, first served.

        With `after`, once that is done; it then goes before all that came later. With `place`, as that job.
        """
        future: Future[R] = Future()
        number = next(self.numbers)
        place = number if place is None else place

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            HERE.place = place
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001  it is handed on, to be raised where the result is asked for
                future.set_exception(error)
            else:
                future.set_result(result)

        if after is None:
            self.put(place, number, run)
        else:
            after.add_done_callback(lambda _: self.put(place, number, run))
        return future

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The function's result for each item, in order, computed side by side; the first error is raised.

        May be called on a worker's own thread: the caller takes items too, so it never waits for a thread
        that waits for it.
        """
        waiting = deque(enumerate(items))
        results: dict[int, R] = {}

        def take() -> None:
            while waiting:
                try:
                    index, item = waiting.popleft()
                except IndexError:  # another thread was faster
                    return
                try:
                    results[index] = function(item)
                finally:
                    if index not in results:
                        waiting.clear()  # one failed: the others are not worth asking any more

        helpers = [
            self.submit(take, place=place_of_this_thread()) for _ in range(min(MOST_HELPERS, len(waiting)) - 1)
        ]
        take()
        for helper in helpers:
            if not helper.cancel():
                helper.result()
        return [results[index] for index in sorted(results)]
