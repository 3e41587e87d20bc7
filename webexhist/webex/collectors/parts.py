"""How long the parts are in which a window is counted whose events come in no order, or in many lists.

After an outage such a window can hold more events than one poll can read, and what was read of it is worth nothing
before all is read. It is counted from its oldest end, part by part, and each part that is done stays done. How dense
events lie shows while they are read, and nothing of it has to be known before:

- A part that fitted says how long the next may be, up to so many times as long.
- A part that does not fit is left at twice what it was meant to take. The events that were read of it are a sample of
  all: the next part is meant to hold a share of them, wherever in it they lie, so that bursts and gaps do not matter.
- Of many lists each part takes a page of each, however short it is: it is not cut where it takes few more.
- The smaller a share of the time left is lost by that, the more often it can be tried: parts are meant to take a
  quarter of it, the first ones after one that did not fit less.
"""

from bisect import bisect_right
from datetime import datetime, timedelta

from webexhist.webex.api.client import WebexClient
from webexhist.webex.collectors.efforts import SHORTEST_PART, Effort
from webexhist.webex.collectors.windows import whole_milliseconds

FIRST_PART = timedelta(days=1)
"""What is tried where nothing is known: more than most organizations need between two polls."""
LONGEST_PART = timedelta(days=400)
MOST_GROWTH = 8.0
"""How many times longer than the part before a part is at most; more where that one held nothing."""
LEAST_SHRINKING = 2.0
"""How many times shorter the next part is at least after one that did not fit."""
SHARE_AFTER_FAILING = 0.125
"""The share of the events of a part that did not fit that the next one is meant to hold."""
PART_OF_TIME = 0.25
"""The share of the time left that a part is meant to take."""
MOST_OF_TIME = 0.75
"""The same where only a few pages are left: what is asked for beyond a part's ends weighs more in a short one."""
FEW_PAGES = 6
MANY_PAGES = 40
"""More than these a part is not meant to take: it would not be fuller, and lose more where it does not fit."""
FULL = 0.9
"""How full a part's pages are meant to be: one event more than they hold would take another request."""
MOST_EXCESS = 2.0
"""How many times what it is meant to take a part may take."""
LEFT_FOR_ENDING = 0.02
"""The share of the budget that is kept free, so that what was counted is handed over in time."""


class PartLengths:
    """The lengths of the parts of one window, one after the other."""

    def __init__(self, client: WebexClient, known: timedelta | None) -> None:
        self.client = client
        self.lists = 0
        """How many lists are read for each part, of each at least a page; 0 where it is one."""
        self.length = known or FIRST_PART
        self.density = 0.0
        """Events a second that the next part is taken to hold; 0 where nothing is known."""
        self.sample: list[datetime] = []
        """Events that were seen ahead, in a part that did not fit, in order of time."""
        self.page_seconds = 0.0
        self.page_events = 0
        """How many events a page holds, as far as was seen."""

    def left(self) -> float:
        """Seconds left for parts."""
        spare = max(LEFT_FOR_ENDING * self.client.budget, self.page_seconds / 2)
        return max(0.0, self.client.seconds_left() - spare)

    def has_time(self) -> bool:
        """Whether another page is worth being asked for."""
        return self.left() > self.page_seconds

    def effort(self, opened_at: datetime, end: datetime) -> Effort:
        """The next part, from where the last one ended."""
        until = end if end - opened_at <= self.length else whole_milliseconds(opened_at + self.length)
        left = self.left()
        meant = self.pages_within(left) * self.page_seconds if self.page_seconds else PART_OF_TIME * left
        return Effort(self.client, opened_at, until, min(left, MOST_EXCESS * meant), self.lists)

    def fitted(self, effort: Effort) -> None:
        """Makes the next part as long as this one lets it be."""
        self.note(effort)
        self.density = effort.mean_density
        longest = effort.length * (MOST_GROWTH if effort.events else MOST_GROWTH**2)
        length = min(longest, self.planned(self.density, self.left(), longest))
        self.length = max(SHORTEST_PART, min(length, self.by_sample(effort, longest)))

    def by_sample(self, effort: Effort, otherwise: timedelta) -> timedelta:
        """How long the next part may be by what was seen ahead, where as much of that lay in the last one."""
        passed = bisect_right(self.sample, effort.counted_until)
        seen, self.sample = passed, self.sample[passed:]
        if not self.sample:
            return otherwise
        events = FULL * self.pages_within(self.left()) * max(1, self.page_events)
        ahead = int(events * max(1, seen) / max(1, effort.events))
        return self.sample[min(ahead, len(self.sample) - 1)] - effort.counted_until

    def did_not_fit(self, effort: Effort) -> None:
        """Makes the next part shorter: by what was seen of this one."""
        self.note(effort)
        self.density = effort.density or effort.mean_density
        self.sample = sorted(effort.times)
        length = effort.length / LEAST_SHRINKING
        if self.sample:
            length = min(length, self.sample[int(SHARE_AFTER_FAILING * len(self.sample))] - effort.opened_at)
        else:
            length = min(length, self.planned(effort.density, self.left(), length))
        self.length = max(SHORTEST_PART, length)

    def note(self, effort: Effort) -> None:
        """Learns from what was asked how long a page takes, and how many events it holds."""
        self.page_seconds = effort.seconds / max(1, effort.pages)
        self.page_events = max(self.page_events, effort.largest_page)

    def pages_within(self, seconds: float) -> int:
        """How many pages the next part is meant to take of what can be read in that time."""
        all_pages = seconds / self.page_seconds
        pages = min(int(PART_OF_TIME * all_pages), MANY_PAGES)
        return max(1, self.lists, pages, min(FEW_PAGES, int(MOST_OF_TIME * all_pages)))

    def planned(self, density: float, seconds: float, otherwise: timedelta) -> timedelta:
        """How long a part may be to take its share of that time, with so many events a second."""
        if not (density and self.page_events and self.page_seconds):
            return otherwise
        length = FULL * self.pages_within(seconds) * self.page_events / density
        return timedelta(seconds=min(length, LONGEST_PART.total_seconds()))

    def for_next_poll(self) -> timedelta:
        """The length with which the next poll begins, which has all of its time."""
        length = self.planned(self.density, self.client.budget, self.length)
        return max(SHORTEST_PART, length)
