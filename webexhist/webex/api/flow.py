"""How fast Webex is asked: more at once while it answers quickly, less as soon as it asks to wait.

The scheme is the one by which TCP finds what a network carries (RFC 5681): the number of requests in flight grows
with each quick answer at first, by one a round later, and is halved when Webex asks to wait. A poll has few rounds:
it grows faster than TCP would let it. An endpoint that asked to wait is then asked at four fifths of the rate at
which it answered, and a little faster with each answer. Where several endpoints ask to wait at once, all of that
concerns every endpoint: it is one limit that they share.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.workers import place_of_this_thread

MOST_GROWTH = 16
"""How many times the requests in flight that a poll begins with there are at most."""
FIRST_GROWTH = 4.0
"""By how many the requests in flight grow with each quick answer while nobody asked to wait: fivefold in a round."""
QUICK = 2.0
"""How many times as long as the fastest of its endpoint an answer may take and still be quick ..."""
QUICK_SECONDS = 0.02
"""... and by how much longer, for what is fast anyway."""
DECREASE = 0.5
"""What is left of the requests in flight when Webex asks to wait ..."""
SLOWER = 0.8
"""... and of the rate of requests that it answered."""
FASTER = 0.25
"""By how many requests a second the rate grows with each second."""
LEAST_RATE = 1.0
MEASURED_SECONDS = 2.0
"""Over how long the rate is measured."""
TOGETHER_SECONDS = 60.0
"""For how long a limit is taken to be one of all endpoints after several of them asked to wait at once."""
LONGER_WAIT = "Webex asked to wait for longer than the poll lasts"
"""Why a request is not sent; it names no seconds, so that it reads the same at every poll."""


def nobody(count: int) -> None:
    """Takes no notice."""


class Pace:
    """When an endpoint, or all of them, may be asked next."""

    def __init__(self, now: float) -> None:
        self.began = now
        self.wait_ends = now
        self.next_at = now
        self.rate: float | None = None
        """Requests a second; None while nobody asked to wait."""
        self.answered_at: deque[float] = deque()

    @property
    def ready_at(self) -> float:
        """The moment from which the next request may begin."""
        return max(self.wait_ends, self.next_at)

    def began_one(self, now: float) -> None:
        """A request begins: at a limited rate the next one waits."""
        if self.rate:
            self.next_at = now + 1 / self.rate

    def answered(self, now: float) -> None:
        """An answer came: a limited rate rises a little."""
        self.answered_at.append(now)
        self.forget(now)
        if self.rate:
            self.rate += FASTER / self.rate

    def wait(self, now: float, seconds: float) -> None:
        """Keeps a wait, and asks more slowly from then on."""
        self.forget(now)
        measured = len(self.answered_at) / min(MEASURED_SECONDS, max(1.0, now - self.began))
        if now >= self.wait_ends:  # else it is the same burst that others met
            self.rate = max(LEAST_RATE, SLOWER * measured)
        self.wait_ends = max(self.wait_ends, now + seconds)

    def forget(self, now: float) -> None:
        """Drops the answers that are too old to measure by."""
        while self.answered_at and self.answered_at[0] <= now - MEASURED_SECONDS:
            self.answered_at.popleft()


@dataclass(eq=False, frozen=True)
class Waiter:
    """A request that waits for its turn."""

    place: int
    """What was begun earlier goes first."""
    endpoint: str


class Flow:
    """The requests in flight, and the waits that Webex asked for; safe between threads."""

    def __init__(self, deadline: Deadline, first: int) -> None:
        self.deadline = deadline
        self.first = first
        self.limit = float(first)
        """How many requests may be in flight."""
        self.grown: Callable[[int], None] = nobody
        """Is called with the limit when it has grown."""
        self.slow_start_until = float(first * MOST_GROWTH)
        self.in_flight = 0
        self.halved_at: float | None = None
        """When the requests in flight were last halved; None before the first wait."""
        self.together_until = float("-inf")
        self.fastest: dict[str, float] = {}
        """The seconds of the fastest answer, by endpoint."""
        now = deadline.time.now()
        self.all = Pace(now)
        self.paces: defaultdict[str, Pace] = defaultdict(lambda: Pace(now))
        self.ended: set[str] = set()
        """The endpoints that are not asked any more: they asked to wait for longer than the poll lasts."""
        self.waiting: list[Waiter] = []
        self.changed = threading.Condition()

    @property
    def was_asked_to_wait(self) -> bool:
        """Whether Webex ever asked this poll to wait."""
        return self.halved_at is not None

    @property
    def most_in_flight(self) -> int:
        """How many requests may be in flight in this poll at most, as far as is known by now."""
        return int(self.limit) if self.was_asked_to_wait else self.first * MOST_GROWTH

    @contextmanager
    def request(self, endpoint: str) -> Iterator[None]:
        """Lets a request begin when its turn has come; it lasts as long as the block.

        Raises:
            OutOfTime: what Webex asked to wait would outlast the budget.
        """
        self.await_turn(Waiter(place_of_this_thread(), endpoint))
        try:
            yield
        finally:
            with self.changed:
                self.in_flight -= 1
                self.changed.notify_all()

    def await_turn(self, waiter: Waiter) -> None:
        """Returns when the request may begin. Only the next of those that wait sleeps, the others wait for it."""
        with self.changed:
            self.waiting.append(waiter)
        try:
            while not self.begins(waiter):
                self.deadline.sleep(max(0.0, self.ready_at(waiter) - self.deadline.time.now()), LONGER_WAIT)
        finally:
            with self.changed:
                self.waiting.remove(waiter)
                self.changed.notify_all()

    def begins(self, waiter: Waiter) -> bool:
        """Waits until the request is the next one; False where it has to sleep before it may begin."""
        with self.changed:
            while True:
                if waiter.endpoint in self.ended:
                    raise self.deadline.out_of_time(LONGER_WAIT)
                now = self.deadline.time.now()
                first = min(self.waiting, key=lambda one: (max(now, self.ready_at(one)), one.place))
                if first is waiter and self.ready_at(waiter) > now:
                    return False
                if first is waiter and self.in_flight < int(self.limit):
                    self.in_flight += 1
                    self.all.began_one(now)
                    self.paces[waiter.endpoint].began_one(now)
                    return True
                self.changed.wait(self.deadline.remaining())

    def ready_at(self, waiter: Waiter) -> float:
        """When the next request may begin, on the clock of the deadline."""
        return max(self.all.ready_at, self.paces[waiter.endpoint].ready_at)

    def answered(self, endpoint: str, seconds: float) -> None:
        """Notes an answer that took so long."""
        with self.changed:
            now = self.deadline.time.now()
            self.all.answered(now)
            self.paces[endpoint].answered(now)
            fastest = self.fastest[endpoint] = min(seconds, self.fastest.get(endpoint, seconds))
            if seconds > QUICK * fastest + QUICK_SECONDS:
                return
            before = int(self.limit)
            more = FIRST_GROWTH if self.limit < self.slow_start_until else 1 / self.limit
            self.limit = min(self.limit + more, float(self.first * MOST_GROWTH))
            grown = int(self.limit)
            self.changed.notify_all()
        if grown > before:
            self.grown(grown)

    def asked_to_end(self, endpoint: str) -> None:
        """Notes that Webex asked an endpoint to wait for longer than the poll lasts: it is not asked any more."""
        with self.changed:
            self.ended.add(endpoint)
            self.changed.notify_all()

    def asked_to_wait(self, endpoint: str, seconds: float, began: float) -> None:
        """Notes that Webex asked a request that `began` then to wait so long."""
        with self.changed:
            now = self.deadline.time.now()
            if (
                self.halved_at is None or began >= self.halved_at
            ):  # else it was in flight already when others were asked to wait
                self.limit = self.slow_start_until = max(1.0, int(self.limit) * DECREASE)
                self.halved_at = now
            waiting = [
                pace.wait_ends for name, pace in self.paces.items() if name != endpoint and pace.wait_ends > now
            ]
            if waiting and now >= self.together_until:
                for pace in self.paces.values():  # what they share limits none of them by itself
                    pace.rate = None
            if waiting or now < self.together_until:
                self.together_until = now + TOGETHER_SECONDS
                self.all.wait(now, min([seconds, *(ends - now for ends in waiting)]))
                self.paces[endpoint].wait_ends = max(self.paces[endpoint].wait_ends, now + seconds)
            else:
                self.paces[endpoint].wait(now, seconds)
