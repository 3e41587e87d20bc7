"""What a limit is, judged by how it was met: how many requests are answered in how many seconds.

A limit is taken to be one of a second first. Where asking more slowly brought no more answers until Webex asked to
wait again, they are counted over a longer time: from when it was last open until when it says that it will be.
"""

from dataclasses import dataclass

SLOWER = 0.8
"""What is left of the rate of requests that were answered when Webex asks to wait ..."""
LEAST_LEFT = 0.7
"""... and at least of what was asked: of the first requests after a wait too few are answered, and of those in a
longer time some were answered to the poll before."""
MUCH_SLOWER = 0.25
"""What is left of a rate where less of it brought no more answers; so much more time shows that it is none."""
AS_MANY = 0.1
"""By what share numbers of answers differ that are the same, and by one ..."""
LONGER = 1.15
"""... where they took at least so many times as long: equal ones in equal times tell nothing."""
FEWEST = 3
"""Answers that a limit can be told by."""
FIRST_RATE = 1.0
"""The least rate to begin with: where hardly anything was answered yet, nothing is known."""
LEAST_RATE = 0.05
"""Requests a second that are asked at least; limits of a few requests a minute have been seen."""
NEAR = 0.9
"""From which share of its limit on a rate explains that one is asked to wait."""


@dataclass(frozen=True, slots=True)
class MetLimit:
    """How a limit was met: what was known before, and what was answered until then."""

    rate: float | None
    limit: float
    seconds: float
    calls: float
    within: float
    lasted: float
    """Seconds since the last wait was over."""
    saved_up: float
    """Seconds of that wait in which requests were saved up."""
    asked: float
    """For how many seconds Webex asked to wait."""
    recent: int
    """Answers in the time that they are counted over."""
    at_once: int
    """Answers in one second, at most."""
    count: int = 0
    """Answers since that wait was over."""

    @property
    def is_as_many(self) -> bool:
        """Whether as many were answered as the last time, though they were asked more slowly."""
        is_equal = abs(self.count - self.calls) <= 1 + AS_MANY * self.calls
        return is_equal and self.count >= FEWEST and self.lasted >= LONGER * self.within

    @property
    def lasted_much_longer(self) -> bool:
        """Whether they were asked so much more slowly that it is no rate that is limited."""
        return self.is_as_many and self.lasted * MUCH_SLOWER >= self.within

    @property
    def tells_nothing(self) -> bool:
        """Whether nothing was answered: others used it up, or the wait was too short; no rate shows by that."""
        return not self.count and self.rate is not None

    @property
    def measured(self) -> float:
        """Answers a second; before anything was known, some waited for what others were asked to wait for."""
        if self.rate is None:
            return float(max(self.at_once, self.count if self.lasted <= 1 else 0))
        is_told = self.count >= FEWEST  # fewer answers were hardly saved up
        return self.count / max(1.0, self.lasted + self.saved_up if is_told else self.lasted)

    @property
    def least(self) -> float:
        """Requests a second that are asked at least: who is refused even one in four waits is not asking too fast."""
        return max(LEAST_RATE, MUCH_SLOWER / max(1.0, self.asked))

    @property
    def found_rate(self) -> float:
        """Requests in `found_seconds` that may be asked now."""
        if self.rate is None:
            return max(FIRST_RATE, SLOWER * self.measured)
        if self.tells_nothing:
            return self.rate
        if self.seconds > 1.0:
            return self.found_limit
        if self.lasted_much_longer:
            return float(self.count)
        if self.is_as_many:
            return max(self.least, MUCH_SLOWER * self.rate)
        return max(self.least, SLOWER * self.found_limit)

    @property
    def found_limit(self) -> float:
        """The number in `found_seconds` at which Webex asked to wait; 0 where that is not known."""
        if self.rate is None:
            return max(FIRST_RATE, self.measured) if self.count >= FEWEST else 0.0
        if self.tells_nothing:
            return self.limit
        if self.seconds > 1.0:
            return max(1.0, float(self.recent), LEAST_LEFT * self.limit)
        if self.lasted_much_longer:
            return float(self.count)
        if self.is_as_many:
            return self.rate
        return max(self.least, min(self.rate, max(self.measured, LEAST_LEFT * self.rate)))

    @property
    def found_seconds(self) -> float:
        """Over how long they are counted."""
        is_too_short = self.recent < NEAR * self.limit <= self.count
        if self.lasted_much_longer if self.seconds == 1.0 else is_too_short:
            return max(self.seconds, self.lasted + self.asked)
        return self.seconds
