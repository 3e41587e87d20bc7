"""What counting one part of a window takes, page by page: a part that will not be done in time is left at once."""

from datetime import datetime, timedelta

from webexhist.webex.api.client import Page, WebexClient
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.json_values import moment
from webexhist.webex.collectors.windows import MILLISECOND

MEASURED_AFTER = 2
"""Pages after which it can be told how long the others will take."""
SHORTEST_PART = timedelta(seconds=1)


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
        self.density = 0.0
        """Events a second beside what is not read yet; 0 where that cannot be seen."""
        self.is_ordered = True
        """Whether the pages go through the part from one end to the other."""
        self.is_newest_first = False
        self.oldest: datetime | None = None
        self.newest: datetime | None = None

    @property
    def length(self) -> timedelta:
        return self.counted_until - self.opened_at

    @property
    def seconds(self) -> float:
        return self.client.time.now() - self.began

    @property
    def mean_density(self) -> float:
        """Events a second in all of the part, if no more of them follow."""
        return self.events / max(self.length, MILLISECOND).total_seconds()

    @property
    def read_up_to(self) -> datetime | None:
        """The event nearest to what is not read yet; None where pages do not show how far they are."""
        if not self.is_ordered:
            return None
        return self.oldest if self.is_newest_first else self.newest

    def saw(self, page: Page) -> None:
        """Notes a page. Whichever way a list is ordered, the times that it has gone through show how far it is.

        Raises:
            PartTooLongError: at this pace the part will not be finished.
        """
        times = [at for event in page[:1] + page[-1:] if (at := moment(event.get("created"))) is not None]
        if times:
            self.walk([min(max(at, self.opened_at), self.counted_until) for at in times], len(page))
        self.note(len(page))
        self.judge(self.density * self.unread().total_seconds() / max(1, self.largest_page))

    def walk(self, times: list[datetime], events: int) -> None:
        """Follows the pages through the part by the first and the last time of each."""
        oldest, newest = min(times), max(times)
        if self.oldest is None or self.newest is None:
            self.is_newest_first = times[0] > times[-1]
            passed, self.oldest, self.newest = newest - oldest, oldest, newest
        elif newest <= self.oldest:
            self.is_newest_first = True
            passed, self.oldest = self.oldest - oldest, oldest
        elif oldest >= self.newest:
            self.is_newest_first = False
            passed, self.newest = newest - self.newest, newest
        else:
            self.is_ordered = False
        self.density = events / max(passed, MILLISECOND).total_seconds() if self.is_ordered else 0.0

    def unread(self) -> timedelta:
        """How much of the part no page has gone through."""
        at = self.read_up_to
        if at is None:
            return timedelta()
        return at - self.opened_at if self.is_newest_first else self.counted_until - at

    def reached(self, share: float, events: int) -> None:
        """Notes one more page with so many events of a part that is counted list by list, and how much is done.

        Raises:
            PartTooLongError: at this pace the part will not be finished.
        """
        self.is_ordered = False
        self.note(events)
        self.density = self.mean_density / share if share else 0.0
        self.judge(self.pages * (1 - share) / share if share else 0.0)

    def note(self, events: int) -> None:
        self.pages += 1
        self.events += events
        self.largest_page = max(self.largest_page, events)

    def judge(self, ahead: float) -> None:
        """Raises PartTooLongError where so many pages more would take longer than is allowed."""
        if self.pages < MEASURED_AFTER or self.length <= SHORTEST_PART:
            return
        if self.seconds * (1 + ahead / self.pages) > self.allowed:
            raise PartTooLongError("a part of the window would take too long")
