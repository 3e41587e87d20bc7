"""What is counted of a window by now, how far that reaches, and how it is stored."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from webexhist.errors import WebexhistError
from webexhist.metrics import COUNTERS_OF_SOURCE
from webexhist.quantities import quantity
from webexhist.snapshot import Collection, CollectionStatus, Count, EventWindow, TimeSpan
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.collectors.bookmarks import Marking
from webexhist.webex.collectors.crowds import Crowd, is_all_of_a_poll
from webexhist.webex.collectors.event_lists import EventList, OrderedReading
from webexhist.webex.collectors.in_hand import InHand
from webexhist.webex.collectors.interface import Gathered, Target
from webexhist.webex.collectors.parts import PartLengths
from webexhist.webex.collectors.windows import Counted, Span


class WindowProgress:
    """One window on its way from where it opens to its end."""

    def __init__(self, client: WebexClient, target: Target, span: Span, source: str, events: EventList) -> None:
        self.client, self.target, self.source, self.events = client, target, source, events
        found = target.ahead.get(source)
        ahead = found if found and found.until > span.opened_at and not span.future_end else None
        if ahead and span.unsettled is not None:  # what lies before it was settled long ago, by Webex's clock
            span = replace(span, counted_until=ahead.after, unsettled=None)
        self.span = span
        self.hand = InHand(span.opened_at, span.opened_at, ahead, found)
        self.goes_on = target.counted_until.get(source) == span.opened_at
        # A list in no order left the length of a part. Where no clock is certain the newest event is needed first.
        self.is_in_order = source not in target.part_lengths and span.unsettled is None
        self.lengths = PartLengths(client, target.part_lengths.get(source))
        self.marking = self.marked()
        self.is_left_unread = False
        """Whether the next poll goes on with what was read, though nothing of it is counted."""
        self.was_lost = False
        """Whether the place was lost at which the last poll left a list of which a part is stored."""
        self.met = span.met or frozenset()
        self.unreadable = 0
        self.doubtful = ""
        """What was stored while the list looked ordered, in words, where it turned around afterwards."""
        self.began = client.time.now()
        self.pages = 0
        """How many came."""
        self.crowd: Crowd | None = None
        """What the time went by with; what was passed over, where nothing else was counted."""
        self.is_begun = False
        self.is_overtaken = False
        """Whether another poll was faster."""
        self.failure: WebexhistError | None = None

    def marked(self) -> Marking | None:
        """The bookmarks of the chain; None where a window does not go on from it, or no page tells the next."""
        target, is_chained = self.target, self.goes_on and self.target.keep and self.span.unsettled is None
        if not (is_chained and target.bookmarks and self.events.rest):
            return None
        return Marking(target.bookmarks(self.source), self.hand)

    def next_gap(self) -> Span:
        """What is to be counted next: up to what is counted beyond it."""
        end = self.span.counted_until
        if self.hand.ahead:
            end = min(end, self.hand.ahead.after)
        return replace(self.span, opened_at=self.hand.counted_until, counted_until=end, met=self.met)

    def add(self, counted: Counted) -> None:
        """Takes over what was counted."""
        self.hand.add(counted)
        self.met |= counted.unplaced.undated
        self.unreadable += counted.unreadable

    def take(self, reading: OrderedReading) -> None:
        """Takes over what is counted for certain, and how far that reaches."""
        edge, gap = reading.frontier.edge, reading.span
        counted = reading.taken()
        self.add(counted)
        self.is_begun |= bool(counted.amounts)
        if edge is None:
            return
        if reading.frontier.direction > 0 and edge > gap.opened_at:
            self.hand.counted_until = min(edge, gap.counted_until)
            self.is_begun = True
        elif reading.frontier.direction < 0 and edge < gap.counted_until:
            until = self.hand.ahead.until if self.hand.ahead else gap.counted_until
            self.hand.ahead = TimeSpan(max(edge, gap.opened_at), until)
            self.is_begun = True

    def keep(self) -> bool:
        """Stores what is in hand, where the window goes on from what is stored; False where nothing was stored."""
        if not (self.goes_on and self.target.keep) or self.span.unsettled is not None or not self.is_begun:
            return False
        try:
            if not self.target.keep(self.window(), self.hand.amounts):
                self.is_overtaken = True  # the snapshot will say so
                return False
        except WebexhistError as error:
            self.failure = error
            return False
        until, ahead = self.hand.counted_until, self.hand.ahead
        self.hand = InHand(until, until, ahead, ahead)
        if self.marking:
            self.marking.moved(self.hand)
        return True

    def put_aside(self) -> None:
        """Lets go of what is in hand, where it is kept elsewhere or is to be read once more."""
        hand = self.hand
        self.hand = InHand(hand.opened_at, hand.counted_until, hand.ahead, hand.found_ahead)
        self.is_begun = False

    def pass_over(self) -> None:
        """Goes on behind a crowd that took all of the poll's time, so that it does not take all of the next one's."""
        is_stuck = isinstance(self.failure, OutOfTime) and not (self.is_begun or self.is_left_unread)
        is_stuck &= self.span.unsettled is None
        if not (is_stuck and self.crowd and is_all_of_a_poll(self.client, self.began, self.pages)):
            self.crowd = None
            return
        hand, crowded = self.hand, self.crowd.passed_over(self.hand.opened_at, self.span.counted_until)
        if crowded.after <= hand.counted_until:
            hand.counted_until = crowded.until
        elif hand.ahead:  # nothing lies between: a list that was counted from its newest end begins with the crowd
            hand.ahead = TimeSpan(crowded.after, hand.ahead.until)
        else:
            hand.ahead = crowded
        hand.amounts += self.crowd.read
        self.is_begun = bool(self.crowd.read)
        hand.join_ahead()
        self.failure = self.so_far()

    def gathered(self) -> Gathered:
        """What the snapshot stores, with whatever kept the rest of the window from being counted.

        Raises:
            WebexError: nothing could be counted.
        """
        failure, hand = self.failure, self.hand
        is_later = self.crowd or (self.goes_on and isinstance(failure, OutOfTime))
        if failure is not None and not self.is_begun and not is_later:
            raise failure
        if self.span.opens:
            return opened_chain(self.source, hand.unplaced.newest or self.span.opens_without)
        window = self.window()
        metrics = COUNTERS_OF_SOURCE[self.source]
        counts = tuple(Count(metric, hand.amounts[metric] if self.is_begun else None) for metric in metrics)
        crowded = self.crowd.in_words(self.source, self.client.budget) if self.crowd else ""
        checks = tuple(left_aside(self.source, self.unreadable, crowded, self.doubtful))
        return Gathered(counts, windows=(window,), checks=checks, failure=failure, goes_on=self.is_left_unread)

    def window(self) -> EventWindow:
        """The window as far as it is counted."""
        hand = self.hand
        ended_at = self.span.ends_at(hand.counted_until, hand.unplaced.newest)
        is_by_parts = not self.is_in_order and hand.counted_until < self.span.counted_until
        return EventWindow(
            self.source,
            hand.opened_at,
            ended_at,
            hand.unplaced.remembered(ended_at),
            self.span.future_end,
            self.lengths.for_next_poll() if is_by_parts else None,
            ahead=hand.ahead,
            found_ahead=hand.found_ahead,
        )

    def so_far(self, has_turned: bool = False) -> OutOfTime:
        """Says that a part of the window is left to the next poll, and where more of it is read than counted."""
        hand = self.hand
        beyond = f", and from {hand.ahead.after:%Y-%m-%d %H:%M} on" if hand.ahead else ""
        waits = "; what else is read of the list, which is in no order, counts when it ends" if has_turned else ""
        return self.client.out_of_time(
            f"{self.source} are counted up to {hand.counted_until:%Y-%m-%d %H:%M} UTC{beyond} so far{waits}"
        )


def opened_chain(source: str, opened_at: datetime | None) -> Gathered:
    """A chain that opens there; None: there was no event, and no clock is known by which it could open."""
    counts = tuple(Count(metric, 0) for metric in COUNTERS_OF_SOURCE[source])
    windows = () if opened_at is None else (EventWindow(source, opened_at, opened_at),)
    return Gathered(counts, windows=windows)


def left_aside(source: str, unreadable: int, crowded: str, doubtful: str) -> Iterator[Collection]:
    """Says that events were not counted, where some do not say what happened, were too many, or may be missing."""
    some = quantity(unreadable, "event that does", "events that do")
    reasons = [f"{some} not say what happened, not counted"] if unreadable else []
    reasons = [*reasons, crowded] if crowded else reasons
    if doubtful:
        reasons.append(f"the list looked ordered and turned around: counts {doubtful} may be too low")
    if reasons:
        yield Collection(f"odd {source}", CollectionStatus.FAILED, 0, 0.0, "; ".join(reasons))
