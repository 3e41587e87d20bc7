"""How long the parts are in which a window is counted whose events come in no order.

After an outage such a window can hold more events than one poll can read, and what was read of it is worth nothing
before all is read. It is counted from its oldest end, part by part, and each part that is done stays done. How dense
events lie shows while they are read, and nothing of it has to be known before:

- A few pages of a span in which a poll's worth of events may lie are a sample of it where the list is in no order.
  The parts are chosen by it: so that they end in silence, for what lies around their ends is asked for twice, and
  neither too short, for their last pages are not full, nor too long, for one that does not fit is lost.
- Each part that fitted says what the sample stands for, also one that was read before the sample, for events may go
  on as they were; and what was read of one that did not fit is a closer sample.
- Where the first events of a list stand for no others, for it is nearly in order, a part that fitted says how long
  the next may be, up to so many times as long; and after one that did not, the next is shorter.
- Where a poll got nowhere the next one begins with less than what did not fit: some part is counted in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.webex.api.client import WebexClient
from webexhist.webex.collectors.efforts import SHORTEST_PART, Effort
from webexhist.webex.collectors.samples import Samples, Stretch, is_nearly_ordered
from webexhist.webex.collectors.windows import whole_milliseconds

LONGEST_PART = timedelta(days=400)
MOST_GROWTH = 8.0
"""How many times longer than the part before a part is at most; more where that one held nothing."""
LEAST_SHRINKING = 2.0
"""How many times shorter the next part is at least after one that did not fit, where nothing was sampled."""
SHRINKING_AFTER_NOTHING = 8.0
"""The same of a poll after one that counted nothing."""
LOOK = 0.06
"""The share of the time left that a sample may take."""
SPANS_OF_A_POLL = 5.0
"""How many polls' worth of events a span is taken for of which nothing is known."""
LEAST_SAMPLED = 3
"""By fewer events of a sample no part is planned: a closer sample is worth its pages ..."""
WORTH_A_LOOK = 12
"""... where so many can be read yet."""
PART_OF_TIME = 0.3
"""The share of the time left that a part is meant to take."""
MOST_OF_TIME = 0.8
"""The most that a part may be meant to take of it."""
FEW_PAGES = 6
MANY_PAGES = 40
"""More than these a part is not meant to take: it would not be fuller, and lose more where it does not fit."""
RISK = 0.3
"""How much of its worth a part loses that takes all of the time left, for it may not fit."""
SURELY = 0.7
"""How many deviations more than expected a part is taken to hold."""
FULL = 0.9
"""How full a part's pages are meant to be: one event more than they hold would take another request."""
MOST_EXCESS = 2.0
"""How many times what it is meant to take a part may take ..."""
GOES_ON = 0.35
"""... or this share of the time left: what was read of it would be lost."""
SURPRISING = 4.0
"""How many times as many events as a sample let expect show that it was none."""
LEFT_FOR_ENDING = 0.02
"""The share of the budget that is kept free, so that what was counted is handed over in time."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tried next."""

    length: timedelta
    pages: float = 0.0
    """How many it is meant to take; 0 where a sample is enough."""


