"""Time that tests hand in: nobody sits it out, and what is waited for is counted instead."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from webexhist.webex.api.passing_time import PassingTime

PATIENCE = 60.0
"""Seconds after which something has gone wrong that no busy machine explains."""


def nothing() -> int:
    return 0


class SkippedTime(PassingTime):
    """Passes only while somebody sleeps or waits, and then at once; and by `step` whenever somebody looks.

    All that is waited for is awaited but the requests that hang: `hanging` says how many they are by now where many
    are waited for together, `alone` where one is waited for by itself, such as the list of organizations.
    """

    def __init__(
        self, hanging: Callable[[], int] = nothing, alone: Callable[[], int] = nothing, step: float = 0.0
    ) -> None:
        self.hanging = hanging
        self.alone = alone
        self.step = step
        self.passed = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        self.passed += self.step
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed += seconds

    def wait_for(self, futures: Iterable[Future[Any]], seconds: float) -> None:
        together = set(futures)
        hanging = self.hanging if len(together) > 1 else self.alone
        waiting = {future for future in together if not future.done()}
        while len(waiting) > hanging():
            waiting = wait(waiting, timeout=0.01, return_when=FIRST_COMPLETED).not_done
        if waiting:
            self.passed += seconds


class AllButTheFirst(SkippedTime):
    """Waits for everything but what is waited for first by itself, and never comes, such as a list that hangs.

    `quiet` gives a function that says how much hangs, once nothing else comes; each wait for it takes another one.
    """

    def __init__(self, quiet: Callable[[], Callable[[], int]]) -> None:
        super().__init__()
        self.quiet = quiet
        self.never: Future[Any] | None = None

    def wait_for(self, futures: Iterable[Future[Any]], seconds: float) -> None:
        waiting = {future for future in futures if not future.done()}
        if self.never is None and len(waiting) == 1:
            (self.never,) = waiting
        if not seconds:
            return
        if waiting != {self.never}:
            assert not wait(waiting, timeout=PATIENCE).not_done
            return
        hanging = self.quiet()
        while not hanging():
            time.sleep(0.01)
        self.passed += seconds


class StandingTime(PassingTime):
    """Stands still until it is moved; meanwhile those who sleep can be counted."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.sleepers = 0
        self.changed = threading.Condition()

    def now(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        with self.changed:
            end = self.passed + seconds
            self.sleepers += 1
            self.changed.notify_all()
            assert self.changed.wait_for(lambda: self.passed >= end, PATIENCE)
            self.sleepers -= 1

    def wait_for(self, futures: Iterable[Future[Any]], seconds: float) -> None:
        assert not wait(futures, timeout=PATIENCE).not_done

    def await_sleepers(self, count: int) -> None:
        """Returns when at least so many sleep."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.sleepers >= count, PATIENCE)

    def move(self, seconds: float) -> None:
        """Lets so many seconds pass."""
        with self.changed:
            self.passed += seconds
            self.changed.notify_all()


class JointTime(PassingTime):
    """Passes while somebody sleeps; those who sleep at once sleep through the same time."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.lock = threading.Lock()

    def now(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        end = self.passed + seconds
        time.sleep(0.001)  # lets those begin to sleep who are about to
        with self.lock:
            self.passed = max(self.passed, end)

    def wait_for(self, futures: Iterable[Future[Any]], seconds: float) -> None:
        assert not wait(futures, timeout=PATIENCE).not_done


class TimeByRequests(SkippedTime):
    """Passes by a second with every request that a service has answered."""

    def __init__(self, answered: Callable[[], int]) -> None:
        super().__init__()
        self.answered = answered
        self.began = answered()

    def now(self) -> float:
        return self.passed + self.answered() - self.began
