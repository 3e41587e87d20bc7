"""The time that passes while a poll runs: measured, slept through, or spent on waiting for others."""

import time
from collections.abc import Iterable
from concurrent.futures import Future, wait
from typing import Any


class PassingTime:
    """The time of this machine; it never goes back, whatever is done to the clock on the wall."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Returns after so many seconds."""
        time.sleep(seconds)

    def wait_for(self, futures: Iterable[Future[Any]], seconds: float) -> None:
        """Returns when all are done, or after so many seconds."""
        wait(futures, timeout=seconds)


REAL_TIME = PassingTime()
