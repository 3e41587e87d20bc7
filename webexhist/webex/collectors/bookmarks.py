"""Where a list of events was left that did not fit into a poll, so that the next one goes on with its next page.

Each event stands on a list once, whatever the order of the list is: read to its end, if by many polls, it is counted
once. What is stored by then rests on the order that the list has shown; whatever the rest of it holds is added.

A bookmark is good for the place at which the chain of windows stood when it was left. The chain moves in another
transaction, so the bookmark of before stays beside the new one until then: a poll that is killed anywhere between
loses some pages of reading, and counts none twice.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from webexhist.metrics import Metric
from webexhist.snapshot import TimeSpan
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer, NotFound, Refused, WebexError
from webexhist.webex.api.items import Page, brief, identity, leading_to
from webexhist.webex.api.json_values import JsonObject, moment
from webexhist.webex.collectors.event_lists import EventList, Frontier, OrderedReading
from webexhist.webex.collectors.in_hand import InHand
from webexhist.webex.collectors.interface import BookmarkPlace
from webexhist.webex.collectors.windows import Span

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LOOKED_AT = 3
"""Pages that show whether a list holds more than was read of it: those of one are read, and what is beside them."""


class LostPlaceError(Exception):
    """The next page of a list that a poll left is no longer to be had."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where a list was left."""

    counted_until: datetime
    """Where the chain of windows stands then ..."""
    ahead_after: datetime | None
    """... and from where on more is counted beyond its end."""
    listed: TimeSpan
    """The span of time of the whole list."""
    last_link: str | None
    """The address of the page that was read last; None where it was the first."""
    link: str
    """The address of its next page."""
    page_since: datetime | None
    """When the first event of the page was that was read last."""
    first: tuple[str, ...]
    """Its first events, in brief."""
    recent: frozenset[str]
    """The events of its last pages, in brief: rows repeat where data shifts between two pages."""
    frontier: Frontier
    is_rest: bool
    has_turned: bool
    waiting: Counter[tuple[datetime, Metric]]
    """What is read and not counted yet."""
    amounts: Counter[Metric]
    """What is counted and not stored with the chain."""
    undated: frozenset[str]
    """Fingerprints of the events without a time among that."""

    @property
    def stands(self) -> tuple[datetime, datetime | None]:
        """The place of the chain for which it is good."""
        return self.counted_until, self.ahead_after

    @property
    def is_partly_stored(self) -> bool:
        """Whether a part of the list is stored already, which rests on its order."""
        is_from_the_end = self.ahead_after is not None and self.ahead_after < self.listed.until
        return is_from_the_end or self.counted_until > self.listed.after

    def reading(self, events: EventList, span: Span) -> OrderedReading:
        """The reading as it was left."""
        return OrderedReading(
            events,
            span,
            replace(self.frontier),
            waiting=Counter(self.waiting),
            recent_before=self.recent,
            first=self.first,
            last_link=self.last_link,
            page=leading_to(self.link),
            may_turn=True,
            is_rest=self.is_rest,
            has_turned=self.has_turned,
        )

    def pages(self, client: WebexClient, rest: Callable[[WebexClient, str], Iterator[Page]]) -> Iterator[Page]:
        """The pages from there on.

        Raises:
            LostPlaceError: the link leads nowhere any more.
        """
        pages = rest(client, self.link)
        page = self.first_of(pages)
        if page is None or self.has_any_of(page, self.first):  # it leads back to the beginning
            raise LostPlaceError
        if not (page or page.following):  # more was announced: the page before shows whether that is still so
            pages = rest(client, self.last_link) if self.last_link else iter(())
            page = self.first_of(pages)
            if page is None or not self.has_any_of(page, self.recent):
                raise LostPlaceError
        yield page
        yield from pages

    def is_contradicted(self, client: WebexClient, events: EventList, span: Span) -> bool:
        """Whether more lies between the events that were read last than was read: so the list is in no order.

        That is asked where the list cannot be read to its end; False where Webex does not say.
        """
        if self.page_since is None or self.frontier.at is None:
            return False
        begin, end = sorted((self.page_since, self.frontier.at))
        between = replace(span, opened_at=begin, counted_until=end).query()
        try:
            return any(
                begin < at < end and brief(identity(event)) not in self.recent
                for page in islice(events.pages(client, between), LOOKED_AT)
                for event in page
                if (at := moment(event.get("created")))
            )
        except WebexError:
            return False

    @staticmethod
    def first_of(pages: Iterator[Page]) -> Page | None:
        """The first page.

        Raises:
            LostPlaceError: it is not to be had.
        """
        try:
            return next(pages, None)
        except (Refused, NotFound, BadAnswer) as error:
            raise LostPlaceError from error

    @staticmethod
    def has_any_of(page: Page, known: Collection[str]) -> bool:
        """Whether any of these events, in brief, is on a page."""
        return any(brief(identity(event)) in known for event in page)


