"""Reads a list of events: whole, or as far as there is time where its events come in the order of their times.

Which way a list is ordered is not documented. Where its pages show that it is ordered, whichever way, all that lies
between its beginning and the last event read is known, and nothing of that has to be read again: a window of any
shape is counted by as many pages as its events fill.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.items import Page, brief, fingerprint, identity
from webexhist.webex.api.json_values import JsonObject, moment
from webexhist.webex.collectors.windows import MILLISECOND, Counted, Span, Unplaced, whole_milliseconds

SHOWN_BY = 10
"""Events in order that show that a list is ordered: of others so many are in order once in a million times."""
FIRST_EVENTS = 5
"""So many of a list's first events are known again: a link that leads back to them has lost its place."""
RECENT_PAGES = 3
"""How far back a row is repeated where data shifts between two pages."""


class UnreadableEventError(Exception):
    """An event that does not say what happened."""


class OutOfOrderError(Exception):
    """A list is not in the order of times: how far it was read says nothing."""


@dataclass(frozen=True, slots=True)
class EventList:
    """All events of a source, in one list."""

    pages: Callable[[WebexClient, Mapping[str, str]], Iterator[Page]]
    """The pages between two times, by the parameters `from` and `to`."""
    metric_of: Callable[[JsonObject], Metric | None]
    """What an event counts for; None: nothing. Raises UnreadableEventError where it does not say what happened."""
    rest: Callable[[WebexClient, str], Iterator[Page]] | None = None
    """The pages from an address on; None where no page tells the address of the next."""

    def count(self, client: WebexClient, span: Span, saw: Callable[[Page], None]) -> Counted:
        """The number of distinct events of each kind in the span. Only ids are kept while counting.

        `saw` is called with every page, before it is counted.
        """
        seen: dict[str, Metric] = {}
        unplaced = Unplaced()
        unreadable: set[str] = set()
        for page in self.pages(client, span.query()):
            saw(page)
            for event in page:
                try:
                    metric = self.metric_of(event)
                except UnreadableEventError:
                    unreadable.add(identity(event))
                    continue
                if metric and span.counts(event, unplaced):
                    seen[identity(event)] = metric
        return Counted(Counter(seen.values()), unplaced, len(unreadable))

    def pages_of(self, client: WebexClient, span: Span) -> Iterator[Page]:
        """The pages of a span that begins or ends where a list was left before.

        What is asked for beyond its ends is counted already. Where that is a page and more, only a millisecond more
        is asked for instead, if the answer shows that Webex is so exact.
        """
        pages = self.pages(client, span.query())
        first = next(pages, None)
        if first is None:
            return
        yield first
        times = times_of(first)
        is_beside = times and (min(times) > span.counted_until or max(times) <= span.opened_at)
        if is_beside and (second := next(pages, None)) is not None:
            closer = self.pages(client, span.query(MILLISECOND))
            exact = next(closer, Page())
            if is_last_of(span, times_of(exact)) or max(times) <= span.opened_at:
                yield exact
                pages = closer
            else:
                yield second
        yield from pages


def is_last_of(span: Span, times: list[datetime]) -> bool:
    """Whether times reach up to the end of a span, where an event is known to be."""
    return bool(times) and max(times) > span.counted_until - MILLISECOND


def times_of(page: Page) -> list[datetime]:
    """When the events of a page were created; those without a time are left out."""
    return [at for event in page if (at := moment(event.get("created"))) is not None]


@dataclass(slots=True)
class Frontier:
    """The last event of a list in the order of times."""

    at: datetime | None = None
    direction: int = 0
    """1: later ones follow; -1: earlier ones; 0: all so far are of one time."""
    events: int = 0

    def moves_to(self, at: datetime) -> None:
        """Goes on to the next event.

        Raises:
            OutOfOrderError: the list turned around.
        """
        if self.at is not None and at != self.at:
            direction = 1 if at > self.at else -1
            if self.direction not in (0, direction):
                raise OutOfOrderError
            self.direction = direction
        self.at = at
        self.events += 1

    def is_behind(self, at: datetime) -> bool:
        """Whether no event of that time can follow any more; what windows go on with lies on the other side."""
        edge = self.edge
        return edge is not None and (at > edge if self.direction < 0 else at <= edge)

    @property
    def edge(self) -> datetime | None:
        """Where to go on, as windows open just after a moment; None where the list does not show its order yet."""
        if self.at is None or not self.direction or self.events < SHOWN_BY:
            return None
        millisecond = whole_milliseconds(self.at)
        above = millisecond if millisecond == self.at else millisecond + MILLISECOND
        return above if self.direction < 0 else above - MILLISECOND


