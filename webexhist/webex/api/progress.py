"""Whether many requests that go side by side can all be answered in time, by the pace at which they are answered."""

import threading
from collections.abc import Callable

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime

SHARED = 2.0
"""How many times longer than the time that there is they must take to be too many: others are asked beside them."""
STEADY_ROUNDS = 2
"""Rounds after which it is known how long others will take: answers come in bunches."""


class Progress:
    """How many of many requests were answered, and how fast; safe between threads.

    Their pace is measured by rounds of as many answers as may be in flight, in which that did not grow: what a
    service can do at once shows by then, and not by what an answer took while there were few.
    """

    def __init__(self, client: WebexClient, requests: int, too_many: Callable[[], OutOfTime]) -> None:
        """`too_many` makes the error of what cannot all be answered in time."""
        self.client, self.requests, self.too_many = client, requests, too_many
        self.available = client.seconds_left()
        self.rounds, self.measured, self.seconds = 0, 0, 0.0
        """Such rounds, the answers in them, and how long they took together."""
        self.lock = threading.Lock()
        self.begin_round()

    def begin_round(self) -> None:
        self.round, self.answers = self.client.may_be_in_flight, 0
        self.began = self.client.time.now()

    def note_answer(self) -> None:
        """Notes an answer, and lets the next requests begin.

        Raises:
            OutOfTime: at that pace by far not all are answered in time.
        """
        with self.lock:
            self.answers += 1
            if self.answers < self.round:
                return
            if self.client.may_be_in_flight <= self.round:
                self.rounds += 1
                self.measured += self.round
                self.seconds += self.client.time.now() - self.began
            self.begin_round()
            is_known = self.rounds >= STEADY_ROUNDS
            needed = self.requests * self.seconds / self.measured if is_known else 0.0
        if needed > SHARED * self.available and not self.client.was_asked_to_wait:
            raise self.too_many()
