"""How fast an endpoint may be asked once it asked to wait, and how that rate grows again.

A limit is a number of requests in some seconds. It is taken to be one of a second first: the requests are spread over
it. Where asking more slowly brings no more answers until Webex asks to wait again, they are counted over a longer
time: from when it was last open until when it says that it will be. As many are then asked as fit into that time.

What a wait costs decides how soon the next one is risked: below the rate at which it asked to wait, the rate grows so
slowly that it gets there after many times as long as that wait took. A little beyond it stays as long as requests
that were saved up could explain it; only then is the limit another one than before, and it grows ever faster.
"""

import math
from bisect import bisect_left
from collections import deque
from dataclasses import replace
from itertools import takewhile

from webexhist.request_rates import KnownRate
from webexhist.webex.api.met_limits import LEAST_RATE, NEAR, SLOWER, MetLimit

FASTER = 0.05
"""By what share of itself the rate grows with each second, below its limit."""
FASTER_AT_FIRST = 0.1
"""The same where hardly anything was answered before Webex asked to wait: its limit is not known."""
WAITS_APART = 10.0
"""After how many times as long as the last wait took the next one may come, where the limit is still the same."""
SAVED_UP_SECONDS = 1.0
"""How much of a wait counts with what was answered after it: requests are saved up in it."""
LATE_SECONDS = 0.05
"""By how much a request may begin late without delaying those after it."""
BEYOND = 0.1
"""How far the rate goes beyond its limit, as a share of that ..."""
SHOWN_SECONDS = 20.0
"""... until so many seconds' requests were answered there: that shows that the limit is at least there ..."""
KEPT_BEYOND = 0.5
"""What is left of that number in the next poll: shorter polls show it together, but none that are very short ..."""
RAISES = 5
"""... and after so many times in a row, each but the first twice as far, that there is none any more."""
FASTER_NEXT = 1.08
"""By what the rate grows from poll to poll where it is below the last limit: it is there after three ..."""
MUCH_FASTER = 2.0
"""... by what at most where it is far below, and by what the number of a longer time grows where it is beyond."""
CLOSED = 3
"""Refusals in a row, with nothing answered in between, after which nothing is asked until Webex said it is open."""
LONGER_EACH = 2.0
"""How many times as long as the last one each wait is from that number on: asking was in vain."""
IN_FLIGHT_SECONDS = 1.0
"""How much longer a wait of the poll before is: what was in flight when it was asked for may have prolonged it."""
LONGEST_KEPT = 600.0
"""For how many seconds at most a wait is kept from poll to poll; longer ones are asked about anew."""
MOST_MEASURED = 20_000
"""Answers that are remembered at most."""


