"""Polls without threads, connections or waiting: a flow is driven from event to event on a clock of its own."""

import heapq
import itertools
import math
import random
import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import UTC, datetime

from handed_time import SkippedTime

from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.flow import Flow
from webexhist.webex.api.refusals import Asked
from webexhist.webex.api.retry import asked_wait
from webexhist.webex.api.waiting import Waiter
from webexhist.webex.turns import each_with_each

ENDPOINTS = [f"/v1/{name}" for name in ("licenses", "people", "devices", "workspaces", "rooms", "teams", "roles")]
MOMENT = 1_800_000_000.0
"""What the clock shows at 0, in seconds since 1970."""
WORKERS = 8
HALF_A_ROUND = 0.05
"""Seconds that a request takes, and that its answer takes ..."""
SPREAD = 0.02
"""... and how much longer a request may take."""
APART = 300.0
"""Seconds from poll to poll."""


@dataclass
class Driven:
    """What some polls asked, and what was answered."""

    asked: list[list[float]] = field(default_factory=list)
    """When requests came, by poll."""
    refused: list[list[float]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    missing: list[set[Asked]] = field(default_factory=list)

    @property
    def whole_after(self):
        """After how many polls everything was answered once; None: never."""
        left = set.union(*self.missing)
        for number, missing in enumerate(self.missing, 1):
            left &= missing
            if not left:
                return number
        return None

    def longest_gap(self, lists):
        """After how many polls that did not answer it one of the lists was answered again, at most."""
        gaps = [
            len(list(run)) for one in lists for key, run in itertools.groupby(one in m for m in self.missing) if key
        ]
        return max(gaps, default=0)

    def most_in_a_second(self, after):
        """Requests in any second after that moment, at most."""
        times = sorted(at for poll in self.asked for at in poll if at > after)
        return max((number - bisect_left(times, at - 1 + 1e-9) + 1 for number, at in enumerate(times)), default=0)


class Polls:
    """Polls of some organizations, five minutes apart, at a service that limits them."""

    def __init__(self, limiter, retry_after, organizations=6, budget=12.0, seed=1, began=0.0):
        self.limiter, self.retry_after = limiter, retry_after
        names = [f"org {n}" for n in range(organizations)]
        self.lists = [Asked(endpoint, name) for endpoint, name in each_with_each(ENDPOINTS, names)]
        self.organizations, self.budget = organizations, budget
        self.random, self.time, self.rates = random.Random(seed), SkippedTime(), {}
        self.time.passed = began
        self.last = dict.fromkeys(self.lists, 0)
        self.own = {}
        """What limits an endpoint, an organization or a list instead, where that is not the same."""
        self.driven = Driven()

    def run(self, times):
        for _ in range(times):
            self.poll()
        return self.driven

    def poll(self):
        """One poll: what was left out the longest goes first."""
        began = self.time.passed
        flow = Flow(Deadline(self.budget, self.time), WORKERS)
        flow.refusals.organizations = self.organizations
        flow.begin_at(self.rates, MOMENT + began)
        left = sorted(self.lists, key=lambda one: self.last[one])
        for place, each in enumerate(left):
            flow.waiting.add(Waiter(place, each, threading.Condition(flow.lock)))
        under_way, number, asked, refused, answered = [], itertools.count(), [], [], set()
        while True:
            now = self.time.passed
            for waiter in list(flow.waiting):
                if waiter.asked.endpoint in flow.ended or waiter.asked in flow.ended_alone:
                    flow.waiting.remove(waiter)
            may_begin = len(flow.waiting) > 0 and flow.in_flight < int(flow.limit)
            first = flow.next_of_waiting(now) if may_begin else None
            ready = flow.ready_at(first.asked) if first else math.inf
            if first and ready <= now:
                flow.waiting.remove(first)
                flow.note_begin(first.asked, now)
                arrives = now + HALF_A_ROUND + SPREAD * self.random.random()
                heapq.heappush(under_way, (arrives, next(number), first, now, None))
                continue
            if first and ready - now >= flow.deadline.left():
                flow.waiting.remove(first)
                continue
            if min(ready, under_way[0][0] if under_way else math.inf) >= began + self.budget:
                break
            if not under_way or ready < under_way[0][0]:
                self.time.passed = ready
                continue
            moment, _, one, begun, wait = heapq.heappop(under_way)
            self.time.passed = moment
            if wait is None:
                asked.append(moment)
                limiters = [self.own[name] for name in (*one.asked, one.asked) if name in self.own] or [self.limiter]
                wait = max(each.wait(moment) or 0.0 for each in limiters)
                refused += [moment] if wait else []
                heapq.heappush(under_way, (moment + HALF_A_ROUND, next(number), one, begun, wait))
                continue
            flow.in_flight -= 1
            if self.note(flow, one, begun, wait):
                answered.add(one.asked)
        self.rates = flow.rates()
        self.driven.asked.append(asked)
        self.driven.refused.append(refused)
        self.driven.seconds.append(self.time.passed - began)
        self.driven.missing.append(set(self.lists) - answered)
        self.last |= dict.fromkeys(answered, len(self.driven.asked))
        self.time.passed = began + APART

    def note(self, flow, waiter, begun, wait):
        """Notes what came back of a request; whether it was answered."""
        asked = waiter.asked
        if not wait:
            flow.answered(asked.endpoint, self.time.passed - begun, asked.organization)
            return True
        header = self.retry_after(wait) if callable(self.retry_after) else self.retry_after
        seconds = asked_wait(header, datetime.fromtimestamp(MOMENT + self.time.passed, UTC))
        if seconds < flow.deadline.left():
            flow.asked_to_wait(asked.endpoint, seconds, begun, asked.organization)
            flow.waiting.add(waiter)
        elif flow.deadline.left():
            flow.asked_to_end(asked.endpoint, seconds, begun, asked.organization)
        return False


def exactly(wait):
    """The whole seconds until a service answers again."""
    return str(max(1, math.ceil(wait - 1e-9)))
