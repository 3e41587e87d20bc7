"""How fast Webex is asked: more at once while it answers quickly, less as soon as it asks to wait.

The scheme is the one by which TCP finds what a network carries (RFC 5681): the number of requests in flight grows
with each quick answer at first, by one a round later, and is halved when Webex asks to wait. A poll has few rounds:
it grows faster than TCP would let it. An endpoint that asked to wait is then asked at four fifths of the rate at
which it answered, and a little faster with each answer. Where several endpoints ask to wait at once, all of that
concerns every endpoint: it is one limit that they share. Where of several organizations only one is asked to wait,
it concerns what was asked of that one alone (refusals.py). The next poll begins at the rates that were found.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from webexhist.request_rates import KnownRate
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.paces import Pace
from webexhist.webex.api.refusals import Asked, Refusals
from webexhist.webex.api.waiting import Waiter, Waiting
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
"""What is left of the requests in flight when Webex asks to wait."""
TOGETHER_SECONDS = 60.0
"""For how long a limit is taken to be one of all endpoints after several of them asked to wait at once."""
MOST_HELD = 512
"""Requests that may wait for their endpoints, or organizations, beside those that may be in flight."""
ALL = "*"
"""Stands for all endpoints together among those whose rates are known."""
LONGER_WAIT = "Webex asked to wait for longer than the poll lasts"
"""Why a request is not sent; it names no seconds, so that it reads the same at every poll ..."""
NO_TURN = "Webex asked to wait, and no turn came until the poll's end"
"""... and where it is not sent because others, or vain waits, were before it."""
TOO_LATE = "no answer would come before the poll's end"
"""Why no other request is sent to an endpoint where no answer of any came as soon as that: it would be in vain.

