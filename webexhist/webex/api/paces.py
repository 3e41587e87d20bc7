"""How fast an endpoint may be asked once it asked to wait, and how that rate grows again.

What a wait costs decides how soon the next one is risked: below the rate at which it asked to wait, the rate grows so
slowly that it gets there after many times as long as that wait took. Beyond that rate the limit is another one than
before, and it grows faster. A poll that was never asked to wait lets the next one begin faster too: where the wait
was as long as a poll, only so the rate grows at all; and where nothing is limited any more, it is soon forgotten.
"""

import math
from collections import deque

from webexhist.request_rates import KnownRate

SLOWER = 0.8
"""What is left of the rate of requests that were answered when Webex asks to wait ..."""
LEAST_LEFT = 0.8
"""... and at least of the rate at which it was asked: of the first requests after a wait too few are answered."""
FASTER = 0.05
"""By what share of itself the rate grows with each second, at most."""
WAITS_APART = 10.0
"""After how many times as long as the last wait took the next one may come, where the limit is still the same."""
FIRST_RATE = 1.0
"""The least rate to begin with: where hardly anything was answered yet, nothing is known."""
LEAST_RATE = 0.05
"""Requests a second that are asked at least; limits of a few requests a minute have been seen."""
MEASURED_SECONDS = 5.0
"""Over how long the rate is measured, of the time that passed since the last wait."""
FASTER_NEXT = 1.08
"""By what the rate grows from poll to poll where it is below the last limit: it is there after three ..."""
FASTER_BEYOND = 2.0
"""... and where it is beyond."""
NEAR = 0.9
"""From which share of its limit on a rate explains that one is asked to wait."""
NO_LIMIT = 4.0
"""A rate so many times as high as the last limit shows that there is none any more."""


class Pace:
    """When an endpoint, or all of them, may be asked next."""

    def __init__(self, now: float, known: KnownRate | None = None) -> None:
        """`known` is what the polls before left; None: nobody asked to wait."""
        self.began = now
        self.wait_ends = now
        self.next_at = now
        self.known = known
        self.rate = max(LEAST_RATE, known.begin) if known else None
        """Requests a second; None while nobody asked to wait."""
        self.limit = known.limit if known else 0.0
        self.waited = known.wait if known else 0.0
        self.was_asked_to_wait = self.has_answered = False
        self.slowed_at = -math.inf
        """When the rate was last made slower."""
        self.answered_at: deque[float] = deque()

    @property
    def ready_at(self) -> float:
        """The moment from which the next request may begin."""
        return max(self.wait_ends, self.next_at)

    @property
    def is_near_its_limit(self) -> bool:
        """Whether a limit is known that is reached, or nearly so."""
        return self.rate is not None and self.rate >= NEAR * self.limit

    def began_one(self, now: float) -> None:
        """A request begins: at a limited rate the next one waits."""
        if self.rate:
            self.next_at = now + 1 / self.rate

    def answered(self, now: float) -> None:
        """An answer came: a limited rate rises a little."""
        self.has_answered = True
        self.answered_at.append(now)
        self.forget(now)
        if self.rate:
            self.rate += self.growth(self.rate) / self.rate

    def growth(self, rate: float) -> float:
        """By how many requests a second that rate grows within a second."""
        if rate >= self.limit:
            return FASTER * rate
        return min(FASTER * rate, (1 - SLOWER) * self.limit / (WAITS_APART * self.waited))

    def wait(self, now: float, seconds: float, asked: float, began: float) -> None:
        """Waits for some seconds of those that a request that `began` then was asked for, and asks more slowly."""
        self.forget(now)
        asked_since = max(self.began, self.wait_ends if self.wait_ends < now else self.began)
        measured = len(self.answered_at) / min(MEASURED_SECONDS, max(1.0, now - asked_since))
        if began > self.slowed_at:  # else it was in flight when others met the same limit
            least = LEAST_RATE if self.rate else FIRST_RATE
            if self.rate:
                measured = min(self.rate, max(measured, LEAST_LEFT * self.rate))
            self.limit = max(least, measured)
            self.rate = max(least, SLOWER * measured)
            self.waited, self.slowed_at = asked, now
        self.was_asked_to_wait = True
        self.wait_ends = max(self.wait_ends, now + seconds)

    def next_rate(self) -> KnownRate | None:
        """What the next poll begins with; None where nothing limits it."""
        if self.rate is None or not (self.was_asked_to_wait or self.has_answered):
            return self.known if self.rate else None
        rate = self.rate
        if self.known and not self.was_asked_to_wait:
            faster = FASTER_NEXT if self.known.begin < self.limit else FASTER_BEYOND
            rate = max(rate, self.known.begin * faster)
        if rate > NO_LIMIT * self.limit:
            return None
        return KnownRate(rate, self.limit, self.waited)

    def forget(self, now: float) -> None:
        """Drops the answers that are too old to measure by."""
        while self.answered_at and self.answered_at[0] <= now - MEASURED_SECONDS:
            self.answered_at.popleft()
