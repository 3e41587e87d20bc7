"""Counts a window as far as the poll's time lets it; the next poll goes on from there.

A list of events in the order of their times is read page by page, and what it has shown stays counted. One in no
order is counted part by part.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from webexhist.errors import WebexhistError
from webexhist.metrics import COUNTERS_OF_SOURCE
from webexhist.snapshot import Collection, CollectionStatus, Count, EventWindow, TimeSpan
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime, WebexError
from webexhist.webex.api.server_clock import CLOCKS_AGREE
from webexhist.webex.collectors.crowds import Crowd, crowd_of, is_all_of_a_poll
from webexhist.webex.collectors.efforts import SHORTEST_PART, PartTooLongError
from webexhist.webex.collectors.event_lists import EventList, OrderedReading, OutOfOrderError
from webexhist.webex.collectors.in_hand import InHand
from webexhist.webex.collectors.interface import Gathered, Target
from webexhist.webex.collectors.parts import MANY_PAGES, PartLengths
from webexhist.webex.collectors.windows import Span

KEPT_AFTER = 0.125
"""The share of the budget after which what was read of a list is stored: so much is lost where a poll is killed."""


def gather_list(client: WebexClient, target: Target, span: Span, source: str, events: EventList) -> Gathered:
    """Counts the span in a list of events, as far as the poll's time and Webex allow.

    Raises:
        WebexError: nothing of it could be counted.
    """
    return WindowCounting(client, target, span, source, events).gather()


class WindowCounting:
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

    def gather(self) -> Gathered:
        """Counts on until all is counted or something keeps it from that."""
        while self.failure is None and not self.is_overtaken:
            self.hand.join_ahead()
            if self.is_begun and self.hand.counted_until >= self.span.counted_until:
                break
            if self.is_begun and not self.lengths.has_time():
                self.failure = self.so_far()
            elif self.is_in_order:
                try:
                    self.read(self.next_gap())
                except OutOfOrderError:
                    self.turn_around()
            else:
                self.count_part(self.next_gap())
        self.pass_over()
        return self.gathered()

    def next_gap(self) -> Span:
        """What is to be counted next: up to what is counted beyond it."""
        end = self.span.counted_until
        if self.hand.ahead:
            end = min(end, self.hand.ahead.after)
        return replace(self.span, opened_at=self.hand.counted_until, counted_until=end, met=self.met)

    def read(self, gap: Span) -> None:
        """Reads a list as far as there is time.

        Raises:
            OutOfOrderError: it is not in the order of times; what was counted until then stays.
        """
        reading = OrderedReading(self.events, gap)
        began = kept_at = self.client.time.now()
        pages = 0
        try:
            for page in self.events.pages_of(self.client, gap):
                reading.add(page)
                pages += 1
                self.pages += 1
                now = self.client.time.now()
                self.lengths.page_seconds = (now - began) / pages
                # One page alone may have waited for a server that was disturbed, and may be the only one.
                if pages > 1 and not self.lengths.has_time():
                    self.leave(reading, gap)
                    self.crowd = crowd_of(reading)
                    self.failure = self.so_far()
                    return
                is_due = pages % MANY_PAGES == 0 or now - kept_at > KEPT_AFTER * self.client.budget
                if is_due and not reading.has_turned:
                    kept_at = now
                    self.take(reading, gap)
                    reading.is_stored |= self.keep()
                    if self.failure or self.is_overtaken:
                        return
        except WebexError as error:
            self.leave(reading, gap)
            self.crowd = crowd_of(reading)
            self.failure = error
            return
        reading.end()
        self.take(reading, gap)
        self.hand.counted_until = gap.counted_until
        self.is_begun = True

    def leave(self, reading: OrderedReading, gap: Span) -> None:
        """Takes over what is counted for certain of a list that was not read to its end: nothing more of one that
        turned around.
        """
        if not reading.has_turned:
            self.take(reading, gap)
            return
        self.turn_around()

    def turn_around(self) -> None:
        """Goes on by parts, for the list is in no order; says what was stored while it looked ordered."""
        self.is_in_order = False
        hand, last = self.hand, self.target.before
        if hand.found_ahead:
            self.doubtful = f"from {hand.found_ahead.after:%Y-%m-%d %H:%M} UTC on"
        elif hand.opened_at > self.span.opened_at or (
            self.goes_on and last and hand.opened_at < last.taken_at - self.target.settle - CLOCKS_AGREE
        ):
            self.doubtful = f"up to {hand.opened_at:%Y-%m-%d %H:%M} UTC"

    def take(self, reading: OrderedReading, gap: Span) -> None:
        """Takes over what is counted for certain, and how far that reaches."""
        edge = reading.frontier.edge
        counted = reading.taken()
        self.hand.add(counted)
        self.met |= counted.unplaced.undated
        self.unreadable += counted.unreadable
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

    def count_part(self, gap: Span) -> None:
        """Counts as much of a gap as is likely to fit, and keeps it; what fails is left in `failure`."""
        effort = self.lengths.effort(gap.opened_at, gap.counted_until)
        part = replace(gap, counted_until=effort.counted_until)
        try:
            counted = self.events.count(self.client, part, effort.saw)
        except WebexError as error:
            self.pages += effort.pages
            if isinstance(error, OutOfTime):
                self.lengths.did_not_fit(effort)
                if effort.times and effort.length <= SHORTEST_PART:
                    self.crowd = Crowd(part.opened_at, part.counted_until, Counter())
            if not isinstance(error, PartTooLongError):
                self.failure = error
            elif not self.lengths.has_time():
                self.failure = self.so_far()
            return
        self.lengths.fitted(effort)
        self.hand.add(counted)
        self.met |= counted.unplaced.undated
        self.unreadable += counted.unreadable
        self.hand.counted_until = part.counted_until
        self.is_begun = True
        if part.counted_until < self.span.counted_until:
            self.keep()

    def pass_over(self) -> None:
        """Goes on behind a crowd that took all of the poll's time, so that it does not take all of the next one's."""
        is_stuck = isinstance(self.failure, OutOfTime) and not self.is_begun and self.span.unsettled is None
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
        return True

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
        if hand.counted_until < self.span.counted_until and not self.is_in_order:
            window = replace(window, next_part=self.lengths.for_next_poll())
        metrics = COUNTERS_OF_SOURCE[self.source]
        counts = tuple(Count(metric, hand.amounts[metric] if self.is_begun else None) for metric in metrics)
        crowded = self.crowd.in_words(self.source, self.client.budget) if self.crowd else ""
        checks = tuple(left_aside(self.source, self.unreadable, crowded, self.doubtful))
        return Gathered(counts, windows=(window,), checks=checks, failure=failure)

    def window(self) -> EventWindow:
        """The window as far as it is counted."""
        hand = self.hand
        ended_at = self.span.ends_at(hand.counted_until, hand.unplaced.newest)
        return EventWindow(
            self.source,
            hand.opened_at,
            ended_at,
            hand.unplaced.remembered(ended_at),
            self.span.future_end,
            ahead=hand.ahead,
            found_ahead=hand.found_ahead,
        )

    def so_far(self) -> OutOfTime:
        """Says that a part of the window is left to the next poll."""
        hand = self.hand
        beyond = f", and from {hand.ahead.after:%Y-%m-%d %H:%M} on" if hand.ahead else ""
        return self.client.out_of_time(
            f"{self.source} are counted up to {hand.counted_until:%Y-%m-%d %H:%M} UTC{beyond} so far"
        )


def opened_chain(source: str, opened_at: datetime | None) -> Gathered:
    """A chain that opens there; None: there was no event, and no clock is known by which it could open."""
    counts = tuple(Count(metric, 0) for metric in COUNTERS_OF_SOURCE[source])
    windows = () if opened_at is None else (EventWindow(source, opened_at, opened_at),)
    return Gathered(counts, windows=windows)


def left_aside(source: str, unreadable: int, crowded: str, doubtful: str) -> Iterator[Collection]:
    """Says that events were not counted, where some do not say what happened, were too many, or may be missing."""
    some = "1 event that does" if unreadable == 1 else f"{unreadable} events that do"
    reasons = [f"{some} not say what happened, not counted"] if unreadable else []
    reasons = [*reasons, crowded] if crowded else reasons
    if doubtful:
        reasons.append(f"the list looked ordered and turned around: counts {doubtful} may be too low")
    if reasons:
        yield Collection(f"odd {source}", CollectionStatus.FAILED, 0, 0.0, "; ".join(reasons))