Its own answers alone would not tell: it may have given one, and that late by chance.
"""


def nobody(anything: object) -> None:
    """Takes no notice."""


class Flow:
    """The requests in flight, and the waits that Webex asked for; safe between threads."""

    def __init__(self, deadline: Deadline, first: int) -> None:
        self.deadline = deadline
        self.first = first
        self.limit = float(first)
        """How many requests may be in flight."""
        self.grown: Callable[[int], None] = nobody
        """Is called with how many requests may be in flight or wait for what others need not, when that has grown."""
        self.slow_start_until = float(first * MOST_GROWTH)
        self.in_flight = 0
        self.halved_at: float | None = None
        """When the requests in flight were last halved; None before the first wait."""
        self.together_until = float("-inf")
        self.fastest: dict[str, float] = {}
        """The seconds of the fastest answer, by endpoint."""
        self.began = deadline.time.now()
        self.epoch = 0.0
        """What the deadline's clock lacks to seconds since 1970."""
        self.all = Pace(self.began)
        self.paces: dict[str, Pace] = {}
        self.alone: dict[Asked, Pace] = {}
        """The paces of what waits alone: of a list, or of all of an organization (with an empty endpoint)."""
        self.ended: set[str] = set()
        """The endpoints that are not asked any more: they asked to wait for longer than the poll lasts."""
        self.ended_alone: set[Asked] = set()
        self.refusals = Refusals()
        self.waiting = Waiting()
        self.lock = threading.Lock()

    def begin_at(self, rates: Mapping[str, KnownRate], moment: float) -> None:
        """Lets what was found to be limited begin at the rates that are known; before anything is asked.

        It is now that `moment`, in seconds since 1970.
        """
        now = self.deadline.time.now()
        self.epoch = moment - now
        paces = {name: Pace(now, rate, self.epoch) for name, rate in rates.items() if name != ALL}
        self.paces = {name: pace for name, pace in paces.items() if " " not in name}
        self.alone = {Asked(*name.split(" ", 1)): pace for name, pace in paces.items() if " " in name}
        self.all = Pace(now, rates.get(ALL), self.epoch)

    def rates(self) -> dict[str, KnownRate]:
        """The rates for the next poll to begin at, of what is limited."""
        with self.lock:
            alone = [(" ".join(asked), pace) for asked, pace in self.alone.items()]
            found = {name: pace.next_rate() for name, pace in [(ALL, self.all), *self.paces.items(), *alone]}
            return {name: rate for name, rate in found.items() if rate is not None}

    def pace_of(self, endpoint: str) -> Pace:
        """The pace of one endpoint."""
        if endpoint not in self.paces:
            self.paces[endpoint] = Pace(self.began, None, self.epoch)
        return self.paces[endpoint]

    def pace_alone(self, asked: Asked) -> Pace:
        """The pace of what one organization is asked for, where it waits alone."""
        return self.alone.setdefault(asked, Pace(self.began, None, self.epoch))

    def paces_alone(self, asked: Asked) -> list[Pace]:
        """The paces of a list, and of all of its organization, where these wait alone."""
        both = (asked, Asked("", asked.organization)) if self.alone else ()
        return [pace for one in both if (pace := self.alone.get(one))]

    @property
    def was_asked_to_wait(self) -> bool:
        """Whether Webex ever asked this poll to wait, or the ones before, so that this one asks more slowly."""
        return self.halved_at is not None or bool(self.all.rate)

    @property
    def most_in_flight(self) -> int:
        """How many requests may be in flight in this poll at most, as far as is known by now."""
        return int(self.limit) if self.was_asked_to_wait else self.first * MOST_GROWTH

    @property
    def is_closed(self) -> bool:
        """Whether Webex asked all to wait for longer than the poll lasts: nothing is asked any more."""
        return self.all.ready_at - self.deadline.time.now() >= self.deadline.left()

    @contextmanager
    def request(self, endpoint: str, organization: str = "") -> Iterator[None]:
        """Lets a request begin when its turn has come; it lasts as long as the block.

        Raises:
            OutOfTime: what Webex asked to wait would outlast the budget.
        """
        asked = Asked(endpoint, organization)
        self.await_turn(Waiter(place_of_this_thread(), asked, threading.Condition(self.lock)))
        try:
            yield
        finally:
            with self.lock:
                self.in_flight -= 1
                self.wake_next()

    def await_turn(self, waiter: Waiter) -> None:
        """Returns when the request may begin. Only the next of those that wait sleeps, the others wait for it."""
        with self.lock:
            self.waiting.add(waiter)
            held = self.waiting.number(lambda asked: self.own_ready_at(asked) > self.all.ready_at)
            places = int(self.limit) + min(held, MOST_HELD)
        if held:
            self.grown(places)
        try:
            while not self.begins(waiter):
                seconds = max(0.0, self.ready_at(waiter.asked) - self.deadline.time.now())
                self.deadline.sleep(seconds, self.why_not(waiter.asked))
        finally:
            with self.lock:
                self.waiting.remove(waiter)
                self.wake_next()

    def begins(self, waiter: Waiter) -> bool:
        """Waits until the request is the next one; False where it has to sleep before it may begin."""
        with self.lock:
            while True:
                if waiter.asked.endpoint in self.ended or waiter.asked in self.ended_alone:
                    raise self.deadline.out_of_time(LONGER_WAIT)
                remaining = self.deadline.remaining()
                if waiter.asked.endpoint in self.fastest and min(self.fastest.values()) > remaining:
                    raise self.deadline.out_of_time(TOO_LATE)
                now = self.deadline.time.now()
                first = self.next_of_waiting(now)
                if first is waiter and self.ready_at(waiter.asked) > now:
                    return False
                if first is waiter and self.in_flight < int(self.limit):
                    self.note_begin(waiter.asked, now)
                    return True
                if first is not waiter:
                    first.turn.notify()  # time that went by made it the next one, which nobody told it
                waiter.turn.wait(remaining)

    def note_begin(self, asked: Asked, now: float) -> None:
        """Notes that a request begins now."""
        self.in_flight += 1
        self.all.began_one(now)
        self.pace_of(asked.endpoint).began_one(now)
        for alone in self.paces_alone(asked):
            alone.began_one(now)

    def wake_next(self) -> None:
        """Lets the next one look whether its turn has come; any one where time is over, for all end then."""
        if not self.waiting:
            return
        has_time = self.deadline.left() > 0
        one = self.next_of_waiting(self.deadline.time.now()) if has_time else next(iter(self.waiting))
        one.turn.notify()

    def next_of_waiting(self, now: float) -> Waiter:
        """The one whose turn is next."""
        return self.waiting.next(now, self.ready_at, self.refusals.goes_behind)

    def ready_at(self, asked: Asked) -> float:
        """When the next request for that may begin, on the clock of the deadline."""
        return max(self.all.ready_at, self.own_ready_at(asked))

    def own_ready_at(self, asked: Asked) -> float:
        """The same as far as its endpoint and its organization are concerned."""
        return max(pace.ready_at for pace in (self.pace_of(asked.endpoint), *self.paces_alone(asked)))

    def why_not(self, asked: Asked) -> str:
        """Why that is not asked for any more, where its turn comes after the poll."""
        paces = (self.all, self.pace_of(asked.endpoint), *self.paces_alone(asked))
        until = max(min(pace.asked_until, pace.wait_ends) for pace in paces)
        return LONGER_WAIT if until - self.deadline.time.now() >= self.deadline.left() else NO_TURN

    def answered(self, endpoint: str, seconds: float, organization: str = "") -> None:
        """Notes an answer that took so long."""
        with self.lock:
            now = self.deadline.time.now()
            asked = Asked(endpoint, organization)
            began = now - seconds
            self.refusals.note_answer(asked, began)
            for alone in self.paces_alone(asked):
                alone.answered(now, began)
            self.all.answered(now, began)
            self.pace_of(endpoint).answered(now, began)
            fastest = self.fastest[endpoint] = min(seconds, self.fastest.get(endpoint, seconds))
            if seconds > QUICK * fastest + QUICK_SECONDS:
                return
            before = int(self.limit)
            more = FIRST_GROWTH if self.limit < self.slow_start_until else 1 / self.limit
            self.limit = min(self.limit + more, float(self.first * MOST_GROWTH))
            grown = int(self.limit)
            self.wake_next()
        if grown > before:
            self.grown(grown)

    def asked_to_end(self, endpoint: str, seconds: float, began: float, organization: str = "") -> None:
        """Notes that Webex asked an endpoint to wait for longer than the poll lasts: it is not asked any more.

        The others are asked on. Where several endpoints asked so at once, all are asked more slowly.
        """
        asked = Asked(endpoint, organization)
        with self.lock:
            if self.is_of_one_alone(asked, self.deadline.time.now(), began):
                self.ended_alone.add(asked)
                self.pace_alone(asked).wait(self.deadline.time.now(), 0.0, seconds, began)
            else:
                self.ended.add(endpoint)
                self.slow_down(endpoint, seconds, began, 0.0)
            for waiter in self.waiting:
                waiter.turn.notify()

    def asked_to_wait(self, endpoint: str, seconds: float, began: float, organization: str = "") -> None:
        """Notes that Webex asked a request that `began` then to wait so long."""
        asked = Asked(endpoint, organization)
        with self.lock:
            now = self.deadline.time.now()
            if self.is_of_one_alone(asked, now, began):
                self.pace_alone(self.refusals.waits_alone(asked)).wait(now, seconds, seconds, began)
                return
            others = [
                pace.wait_ends
                for name, pace in self.paces.items()
                if name not in (endpoint, *self.ended) and pace.wait_ends > now
            ]
            shared = min([seconds, *(ends - now for ends in others)])
            self.slow_down(endpoint, seconds, began, shared)

    def is_of_one_alone(self, asked: Asked, now: float, began: float) -> bool:
        """Notes a refusal; returns whether it says nothing of other organizations, or its own limit explains it."""
        is_alone = self.refusals.is_of_one_alone(asked, now, began)
        return is_alone or any(pace.is_near_its_limit(now) for pace in self.paces_alone(asked))

    def slow_down(self, endpoint: str, seconds: float, began: float, shared: float) -> None:
        """Asks more slowly after an endpoint asked to wait; all wait `shared` seconds where others asked too."""
        now = self.deadline.time.now()
        own = self.pace_of(endpoint)
        if self.refusals.is_of_endpoint_alone(endpoint, now, began) or own.is_near_its_limit(now):
            own.wait(now, seconds, seconds, began)
            return
        if self.halved_at is None or began >= self.halved_at:  # else others were asked while it was in flight already
            self.limit = self.slow_start_until = max(1.0, int(self.limit) * DECREASE)
            self.halved_at = now
        waiting = any(pace.wait_ends > now for name, pace in self.paces.items() if name != endpoint)
        if waiting and now >= self.together_until:
            for pace in self.paces.values():  # what they share limits none of them by itself
                pace.rate = None
        is_shared = waiting or now < self.together_until or self.all.is_near_its_limit(now)
        if is_shared:
            self.together_until = now + TOGETHER_SECONDS
            self.all.wait(now, shared, seconds, began)
            own.wait_ends = max(own.wait_ends, now + seconds)
            own.asked_until = max(own.asked_until, now + seconds)
        else:
            own.wait(now, seconds, seconds, began)