@dataclass(slots=True)
class OrderedReading:
    """What was read of a span, page by page, of a list that is in order.

    Events at the frontier wait: there may be more of that very time.
    """

    events: EventList
    span: Span
    frontier: Frontier = field(default_factory=Frontier)
    counted: Counted = field(default_factory=lambda: Counted(Counter()))
    unreadable: int = 0
    waiting: Counter[tuple[datetime, Metric]] = field(default_factory=Counter)
    recent: deque[set[str]] = field(default_factory=lambda: deque(maxlen=RECENT_PAGES))
    recent_before: frozenset[str] = frozenset()
    """What the poll before read last, in brief."""
    first: tuple[str, ...] = ()
    """The first events of the list, in brief."""
    last_link: str | None = None
    """The address of the page that was read last."""
    page: Page = field(default_factory=Page)
    """The last page, which tells where the list goes on."""
    page_since: datetime | None = None
    """When the first event of the last page was that has a time."""
    may_turn: bool = False
    """Whether the list is read to its end where it turns around: a part of it is stored already, or the next poll
    goes on where this one ends."""
    is_rest: bool = False
    """Whether it is what was left of a list when the place was lost at which that was left."""
    has_turned: bool = False
    """Whether it turned around. What follows waits for the end of the list: each event is listed once."""

    def add(self, page: Page) -> None:
        """Counts a page.

        Raises:
            OutOfOrderError: the list is not in order, and it is not to be read to its end.
        """
        self.last_link, self.page = self.page.following, page
        times = (at for event in page if (at := moment(event.get("created"))) is not None)
        self.page_since = next(times, self.page_since)
        of_page: set[str] = set()
        if len(self.recent) == RECENT_PAGES:
            self.recent_before = frozenset()
        self.recent.append(of_page)
        self.first = self.first or tuple(brief(identity(event)) for event in page[:FIRST_EVENTS])
        for event in page:
            name = identity(event)
            if not any(name in names for names in self.recent) and not self.was_read_before(name):
                of_page.add(name)
                self.add_event(event)
        self.settle()

    def was_read_before(self, name: str) -> bool:
        """Whether the poll before read it on its last pages."""
        return bool(self.recent_before) and brief(name) in self.recent_before

    def add_event(self, event: JsonObject) -> None:
        """Counts an event without a time at once; one of the span waits until the list has gone on behind it."""
        created = moment(event.get("created"))
        if created is not None and not self.has_turned:
            try:
                self.frontier.moves_to(created)
            except OutOfOrderError:
                if not self.may_turn:
                    raise
                self.turn_around()
        try:
            metric = self.events.metric_of(event)
        except UnreadableEventError:
            self.unreadable += created is None or self.span.holds(created)
            return
        if metric is None:
            return
        if created is None:
            self.counted.amounts[metric] += self.span.counts(event, self.counted.unplaced)
        elif self.span.holds(created) and not (self.span.met and fingerprint(event) in self.span.met):
            # After the list turned around nothing is counted by its time any more.
            self.waiting[self.frontier.at if self.has_turned and self.frontier.at else created, metric] += 1

    def turn_around(self) -> None:
        """Lets all that waits wait for the end of the list."""
        self.has_turned = True
        if self.frontier.at is not None:
            at, waiting = self.frontier.at, self.waiting
            self.waiting = Counter()
            for (_, metric), number in waiting.items():
                self.waiting[at, metric] += number

    def settle(self) -> None:
        """Counts those that waited, but for those at the frontier."""
        if self.frontier.edge is None or self.has_turned:
            return
        for (at, metric), number in list(self.waiting.items()):
            if self.frontier.is_behind(at):
                self.counted.amounts[metric] += number
                del self.waiting[at, metric]

    def end(self) -> None:
        """Counts all that waited: the list was read whole."""
        for (_, metric), number in self.waiting.items():
            self.counted.amounts[metric] += number
        self.waiting = Counter()

    def taken(self) -> Counted:
        """What was counted since this was asked the last time."""
        counted = Counted(self.counted.amounts, self.counted.unplaced, self.unreadable)
        self.counted, self.unreadable = Counted(Counter()), 0
        return counted
