"""Which span of time a poll counts events of, so that every event is counted exactly once.

A window is half-open, (opened_at, counted_until], on the server's clock, and ends some time before now: by then no
event can be added to it any more. The next window opens where this one ended.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from webexhist.snapshot import EventWindow
from webexhist.webex.client import WebexClient
from webexhist.webex.collector import Target
from webexhist.webex.values import query_time

MILLISECOND = timedelta(milliseconds=1)
MARGIN = timedelta(seconds=1)
"""Asked for beyond both ends, and dropped here: whether Webex includes the ends themselves is not documented."""


@dataclass(frozen=True, slots=True)
class Span:
    """The window of one poll, and what of it can still be counted."""

    window: EventWindow
    countable_from: datetime
    now: datetime

    @property
    def gap(self) -> str | None:
        """The part of the window that lies beyond Webex's look-back, in words."""
        if self.countable_from <= self.window.opened_at:
            return None
        opened, countable = self.window.opened_at, self.countable_from
        return (
            f"events between {opened:%Y-%m-%d %H:%M} and {countable:%Y-%m-%d %H:%M} UTC are beyond Webex's look-back"
        )

    def holds(self, created: datetime) -> bool:
        """Whether an event of that time is to be counted in this window."""
        return self.countable_from < created <= self.window.counted_until

    def query(self) -> dict[str, str]:
        """The parameters that ask for at least the events of this window; the future is refused by Webex."""
        until = min(self.window.counted_until + MARGIN, self.now)
        return {"from": query_time(self.countable_from - MARGIN), "to": query_time(until)}


def next_span(client: WebexClient, target: Target, source: str, look_back: timedelta) -> Span:
    """The span from the last window of that source up to the youngest settled moment.

    The first window of a chain is empty: it only opens the chain. `look_back` is how far Webex's answers reach.
    """
    now = client.server_now() or datetime.now(UTC)
    settled = whole_milliseconds(now - max(target.settle, MILLISECOND))
    opened_at = target.counted_until.get(source, settled)
    counted_until = max(opened_at, settled)
    countable_from = max(opened_at, counted_until - look_back)
    return Span(EventWindow(source, opened_at, counted_until), countable_from, now)


def whole_milliseconds(at: datetime) -> datetime:
    """Webex's events are timed to the millisecond, and so is what the database keeps."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
