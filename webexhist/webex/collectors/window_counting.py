"""Counts a window as far as the poll's time lets it; the next poll goes on from there.

A list of events is read page by page, by as many polls as it takes: each goes on with the page that the one before
left. What a list in the order of times has shown stays counted meanwhile; what one in no order holds is counted when
it has come to its end. Where the next page is not to be had by a later poll, a list in order is asked for from where
it is counted, and one in no order is counted part by part.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime, WebexError
from webexhist.webex.api.items import Page
from webexhist.webex.api.server_clock import CLOCKS_AGREE
from webexhist.webex.collectors.bookmarks import Bookmark, LostPlaceError, place_of
from webexhist.webex.collectors.crowds import Crowd, crowd_of
from webexhist.webex.collectors.efforts import SHORTEST_PART, PartTooLongError
from webexhist.webex.collectors.event_lists import EventList, OrderedReading, OutOfOrderError
from webexhist.webex.collectors.interface import Gathered, Target
from webexhist.webex.collectors.parts import MANY_PAGES
from webexhist.webex.collectors.window_progress import WindowProgress
from webexhist.webex.collectors.windows import Span

KEPT_AFTER = 0.125
"""The share of the budget after which what was read of a list is stored: so much is lost where a poll is killed."""


def gather_list(client: WebexClient, target: Target, span: Span, source: str, events: EventList) -> Gathered:
    """Counts the span in a list of events, as far as the poll's time and Webex allow.

    Raises:
        WebexError: nothing of it could be counted.
    """
    return WindowCounting(client, target, span, source, events).gather()


class WindowCounting(WindowProgress):
    """Counts one window: reads lists, or counts part by part what has no order and no place to go on from."""

    def gather(self) -> Gathered:
        """Counts on until all is counted or something keeps it from that."""
        while self.failure is None and not self.is_overtaken:
            self.hand.join_ahead()
            if self.is_begun and self.hand.counted_until >= self.span.counted_until:
                break
            if self.is_begun and not self.lengths.has_time():
                self.failure = self.so_far()
            elif self.is_in_order:
                self.read_on()
            else:
                self.count_part(self.next_gap())
        self.pass_over()
        return self.gathered()

    def read_on(self) -> None:
        """Reads the list that the last poll left, else that of the next gap, as far as there is time."""
        gap, found = self.next_gap(), self.marking.found(self.hand) if self.marking else None
        self.is_left_unread = found is not None
        try:
            if found and self.events.rest:
                met = (gap.met or frozenset()) | found.undated
                gap = replace(gap, opened_at=found.listed.after, counted_until=found.listed.until, met=met)
                pages = found.pages(self.client, self.events.rest)
                self.read(found.reading(self.events, gap), self.going_on(found, pages))
            else:
                pages = self.events.pages_of(self.client, gap)
                may_turn = self.marking is not None
                self.read(OrderedReading(self.events, gap, may_turn=may_turn, is_rest=self.was_lost), pages)
        except OutOfOrderError:
            self.turn_around()
        except LostPlaceError:
            self.is_left_unread = False
            if self.marking and found:
                self.marking.forget()
                self.was_lost = found.is_partly_stored
                self.is_in_order = not (found.has_turned or found.is_contradicted(self.client, self.events, gap))
            if self.was_lost and not self.is_in_order:
                self.doubt()

    def going_on(self, found: Bookmark, pages: Iterator[Page]) -> Iterator[Page]:
        """The pages from where the last poll left them, when the first has shown that they are to be had."""
        first = next(pages)
        self.hand.amounts += found.amounts
        self.hand.unplaced.undated |= found.undated
        self.met |= found.undated
        yield first
        yield from pages

    def read(self, reading: OrderedReading, listed: Iterator[Page]) -> None:
        """Reads pages as far as there is time.

        Raises:
            OutOfOrderError: the list is not in the order of times; what was counted until then stays.
            LostPlaceError: the page that the last poll left is not to be had.
        """
        began = kept_at = last = self.client.time.now()
        pages = 0
        try:
            for page in listed:
                reading.add(page)
                pages += 1
                self.pages += 1
                now = self.client.time.now()
                # The first page of many rooms takes as many requests.
                self.lengths.page_seconds, last = min((now - began) / pages, now - last), now
                is_last = page.following is None and self.marking is not None
                # One page alone may have waited for a server that was disturbed, and may be the only one.
                if pages > 1 and not is_last and not self.lengths.has_time():
                    self.leave(reading)
                    self.failure = self.so_far(reading.has_turned)
                    return
                if pages % MANY_PAGES == 0 or now - kept_at > KEPT_AFTER * self.client.budget:
                    kept_at = now
                    self.put_by(reading)
                    if self.failure or self.is_overtaken:
                        return
        except WebexError as error:
            if pages:
                self.leave(reading)
            self.failure = error
            return
        if reading.has_turned and reading.is_rest:
            self.doubt()
        reading.end()
        self.take(reading)
        self.hand.counted_until = reading.span.counted_until
        self.is_begun = True
        self.is_left_unread = False

    def put_by(self, reading: OrderedReading) -> None:
        """Stores what is counted of a list by now, and marks how far it is read."""
        if reading.has_turned and not self.marking:
            return
        self.take(reading)
        self.mark(reading)
        if not reading.has_turned and not (self.marking and self.marking.stands == place_of(self.hand)):
            reading.may_turn |= self.keep()

    def mark(self, reading: OrderedReading) -> bool:
        """Marks how far a list is read; False where the next poll cannot go on there."""
        return bool(self.marking and self.marking.leave(reading, self.hand))

    def leave(self, reading: OrderedReading) -> None:
        """Takes over what is counted for certain of a list that was not read to its end, and marks its place.

        What is read and not counted stays with the mark, where there is one.
        """
        self.is_left_unread = False
        if not (self.marking and reading.page.following) and reading.has_turned:
            self.turn_around()
            return
        self.take(reading)
        is_marked = self.mark(reading)
        if self.marking and self.marking.stands == place_of(self.hand):  # it lies with the mark, or is read once more
            self.put_aside()
            self.is_left_unread = is_marked
        if not is_marked and reading.has_turned:
            self.turn_around()
        elif not is_marked:
            self.crowd = crowd_of(reading)

    def turn_around(self) -> None:
        """Goes on by parts, for the list is in no order."""
        self.is_in_order = False
        self.doubt()

    def doubt(self) -> None:
        """Says what was stored while a list looked ordered of which nothing more can be added."""
        hand, last = self.hand, self.target.before
        if hand.found_ahead:
            self.doubtful = f"from {hand.found_ahead.after:%Y-%m-%d %H:%M} UTC on"
        elif (
            self.was_lost
            or hand.opened_at > self.span.opened_at
            or (self.goes_on and last and hand.opened_at < last.taken_at - self.target.settle - CLOCKS_AGREE)
        ):
            self.doubtful = f"up to {hand.opened_at:%Y-%m-%d %H:%M} UTC"

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
        self.add(counted)
        self.hand.counted_until = part.counted_until
        self.is_begun = True
        if part.counted_until < self.span.counted_until:
            self.keep()
