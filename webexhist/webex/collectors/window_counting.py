"""Counts a window part by part, as far as the poll's time lets it; the next poll goes on from there."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from webexhist.errors import WebexhistError
from webexhist.metrics import COUNTERS_OF_SOURCE, Metric
from webexhist.snapshot import Collection, CollectionStatus, Count, EventWindow
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime, WebexError
from webexhist.webex.collectors.efforts import Effort, PartTooLongError
from webexhist.webex.collectors.interface import Gathered, Target
from webexhist.webex.collectors.parts import PartLengths
from webexhist.webex.collectors.windows import Counted, Span, Unplaced

CountPart = Callable[[Span, Effort], Counted]
"""Counts a part of a window and notes every page that it takes."""


@dataclass
class InHand:
    """What is counted and not stored yet: it is stored with the poll's snapshot."""

    opened_at: datetime
    counted_until: datetime
    amounts: Counter[Metric] = field(default_factory=Counter)
    unplaced: Unplaced = field(default_factory=Unplaced)

    def add(self, counted: Counted, until: datetime) -> None:
        self.amounts += counted.amounts
        self.unplaced.add(counted.unplaced)
        self.counted_until = until


def gather_windows(client: WebexClient, target: Target, span: Span, source: str, count: CountPart) -> Gathered:
    """Counts the span from its oldest end as far as the poll's time and Webex allow.

    Parts before the last are stored as soon as they are counted, where the span goes on from what is stored.

    Raises:
        WebexError: nothing of it could be counted.
    """
    goes_on = target.counted_until.get(source) == span.opened_at
    lengths = PartLengths(client, target.part_lengths.get(source))
    hand = InHand(span.opened_at, span.opened_at)
    unreadable = 0
    met = span.met or frozenset()
    failure: WebexhistError | None = None
    while failure is None:
        effort = lengths.effort(hand.counted_until, span.counted_until)
        part = replace(span, opened_at=effort.opened_at, counted_until=effort.counted_until, met=met)
        try:
            counted = count(part, effort)
        except WebexError as error:
            if isinstance(error, OutOfTime):
                lengths.did_not_fit(effort)
            if not isinstance(error, PartTooLongError):
                failure = error
            elif not lengths.has_time():
                failure = so_far(client, source, hand.counted_until)
            continue
        lengths.fitted(effort)
        hand.add(counted, part.counted_until)
        met |= counted.unplaced.undated
        unreadable += counted.unreadable
        if part.counted_until == span.counted_until:
            break
        if goes_on and target.keep and span.unsettled is None:
            try:
                if not target.keep(window_of(source, hand, span), hand.amounts):
                    break  # another poll was faster: the snapshot will tell
            except WebexhistError as error:
                failure = error
                continue
            hand = InHand(hand.counted_until, hand.counted_until)
        if not lengths.has_time():
            failure = so_far(client, source, hand.counted_until)
    is_begun = hand.counted_until > span.opened_at or failure is None
    if failure is not None and not is_begun and not (goes_on and isinstance(failure, OutOfTime)):
        raise failure
    if span.opens:
        return opened_chain(source, hand.unplaced.newest)
    window = window_of(source, hand, span)
    if hand.counted_until < span.counted_until:
        window = replace(window, next_part=lengths.for_next_poll())
    counts = tuple(Count(metric, hand.amounts[metric] if is_begun else None) for metric in COUNTERS_OF_SOURCE[source])
    return Gathered(counts, windows=(window,), checks=tuple(left_aside(source, unreadable)), failure=failure)


def window_of(source: str, hand: InHand, span: Span) -> EventWindow:
    ended_at = span.ends_at(hand.counted_until, hand.unplaced.newest)
    return EventWindow(source, hand.opened_at, ended_at, hand.unplaced.remembered(ended_at), span.gives_up)


def opened_chain(source: str, newest: datetime | None) -> Gathered:
    """A chain that opens at the newest event; where there is none, no clock is known by which it could open."""
    counts = tuple(Count(metric, 0) for metric in COUNTERS_OF_SOURCE[source])
    windows = () if newest is None else (EventWindow(source, newest, newest),)
    return Gathered(counts, windows=windows)


def so_far(client: WebexClient, source: str, until: datetime) -> OutOfTime:
    """That a part of the window is left to the next poll."""
    return client.out_of_time(f"{source} are counted up to {until:%Y-%m-%d %H:%M} UTC so far")


def left_aside(source: str, unreadable: int) -> Iterator[Collection]:
    """That events were not counted because they do not say what happened, where there were any."""
    if unreadable:
        some = "1 event that does" if unreadable == 1 else f"{unreadable} events that do"
        yield Collection(
            f"odd {source}", CollectionStatus.FAILED, 0, 0.0, f"{some} not say what happened, not counted"
        )
