"""How long the parts are in which a window is counted: as long as what is left of the poll's time lets them be.

After an outage a window can hold more events than one poll can read. It is counted from its oldest end, part by
part, and each part that is done stays done. How dense events lie shows while they are read: a part that cannot be
finished is left at once and a shorter one is tried, and every part that was finished says how long the next may be.
"""

from datetime import datetime, timedelta

from webexhist.webex.api.client import Page, WebexClient
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.json_values import moment
from webexhist.webex.collectors.windows import whole_milliseconds

FIRST_PART = timedelta(days=1)
"""What is tried where nothing is known: more than most organizations need between two polls."""
SHORTEST_PART = timedelta(seconds=1)
MOST_GROWTH = 8.0
"""How many times longer than the part before a part is at most; more where that one held nothing."""
MOST_SHRINKING = 16.0
"""The same of a part that follows one which did not fit: what lies before a burst may hold little."""
PART_OF_TIME = 0.25
"""The share of the time left that a part is meant to take, so that one with four times the events still fits."""
MOST_OF_TIME = 0.75
"""The same where only a few pages are left: what is asked for beyond a part's ends weighs more in a short one."""
FEW_PAGES = 6
FULL = 0.9
"""How full a part's pages are meant to be: one event more than they hold would take another request."""
MEASURED_AFTER = 2
"""Pages after which it can be told how long the others will take."""
LEFT_FOR_ENDING = 0.02
"""The share of the budget that is kept free, so that what was counted is handed over in time."""


class PartTooLongError(OutOfTime):
    """A part cannot be finished in the poll's time: a shorter one may."""


class Effort:
    """What counting one part takes; safe between threads that count it together."""

    def __init__(self, client: WebexClient, opened_at: datetime, counted_until: datetime, allowed: float) -> None:
        self.client = client
        self.opened_at = opened_at
        self.counted_until = counted_until
        self.began = client.time.now()
        self.allowed = allowed
        """Seconds that it may take."""
        self.pages = 0
        self.events = 0
        self.largest_page = 0
        self.share = 0.0
        """How much of the part is done; 0 where that cannot be seen."""
        self.is_ordered = True
        self.first: datetime | None = None
        self.last: datetime | None = None

    @property
    def length(self) -> timedelta:
        return self.counted_until - self.opened_at

    @property
    def seconds(self) -> float:
        return self.client.time.now() - self.began

    def saw(self, page: Page) -> None:
        """Notes a page. Whichever way a list is ordered, the times that it has gone through show how far it is.

        Raises:
            PartTooLongError: at this pace the part will not be finished.
        """
        self.largest_page = max(self.largest_page, len(page))
        times = [at for event in page[:1] + page[-1:] if (at := moment(event.get("created"))) is not None]
        if times:
            first, last = (min(max(at, self.opened_at), self.counted_until) for at in (min(times), max(times)))
            if self.first is not None and self.last is not None:
                self.is_ordered = self.is_ordered and (first >= self.last or last <= self.first)
                first, last = min(first, self.first), max(last, self.last)
            self.first, self.last = first, last
        passed = self.last - self.first if self.first and self.last else timedelta()
        self.reached(passed / self.length if self.is_ordered and self.length else 0.0, len(page))

    def reached(self, share: float, events: int) -> None:
        """Notes one more page with so many events, and how much of the part is done by now.

        Raises:
            PartTooLongError: at this pace the part will not be finished.
        """
        self.pages += 1
        self.events += events
        self.share = share
        if self.pages < MEASURED_AFTER or self.length <= SHORTEST_PART or not self.share:
            return
        spent = self.seconds
        if spent / min(1.0, self.share) > self.allowed:
            raise PartTooLongError("a part of the window would take too long")


class PartLengths:
    """The lengths of the parts of one window, one after the other."""

    def __init__(self, client: WebexClient, known: timedelta | None) -> None:
        self.client = client
        self.length = known or FIRST_PART
        self.is_proven = known is not None
        self.page_seconds = 0.0
        self.page_events = 0
        """How many events a full page holds; 0 while none was seen."""

    def left(self) -> float:
        """Seconds left for parts."""
        spare = max(LEFT_FOR_ENDING * self.client.budget, self.page_seconds / 2)
        return max(0.0, self.client.seconds_left() - spare)

    def has_time(self) -> bool:
        """Whether another part is worth being begun."""
        return self.left() > self.page_seconds

    def effort(self, opened_at: datetime, end: datetime) -> Effort:
        """The next part, from where the last one ended; what was never tried gets half of the time at most."""
        until = end if end - opened_at <= self.length else whole_milliseconds(opened_at + self.length)
        return Effort(self.client, opened_at, until, self.left() if self.is_proven else self.left() / 2)

    def fitted(self, effort: Effort) -> None:
        """Makes the next part as long as this one lets it be."""
        self.note(effort)
        growth = min(MOST_GROWTH, self.growth(effort, 1.0, self.left())) if effort.events else MOST_GROWTH**2
        self.length = max(SHORTEST_PART, effort.length * growth)
        self.is_proven = True

    def did_not_fit(self, effort: Effort) -> None:
        """Makes the next part shorter: by what this one would have taken, where that could be seen."""
        self.note(effort)
        is_seen = effort.pages >= MEASURED_AFTER and effort.share > 0
        shrink = self.growth(effort, effort.share, self.left()) if is_seen else 0.0
        self.length = max(SHORTEST_PART, effort.length * min(0.5, max(shrink, 1 / MOST_SHRINKING)))
        self.is_proven = False

    def note(self, effort: Effort) -> None:
        self.page_seconds = effort.seconds / max(1, effort.pages)
        if effort.pages > 1:
            self.page_events = max(self.page_events, effort.largest_page)

    def growth(self, effort: Effort, share: float, left: float) -> float:
        """How many times longer a part may be than one of which this share is done, to take a quarter of the time."""
        if not effort.seconds:
            return MOST_GROWTH
        left_pages = left / self.page_seconds
        pages = max(1, int(PART_OF_TIME * left_pages), min(FEW_PAGES, int(MOST_OF_TIME * left_pages)))
        if self.page_events and effort.events:
            return share * FULL * pages * self.page_events / effort.events
        return share * PART_OF_TIME * left / effort.seconds

    def for_next_poll(self, last: Effort) -> timedelta:
        """The length with which the next poll begins, which has all of its time."""
        share = 1.0 if self.is_proven else last.share
        if not share or not last.seconds:
            return self.length
        return max(SHORTEST_PART, last.length * self.growth(last, share, self.client.budget))
