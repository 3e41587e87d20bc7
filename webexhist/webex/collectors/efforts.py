"""What counting one part of a window takes, page by page: a part that will not be done in time is left at once."""

from datetime import datetime, timedelta

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import moment
from webexhist.webex.collectors.windows import MILLISECOND

MEASURED_AFTER = 2
"""Pages after which it is known how long the others will take."""
MEASURED_SHARE = 0.25
"""The same of many lists, as a share of these: what a few of them held says little of the others."""
SHORTEST_PART = timedelta(seconds=1)
WORTH_CUTTING = 2
"""How many times as many pages as lists a part has to take to be cut: a shorter one takes a page of each as well."""


class PartTooLongError(OutOfTime):
    """A part cannot be finished in the poll's time: a shorter one may."""


class Effort:
    """What counting one part takes; safe between threads that count it together."""

    def __init__(
        self, client: WebexClient, opened_at: datetime, counted_until: datetime, allowed: float, lists: int = 0
    ) -> None:
        self.client = client
        self.opened_at = opened_at
        self.counted_until = counted_until
        self.began = client.time.now()
        self.allowed = allowed
        """Seconds that it may take."""
        self.lists = lists
        """How many lists are read for it, of each at least a page; 0 where it is one."""
        self.pages = 0
        self.events = 0
        self.largest_page = 0
        self.times: list[datetime] = []
        """When the events were that were seen: of a list in no order they stand for those that were not."""
        self.density = 0.0
        """Events a second, as far as is seen before all are counted; 0 where it cannot be."""

    @property
    def length(self) -> timedelta:
        """The span of time whose events are asked for."""
        return self.counted_until - self.opened_at

    @property
    def seconds(self) -> float:
        """How long the asking has taken so far."""
        return self.client.time.now() - self.began

    @property
    def mean_density(self) -> float:
        """Events a second in all of the part, if no more of them follow."""
        return self.events / max(self.length, MILLISECOND).total_seconds()

    def saw(self, page: Page) -> None:
        """Notes a page of a list that is in no order: nothing shows how many more there are.

        Raises:
            PartTooLongError: it takes longer than it may.
        """
        self.times += [
            at for event in page if (at := moment(event.get("created"))) and self.opened_at < at <= self.counted_until
        ]
        self.note(len(page))
        self.judge(0.0)

    def reached(self, share: float, events: int) -> None:
        """Notes one more page with so many events of a part that is counted list by list, and how much is done.

        Raises:
            PartTooLongError: at this pace the part will not be finished.
        """
        self.note(events)
        self.density = self.mean_density / share if share else 0.0
        ahead = self.pages * (1 - share) / share if share else 0.0
        is_measured = self.pages >= MEASURED_SHARE * self.lists
        if is_measured and self.pages + ahead > WORTH_CUTTING * self.lists:
            self.judge(ahead)

    def note(self, events: int) -> None:
        """Counts a page with so many events."""
        self.pages += 1
        self.events += events
        self.largest_page = max(self.largest_page, events)

    def judge(self, ahead: float) -> None:
        """Raises PartTooLongError where so many pages more would take longer than is allowed."""
        if self.pages < MEASURED_AFTER or self.length <= SHORTEST_PART:
            return
        if self.seconds * (1 + ahead / self.pages) > self.allowed:
            raise PartTooLongError("a part of the window would take too long")