def bookmark_of(reading: OrderedReading, link: str, hand: InHand, moves: bool) -> Bookmark:
    """A bookmark where a list is left; what is in hand is stored with the chain where that moves.

    It shares nothing with the reading, which goes on.
    """
    return Bookmark(
        *place_of(hand),
        TimeSpan(reading.span.opened_at, reading.span.counted_until),
        reading.last_link,
        link,
        reading.page_since,
        reading.first,
        reading.recent_before.union(brief(name) for names in reading.recent for name in names),
        replace(reading.frontier),
        reading.is_rest,
        reading.has_turned,
        Counter(reading.waiting),
        Counter() if moves else Counter(hand.amounts),
        frozenset() if moves else frozenset(hand.unplaced.undated),
    )


def place_of(hand: InHand) -> tuple[datetime, datetime | None]:
    """The place of the chain when what is in hand is stored."""
    return hand.counted_until, hand.ahead.after if hand.ahead else None


class Marking:
    """The bookmarks of one chain of windows."""

    def __init__(self, place: BookmarkPlace, hand: InHand) -> None:
        self.place = place
        self.stands = place_of(hand)
        """Where the chain is stored to stand."""
        entries = [bookmark for entry in place.load() if (bookmark := bookmark_from(entry))]
        self.good = next((each for each in reversed(entries) if each.stands == self.stands), None)
        """The bookmark that is good for that."""
        self.left: Bookmark | None = None
        """The last one that was left."""
        if entries and not self.good:
            place.save([])

    def found(self, hand: InHand) -> Bookmark | None:
        """The bookmark by which to go on from there."""
        return self.good if self.good and self.good.stands == place_of(hand) else None

    def leave(self, reading: OrderedReading, hand: InHand) -> bool:
        """Leaves a bookmark; returns whether it could be kept."""
        link = reading.page.place() if reading.page.following else None
        if link is None:
            return False
        moves = place_of(hand) != self.stands
        bookmark = bookmark_of(reading, link, hand, moves)
        entries = [as_json(each) for each in (self.good if moves else None, bookmark) if each]
        if not self.place.save(entries):
            return False
        self.left = bookmark
        if not moves:
            self.good = bookmark
        return True

    def moved(self, hand: InHand) -> None:
        """The chain is stored to stand there."""
        self.stands = place_of(hand)
        self.good = self.left if self.left and self.left.stands == self.stands else None

    def forget(self) -> None:
        """Drops what leads nowhere."""
        self.good = None
        self.place.save([])


def as_json(mark: Bookmark) -> JsonObject:
    """A bookmark as a file keeps it."""
    return {
        "counted_until": micros(mark.counted_until),
        "ahead_after": mark.ahead_after and micros(mark.ahead_after),
        "listed": [micros(mark.listed.after), micros(mark.listed.until)],
        "last_link": mark.last_link,
        "link": mark.link,
        "page_since": mark.page_since and micros(mark.page_since),
        "first": list(mark.first),
        "recent": sorted(mark.recent),
        "frontier": [mark.frontier.at and micros(mark.frontier.at), mark.frontier.direction, mark.frontier.events],
        "is_rest": mark.is_rest,
        "has_turned": mark.has_turned,
        "waiting": [[micros(at), metric, number] for (at, metric), number in mark.waiting.items()],
        "amounts": dict(mark.amounts),
        "undated": sorted(mark.undated),
    }


def bookmark_from(entry: JsonObject) -> Bookmark | None:
    """The bookmark that a file kept; None where it is none."""
    try:
        after, until = map(at_micros, entry["listed"])
        at, direction, events = entry["frontier"]
        return Bookmark(
            at_micros(entry["counted_until"]),
            maybe_at(entry["ahead_after"]),
            TimeSpan(after, until),
            entry["last_link"] and str(entry["last_link"]),
            str(entry["link"]),
            maybe_at(entry["page_since"]),
            tuple(map(str, entry["first"])),
            frozenset(map(str, entry["recent"])),
            Frontier(maybe_at(at), int(direction), int(events)),
            bool(entry["is_rest"]),
            bool(entry["has_turned"]),
            Counter({(at_micros(at), Metric(metric)): int(number) for at, metric, number in entry["waiting"]}),
            Counter({Metric(metric): int(number) for metric, number in entry["amounts"].items()}),
            frozenset(map(str, entry["undated"])),
        )
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        return None


def micros(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def at_micros(number: int) -> datetime:
    return EPOCH + number * MICROSECOND


def maybe_at(number: int | None) -> datetime | None:
    return None if number is None else at_micros(number)