class PartLengths:
    """The lengths of the parts of one window, one after the other."""

    def __init__(self, client: WebexClient, known: timedelta | None) -> None:
        """`known` is what the last poll planned for this one."""
        self.client = client
        self.known = known
        self.samples: Samples | None = Samples()
        """None where nothing stands for what was not read."""
        self.density = 0.0
        """Events a second in the last part, as far as was seen."""
        self.page_seconds = 0.0
        self.page_events = 0
        """How many events a page holds, as far as was seen."""
        self.opened_at: datetime | None = None
        """Where counting goes on."""
        self.last_length = known or LONGEST_PART
        self.counted = Stretch()
        self.plan = Plan(known or LONGEST_PART)

    def left(self) -> float:
        """Seconds left for parts."""
        spare = max(LEFT_FOR_ENDING * self.client.budget, self.page_seconds / 2)
        return max(0.0, self.client.seconds_left() - spare)

    def has_time(self) -> bool:
        """Whether another page is worth being asked for."""
        return self.left() > self.page_seconds

    def pages(self, seconds: float) -> int:
        """How many can be read in that time; 1 where that is not known."""
        return max(1, int(seconds / self.page_seconds)) if self.page_seconds else 1

    def effort(self, opened_at: datetime, end: datetime) -> Effort:
        """The next part, from where the last one ended."""
        self.opened_at, length = opened_at, self.plan.length
        until = end if end - opened_at <= length else whole_milliseconds(opened_at + length)
        left = self.left()
        meant = MOST_EXCESS * self.plan.pages * self.page_seconds
        allowed = max(meant, GOES_ON * left) if self.plan.pages else LOOK * left
        return Effort(self.client, opened_at, until, min(left, allowed))

    def fitted(self, effort: Effort) -> None:
        """Makes the next part as long as this one lets it be."""
        self.note(effort)
        self.counted = self.counted.longer_by(effort.length, len(effort.times))
        self.opened_at, self.density = effort.counted_until, effort.mean_density
        if self.samples:
            self.samples.was_counted(effort.counted_until, len(effort.times))
            self.plan = self.by_samples(self.samples, effort.counted_until)
        else:
            growth = MOST_GROWTH if effort.events else MOST_GROWTH**2
            self.plan = self.by_density(self.left(), effort.length * growth)

    def did_not_fit(self, effort: Effort) -> None:
        """Makes the next part shorter: by what was seen of this one."""
        self.note(effort)
        if self.samples and not self.is_sample(self.samples, effort):
            self.samples = None
        if self.samples:
            tried, longest = self.plan, effort.length / LEAST_SHRINKING
            self.samples.add(effort.counted_until, effort.times)
            self.plan = self.by_samples(self.samples, effort.opened_at)
            if tried.pages and self.plan.length > longest:
                self.plan = Plan(max(SHORTEST_PART, longest), self.plan.pages)
        else:
            self.density = density_of(effort.times) or effort.mean_density
            self.plan = self.by_density(self.left(), effort.length / LEAST_SHRINKING)

    def is_sample(self, samples: Samples, effort: Effort) -> bool:
        """Whether what was read of a part can stand for the rest of it, and what was sampled before for this."""
        if is_nearly_ordered(effort.times):
            return False
        if not self.plan.pages:
            return True
        expected = samples.expected(effort.counted_until)
        return len(effort.times) <= SURPRISING * (expected + self.page_events)

    def note(self, effort: Effort) -> None:
        """Learns from what was asked how long a page takes, and how many events it holds."""
        self.last_length = effort.length
        self.page_seconds = effort.seconds / max(1, effort.pages)
        self.page_events = max(self.page_events, effort.largest_page)

    def meant(self, pages: int) -> int:
        """How many pages the next part is meant to take of those that can be read."""
        share = min(int(PART_OF_TIME * pages), MANY_PAGES)
        return max(1, share, min(FEW_PAGES, int(MOST_OF_TIME * pages)))

    def by_samples(self, samples: Samples, opened_at: datetime) -> Plan:
        """The part that is worth most of those whose events were sampled."""
        if not samples.spans:  # nothing is known of what lies further on
            return Plan(self.last_length * MOST_GROWTH if self.known else LONGEST_PART)
        pages, page = self.pages(self.left()), max(1, self.page_events)
        samples.guess(page * pages * (1.0 if self.known else SPANS_OF_A_POLL), opened_at, self.counted)
        if pages >= WORTH_A_LOOK and self.meant(pages) * page < LEAST_SAMPLED * samples.spans[-1].stands_for:
            closer = samples.cut(opened_at, FULL * page * pages)
            if closer and closer.at - opened_at < (samples.spans[-1].until - opened_at) / LEAST_SHRINKING:
                return Plan(max(SHORTEST_PART, closer.at - opened_at))
        best, most = None, 0.0
        for cut in samples.cuts(opened_at):
            if best and best.events and cut.asked + SURELY * cut.deviation > FULL * MOST_OF_TIME * pages * page:
                break
            worth = cut.events / (cut.asked + page / 2) * (1 - RISK * min(1.0, cut.asked / (page * pages)))
            if best is None or worth > most:
                best, most = cut, worth
        assert best
        return Plan(max(SHORTEST_PART, best.at - opened_at), max(1.0, best.asked / page))

    def by_density(self, seconds: float, longest: timedelta) -> Plan:
        """A part that takes its share of that time if it is as dense as the last one, no longer than that."""
        pages, length = self.meant(self.pages(seconds)), min(longest, LONGEST_PART)
        if self.density and self.page_events:
            held = FULL * pages * self.page_events / self.density
            length = min(length, timedelta(seconds=min(held, LONGEST_PART.total_seconds())))
        return Plan(max(SHORTEST_PART, length), pages)

    def for_next_poll(self) -> timedelta:
        """What the next poll begins with: a span that it is likely to count, or a part where nothing was sampled."""
        length = self.span_of_a_poll() if self.samples else self.by_density(self.client.budget, LONGEST_PART).length
        if not self.counted.length:
            length = min(length, self.last_length / SHRINKING_AFTER_NOTHING)
        return max(SHORTEST_PART, length)

    def span_of_a_poll(self) -> timedelta:
        """A span that holds as many events as a poll can read, as far as is known."""
        events = FULL * max(1, self.page_events) * self.pages(self.client.budget)
        cut = self.samples.cut(self.opened_at, events) if self.samples and self.opened_at else None
        if not (cut and self.samples and self.opened_at):
            return min(LONGEST_PART, self.last_length * MOST_GROWTH)
        length = cut.at - self.opened_at
        if cut.at >= self.samples.spans[0].until and cut.events:
            length *= min(MOST_GROWTH, events / cut.events)
        return length


def density_of(times: Sequence[datetime]) -> float:
    """Events a second where so many lie; 0 where that cannot be said."""
    seconds = (max(times) - min(times)).total_seconds() if times else 0.0
    return len(times) / seconds if seconds else 0.0
