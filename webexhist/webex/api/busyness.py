"""How busy a machine is: how much longer work takes than the processor needs for it."""

import time
from collections.abc import Callable

LEAST_WORK = 0.05
"""Seconds of the processor; of less nothing can be told."""


class Busyness:
    """Measures the work of the present thread, which must wait for nothing but the processor meanwhile."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, worked: Callable[[], float] = time.thread_time
    ) -> None:
        """`now` gives the time that passes, `worked` the processor's share of it, both in seconds."""
        self.now, self.worked = now, worked
        self.began, self.work_before = now(), worked()

    def times_as_long(self) -> float:
        """How many times as long as on an idle machine the work took so far; 1 where that is unknown."""
        work = self.worked() - self.work_before
        return max(1.0, (self.now() - self.began) / work) if work >= LEAST_WORK else 1.0
