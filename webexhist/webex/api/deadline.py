"""The one deadline that everything a poll does has to keep."""

from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any

from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime


class Deadline:
    """Ends `seconds` after it was made."""

    def __init__(self, seconds: float, time: PassingTime = REAL_TIME) -> None:
        self.budget = seconds
        self.time = time
        """By which the deadline goes, and everything that is measured and waited for until then."""
        self.end = time.now() + seconds
        self.reserve = 0.0

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.end - self.reserve - self.time.now())

    def set_aside(self, seconds: float) -> None:
        """Keeps so many seconds at the end, at most half of the budget, for what comes afterwards."""
        self.reserve = min(seconds, self.budget / 2)

    def remaining(self) -> float:
        """Seconds left for one more request.

        Raises:
            OutOfTime: nothing is left.
        """
        left = self.left()
        if not left:
            raise self.out_of_time("the poll's time was used up")
        return left

    def sleep(self, seconds: float, reason: str) -> None:
        """Waits, but never for a time that would outlast the budget.

        Raises:
            OutOfTime: at once, for that reason, when the wait would reach the deadline.
        """
        if seconds >= self.remaining():
            raise self.out_of_time(reason)
        self.time.sleep(seconds)

    def wait_for(self, futures: Iterable[Future[Any]]) -> None:
        """Returns when all are done, or nothing is left."""
        self.time.wait_for(futures, self.left())

    def out_of_time(self, reason: str) -> OutOfTime:
        """The error for what does not fit into the budget any more."""
        return OutOfTime(f"{reason}, budget_seconds is {self.budget:g}", "the next poll asks again")
