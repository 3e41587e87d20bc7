"""What counting one part of a window takes, page by page: a part that will not be done in time is left at once."""

from datetime import datetime, timedelta

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import OutOfTime
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import moment
from webexhist.webex.collectors.windows import MILLISECOND

MEASURED_AFTER = 2
"""Pages after which it is known how long the others will take."""
SHORTEST_PART = timedelta(seconds=1)


class PartTooLongError(OutOfTime):
    """A part cannot be finished in the poll's time: a shorter one may."""


class Effort:
    """What counting one part takes."""

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
        self.times: list[datetime] = []
        """When the events were that were seen: of a list in no order they stand for those that were not."""

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
        """Notes a page: nothing shows how many more there are.

        Raises:
            PartTooLongError: it takes longer than it may.
        """
        self.times += [
            at for event in page if (at := moment(event.get("created"))) and self.opened_at < at <= self.counted_until
        ]
        self.pages += 1
        self.events += len(page)
        self.largest_page = max(self.largest_page, len(page))
        is_measured = self.pages >= MEASURED_AFTER and self.length > SHORTEST_PART
        if is_measured and self.seconds > self.allowed:
            raise PartTooLongError("a part of the window would take too long")
