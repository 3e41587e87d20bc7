"""The one deadline that everything a poll does has to keep."""

import time

from webexhist.webex.api.errors import OutOfTime


class Deadline:
    """Ends `seconds` after it was made, whatever the clock on the wall does."""

    def __init__(self, seconds: float) -> None:
        self.budget = seconds
        self.end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.end - time.monotonic())

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
            OutOfTime: at once, when the wait would reach the deadline.
        """
        if seconds >= self.remaining():
            raise self.out_of_time(f"{reason} for {seconds:.0f} s")
        time.sleep(seconds)

    def out_of_time(self, reason: str) -> OutOfTime:
        return OutOfTime(f"{reason}, budget_seconds is {self.budget:g}", "the next poll asks again")
