"""What pages of spans that did not fit have shown of how the events lie in them.

Such a span is left before all of it is read, and none of it is counted. But in a list in no order the events that
were read are a sample of all: they show where bursts and silences lie, and once a part of the span is counted, how
many events each of them stands for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, pairwise
from math import sqrt
from statistics import correlation

from webexhist.webex.collectors.efforts import SHORTEST_PART
from webexhist.webex.collectors.windows import MARGIN, whole_milliseconds

SILENCE_COUNTED = 0.875
"""How much of a silence a part takes that ends in it: what follows may begin before its first event that was seen."""
LEAST_GUESS = 4.0
"""How many events each of a sample stands for at least, until a part of its span is counted."""
ORDERED = 0.6
"""From which rank correlation of place and time on a list is nearly in order (Spearman's, 1904)."""
SHOWN_BY = 10
"""So many events show that."""
LEAST_COMPARED = 3
"""So many of a sample show whether events go on as they were."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a part may end."""

    at: datetime
    events: float
    """How many it is expected to hold then."""
    deviation: float
    """By how many that is likely to be wrong."""
    again: float
    """How many of those around its ends are asked for beside them."""

    @property
    def asked(self) -> float:
        """How many events have to be read."""
        return self.events + self.again


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one poll counted by parts, up to where the next part begins."""

    length: timedelta = timedelta()
    events: int = 0

    def longer_by(self, length: timedelta, events: int) -> "Stretch":
        """The same with another part."""
        return Stretch(self.length + length, self.events + events)


@dataclass(slots=True)
class Sample:
    """Some events of a span."""

    until: datetime
    times: Sequence[datetime]
    """Of those that are not counted yet, in order."""
    guess: float = LEAST_GUESS
    """How many events each stands for, as long as none of them is counted: it weighs as much as one of them later."""
    passed: int = 0
    """How many of them were counted since."""
    counted: int = 0
    """How many events were, with them."""

    @property
    def stands_for(self) -> float:
        """How many events each of them stands for."""
        return max(1.0, (self.counted + self.guess) / (self.passed + 1))

    def was_counted(self, until: datetime, events: int) -> None:
        """Notes that all events up to then were counted, and how many they were."""
        passed = bisect_right(self.times, until)
        self.times = self.times[passed:]
        self.passed += passed
        self.counted += events


class Samples:
    """The samples of spans that all begin where counting goes on, the shortest span last."""

    def __init__(self) -> None:
        self.spans: list[Sample] = []

    def add(self, until: datetime, times: Sequence[datetime]) -> None:
        """Notes what was read of a span that did not fit, which was shorter than those before."""
        guess = LEAST_GUESS
        for outer in self.spans:
            passed = bisect_right(outer.times, until)
            if passed and outer.stands_for * passed < len(times):
                outer.guess = max(outer.guess, LEAST_GUESS * len(times) / passed)
            guess = max(1.0, outer.stands_for * passed / max(1, len(times)))
        self.spans.append(Sample(until, sorted(times), guess))

    def guess(self, events: float, opened_at: datetime, before: Stretch) -> None:
        """Takes the only span for one of so many events, as long as nothing of it is counted.

        For one of more where these would be fewer in as long a time as lies before it: events may go on as they were.
        """
        if len(self.spans) == 1 and not self.spans[0].counted:
            (only,) = self.spans
            compared = bisect_right(only.times, opened_at + before.length)
            as_before = before.events / compared if compared >= LEAST_COMPARED else 0.0
            only.guess = max(LEAST_GUESS, events / max(1, len(only.times)), as_before)

    def was_counted(self, until: datetime, events: int) -> None:
        """Notes that all events up to then were counted, and how many they were."""
        self.spans = [each for each in self.spans if each.until > until]
        for each in self.spans:
            each.was_counted(until, events)

    def weighted(self) -> Iterator[tuple[datetime, float]]:
        """The events in order, each by the shortest span that it lies in, with how many it stands for."""
        begins = None
        for each in reversed(self.spans):
            first = bisect_right(each.times, begins) if begins else 0
            for at in each.times[first:]:
                yield at, each.stands_for
            begins = each.until

    def expected(self, until: datetime) -> float:
        """How many events lie up to then."""
        return sum(weight for at, weight in self.weighted() if at <= until)

    def cuts(self, opened_at: datetime) -> Iterator[Cut]:
        """Where a part that begins there may end, the shortest first: between any two events, and with the span."""
        if not self.spans:
            return
        events = list(self.weighted())
        times = [at for at, _ in events]
        sums = [0.0, *accumulate(weight for _, weight in events)]
        first = sums[bisect_right(times, opened_at + MARGIN)]
        for number, (before, after) in enumerate(pairwise([opened_at, *times])):
            at = whole_milliseconds(before + SILENCE_COUNTED * (after - before))
            if opened_at + SHORTEST_PART <= at < after:  # not between events of one moment
                around = sums[bisect_right(times, at + MARGIN)] - sums[bisect_right(times, at - MARGIN)]
                held = sums[number]
                yield Cut(at, held, held / sqrt(max(1, number)), around + min(first, held))
        yield Cut(self.spans[0].until, sums[-1], sums[-1] / sqrt(max(1, len(times))), first)

    def cut(self, opened_at: datetime, events: float) -> Cut | None:
        """The longest part that holds at most so many events, or the shortest one; None where nothing was seen."""
        longest = None
        for cut in self.cuts(opened_at):
            if longest is None or cut.events <= events:
                longest = cut
        return longest


def is_nearly_ordered(times: Sequence[datetime]) -> bool:
    """Whether events come nearly in the order of their times: then the first of a list stand for no others."""
    if len(times) < SHOWN_BY:
        return False
    in_order = sorted(times)
    ranks = [bisect_left(in_order, at) + bisect_right(in_order, at) for at in times]  # those of one moment share one
    return len(set(ranks)) > 1 and abs(correlation(range(len(ranks)), ranks)) >= ORDERED
