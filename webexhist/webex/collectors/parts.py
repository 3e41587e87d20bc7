"""How long the parts are in which a window is counted: as long as what is left of the poll's time lets them be.

After an outage a window can hold more events than one poll can read. It is counted from its oldest end, part by
part, and each part that is done stays done. How dense events lie shows while they are read, and nothing of it has to
be known before:

- A part that fitted says how long the next may be; one with less in it than was expected lets the next be longer, up
  to so many times.
- A part that does not fit is left after two pages, as a rule, and never later than at twice what it was meant to
  take: what was read of it is all that is lost.
- Where a list begins with the newest events, those pages lie at the far end of the part. What lies between is tried
  with parts that are right for events as dense as these, or, where the part before held few, by halves: a burst that
  begins somewhere between is found like a word in a dictionary.

So what is lost does not grow with the number of events, but with how often it becomes denser: two pages for each
halving, of a day down to the minute that a part takes some twenty pages. And pages are meant to be nine tenths full.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

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
THINNER = 4.0
"""How many times less dense than before events are taken to lie, at most, after a part that held few; its square
after one that held none."""
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


class Edge(NamedTuple):
    """Where a list that begins with the newest events was left: what lies beyond has been seen."""

    at: datetime
    density: float
    """Events a second there."""


class PartLengths:
    """The lengths of the parts of one window, one after the other."""

    def __init__(self, client: WebexClient, known: timedelta | None) -> None:
        self.client = client
        self.length = known or FIRST_PART
        self.density = 0.0
        """Events a second that the next part is taken to hold; 0 where nothing is known."""
        self.last_density: float | None = None
        """Those of the last part that fitted; None before the first."""
        self.edges: list[Edge] = []
        """Those ahead, the nearest last."""
        self.sparse_parts = 0
        """How many parts in a row held few events on the way to an edge."""
        self.page_seconds = 0.0
        self.page_events = 0
        """How many events a page holds, as far as was seen."""

    def left(self) -> float:
        """Seconds left for parts."""
        spare = max(LEFT_FOR_ENDING * self.client.budget, self.page_seconds / 2)
        return max(0.0, self.client.seconds_left() - spare)

    def has_time(self) -> bool:
        """Whether another part is worth being begun."""
        return self.left() > self.page_seconds

    def effort(self, opened_at: datetime, end: datetime) -> Effort:
        """The next part, from where the last one ended."""
        until = end if end - opened_at <= self.length else whole_milliseconds(opened_at + self.length)
        left = self.left()
        meant = self.pages_within(left) * self.page_seconds if self.page_seconds else PART_OF_TIME * left
        return Effort(self.client, opened_at, until, min(left, MOST_EXCESS * meant))

    def fitted(self, effort: Effort) -> None:
        """Makes the next part as long as this one lets it be."""
        self.note(effort)
        few = THINNER if effort.events else THINNER**2
        longest = effort.length * (MOST_GROWTH if effort.events else MOST_GROWTH**2)
        self.last_density = effort.mean_density
        self.density = max(self.last_density, self.density / few)
        while self.edges and self.edges[-1].at <= effort.counted_until:
            self.density = self.edges.pop().density
            self.sparse_parts = 0
        length = min(longest, self.planned(self.density, self.left(), longest))
        if self.edges:
            length = self.towards_edge(effort.counted_until, length)
        self.length = max(SHORTEST_PART, length)

    def did_not_fit(self, effort: Effort) -> None:
        """Makes the next part shorter: by what was seen of this one."""
        self.note(effort)
        self.density = effort.density or THINNER * max(self.density, effort.mean_density)
        length = self.planned(self.density, self.left(), effort.length / THINNER)
        self.length = max(SHORTEST_PART, self.beside_what_was_read(effort, length))

    def beside_what_was_read(self, effort: Effort, length: timedelta) -> timedelta:
        """The next part's length after one that was left, where so much would be right for what was seen last."""
        at = effort.read_up_to
        if at is None or not effort.density:
            return min(length, effort.length / LEAST_SHRINKING)
        if not effort.is_newest_first:  # what was read is known to fit
            return max(length, at - effort.opened_at)
        self.edges.append(Edge(at, effort.density))
        self.sparse_parts = 0
        if self.last_density is None:
            return min(length, at - effort.opened_at)
        return self.towards_edge(effort.opened_at, length)

    def towards_edge(self, opened_at: datetime, length: timedelta) -> timedelta:
        """The length of a part before an edge, where so much would be right for what is known without it.

        After a part with few events it is half of what lies before the edge, and more after each further one.
        """
        edge = self.edges[-1]
        ahead = edge.at - opened_at
        shortest = self.planned(edge.density, self.left(), SHORTEST_PART)
        if ahead <= shortest:
            return shortest
        if self.last_density is not None and self.last_density < edge.density / THINNER:
            length = ahead * (1 - 0.5 ** (1 + 2 * self.sparse_parts))
            self.sparse_parts += 1
        else:
            length = max(shortest, min(length, ahead / 2))
        return ahead if ahead - length < shortest / 4 else length

    def note(self, effort: Effort) -> None:
        self.page_seconds = effort.seconds / max(1, effort.pages)
        self.page_events = max(self.page_events, effort.largest_page)

    def pages_within(self, seconds: float) -> int:
        """How many pages the next part is meant to take of what can be read in that time."""
        all_pages = seconds / self.page_seconds
        pages = min(int(PART_OF_TIME * all_pages), MANY_PAGES)
        return max(1, pages, min(FEW_PAGES, int(MOST_OF_TIME * all_pages)))

    def planned(self, density: float, seconds: float, otherwise: timedelta) -> timedelta:
        """How long a part may be with so many events a second, to take its share of that time."""
        if not (density and self.page_events and self.page_seconds):
            return otherwise
        length = FULL * self.pages_within(seconds) * self.page_events / density
        return timedelta(seconds=min(length, LONGEST_PART.total_seconds()))

    def for_next_poll(self) -> timedelta:
        """The length with which the next poll begins, which has all of its time."""
        length = self.planned(self.density, self.client.budget, self.length)
        return max(SHORTEST_PART, length)