class Pace:
    """When an endpoint, or all of them, may be asked next."""

    def __init__(self, now: float, known: KnownRate | None = None, epoch: float = 0.0) -> None:
        """`known` is what the polls before left; None: nobody asked to wait.

        `now` is on the clock of the deadline, which showed 0 at `epoch` (seconds since 1970).
        """
        if known is not None and not known.is_held(now + epoch):
            known = None
        self.epoch = epoch
        self.known = known
        self.next_at = now
        self.rate = max(LEAST_RATE, known.begin) if known else None
        """Requests in `seconds`, and in one of them; None while nobody asked to wait."""
        self.seconds = known.seconds if known else 1.0
        self.limit = known.limit if known else 0.0
        """The rate at which it asked to wait, or that was shown to be answered since; 0 where that is not known."""
        self.raises = known.raises if known else 0.0
        """How often that was shown, one time after the other."""
        self.waited = known.wait if known else 0.0
        self.calls, self.within = (known.calls, known.within) if known else (0.0, 1.0)
        self.wait_ends = now
        if known and known.refused_at <= now + epoch:  # else a clock was set back: each poll would wait for it anew
            self.wait_ends = max(now, min(known.opens_at - epoch + IN_FLIGHT_SECONDS, now + LONGEST_KEPT))
        self.opened_at = self.wait_ends
        """Since when answers are counted."""
        self.count = 0
        """Answers since then."""
        self.beyond = known.beyond * KEPT_BEYOND if known else 0.0
        """Answers since the rate is beyond its limit."""
        self.saved_up = SAVED_UP_SECONDS
        """Seconds before then in which requests were saved up."""
        self.met: MetLimit | None = None
        """How a limit was last met in this poll."""
        self.has_answered = self.was_used_up = False
        self.asked_until = known.refused_at + known.wait - epoch if known else now
        """Until when Webex asked to wait, which may be sooner than what is waited for."""
        self.slowed_at = self.closed_until = -math.inf
        """When the rate was last made slower, and until when Webex said then that it answers nothing."""
        self.refused_since = 0
        """Refusals since then, of what began later ..."""
        self.refused_with = 0
        """... and of what was in flight."""
        self.in_vain = 0
        """Waits in a row with nothing answered after them."""
        self.answered_at: deque[float] = deque(maxlen=MOST_MEASURED)
        self.begun_at: deque[float] = deque(maxlen=MOST_MEASURED)

    @property
    def ready_at(self) -> float:
        """The moment from which the next request may begin."""
        return max(self.wait_ends, self.next_at)

    def is_near_its_limit(self, now: float) -> bool:
        """Whether a limit is known that is reached, or nearly so."""
        reached = self.rate if self.seconds == 1.0 else float(self.recent(now))
        return reached is not None and reached >= NEAR * self.limit > 0

    def recent(self, now: float) -> int:
        """Answers in the time that they are counted over."""
        return sum(1 for _ in takewhile(lambda at: at > now - self.seconds, reversed(self.answered_at)))

    def at_once(self) -> int:
        """Answers in one second, at most."""
        times = list(self.answered_at)
        return max((number - bisect_left(times, at - 1) + 1 for number, at in enumerate(times)), default=0)

    def began_one(self, now: float) -> None:
        """A request begins: at a limited rate the next one waits."""
        if self.rate is None:
            return
        self.next_at = max(self.next_at, now - LATE_SECONDS) + 1 / self.rate
        if self.seconds > 1.0:
            self.begun_at.append(now)
            most = max(1, int(self.rate))
            if len(self.begun_at) >= most:
                self.was_used_up = True
                self.next_at = max(self.next_at, self.begun_at[-most] + self.seconds)

    def answered(self, now: float, began: float) -> None:
        """A request that `began` then was answered: a limited rate rises a little."""
        self.has_answered = True
        self.answered_at.append(now)
        if self.met and began <= self.slowed_at:  # it belongs to what was answered until then
            self.met = replace(self.met, count=self.met.count + 1)
            self.take(self.met)
            return
        self.count += 1
        if self.rate and self.seconds == 1.0:
            self.rate = self.grown(self.rate)

    def grown(self, rate: float) -> float:
        """That rate after one more answer."""
        if not self.limit:
            return rate + FASTER_AT_FIRST
        if rate < self.limit:
            growth = min(FASTER * rate, (1 - SLOWER) * self.limit / (WAITS_APART * self.waited))
            return rate + growth / rate
        self.beyond += 1
        if self.beyond >= SHOWN_SECONDS * self.limit:
            self.limit, self.raises, self.beyond = rate, self.raises + 1, 0.0
        return max(rate, min(self.most_beyond, rate + FASTER))

    @property
    def most_beyond(self) -> float:
        """How far the rate may go beyond its limit."""
        return self.limit * (1 + BEYOND * 2 ** max(0.0, self.raises - 1))

    def wait(self, now: float, seconds: float, asked: float, began: float) -> None:
        """Waits for some seconds of those that a request that `began` then was asked for, and asks more slowly.

        Where nothing was answered after several waits, each further one is longer.
        """
        self.wait_ends = max(self.wait_ends, now + seconds)
        self.asked_until = max(self.asked_until, now + asked)
        if self.met and began <= self.slowed_at:
            self.refused_with += 1  # it met the same limit as others before
            return
        if now < self.closed_until and not self.count:
            self.refused_since += 1
            if self.refused_since >= CLOSED:
                self.wait_ends = max(self.wait_ends, self.closed_until)
            return
        self.in_vain = 0 if self.count else self.in_vain + 1
        self.wait_ends = max(self.wait_ends, now + seconds * LONGER_EACH ** max(0, self.in_vain - CLOSED + 1))
        lasted = max(0.0, now - self.opened_at)
        known = (self.rate, self.limit, self.seconds, self.calls, self.within)
        self.met = MetLimit(*known, lasted, self.saved_up, asked, self.recent(now), self.at_once(), self.count)
        self.take(self.met)
        if self.seconds > 1.0 and not self.begun_at:  # nothing was counted so far
            self.begun_at.extend(self.answered_at)
        self.waited, self.slowed_at, self.closed_until = asked, now, now + asked
        self.saved_up = min(seconds, SAVED_UP_SECONDS)
        self.count = self.refused_since = self.refused_with = 0
        self.beyond = self.raises = 0.0
        self.opened_at = self.wait_ends

    def take(self, met: MetLimit) -> None:
        """Goes by the limit that was met."""
        self.rate, self.limit, self.seconds = met.found_rate, met.found_limit, met.found_seconds
        if met.is_as_many or met.tells_nothing:
            self.calls, self.within = met.calls, met.within
        else:
            self.calls, self.within = float(met.count), max(1.0, met.lasted)

    def next_rate(self) -> KnownRate | None:
        """What the next poll begins with; None where nothing limits it."""
        if self.rate is None or self.raises > RAISES:
            return None
        if not (self.met or self.has_answered):
            return self.known
        rate, polls, refused_at, opens_at = self.rate, 1.0, 0.0, 0.0
        if self.known:
            polls, refused_at, opens_at = self.known.polls, self.known.refused_at, self.known.opens_at
        if self.met:
            polls += bool(self.known)
            refused_at = max(0.0, self.slowed_at + self.epoch)
            is_closed = not self.count and self.refused_with + self.refused_since > 0
            opens = max(self.wait_ends, self.closed_until if is_closed else self.wait_ends)
            opens_at = max(0.0, min(opens, self.slowed_at + LONGEST_KEPT) + self.epoch)
        elif self.known:
            rate = max(rate, self.next_begin(self.known))
        return KnownRate(
            begin=rate,
            limit=self.limit or rate,
            wait=self.waited,
            seconds=self.seconds,
            calls=self.calls,
            within=self.within,
            raises=self.raises,
            beyond=self.beyond,
            polls=polls,
            refused_at=refused_at,
            opens_at=opens_at,
        )

    def next_begin(self, known: KnownRate) -> float:
        """What the next poll may begin with where this one was not asked to wait."""
        if self.seconds == 1.0:
            back = min(known.begin * MUCH_FASTER, SLOWER * self.limit)
            return min(max(back, known.begin * FASTER_NEXT), self.most_beyond)
        if not self.was_used_up:
            return known.begin
        return known.begin * (FASTER_NEXT if known.begin <= (1 + BEYOND) * self.limit else MUCH_FASTER)
