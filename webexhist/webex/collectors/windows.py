"""Which span of time a poll counts events of, so that every event is counted exactly once.

A window is half-open, (opened_at, counted_until], on the server's clock, and ends some time before now: by then no
event can be added to it any more. The next window opens where this one ended.

Where the server does not tell its clock, this host's may be hours ahead, and a window that ended there would leave
out what happens until then. There a window reaches to the newest event that is known, and each of the last ones is
remembered by itself.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from webexhist.metrics import Metric
from webexhist.months import days_later
from webexhist.webex.api.client import WebexClient, fingerprint
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import JsonObject, moment, query_time
from webexhist.webex.collectors.interface import Target

MILLISECOND = timedelta(milliseconds=1)
MARGIN = timedelta(seconds=1)
"""Asked for beyond both ends, and dropped here: whether Webex includes the ends themselves is not documented."""
CLOCKS_APART = timedelta(days=1)
"""The most by which the server's clock may differ from the poller's."""
MET_FOR = timedelta(days=400)
"""An event without a time that was not met for so long is not listed any more: Webex's memory reaches back a year."""
CLOCKS_AGREE = timedelta(minutes=5)
"""By how much two clocks may differ that are both right."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What a span holds."""

    amounts: Counter[Metric]
    unplaced: Mapping[str, date] = field(default_factory=dict)
    """As a window has them."""
    unreadable: int = 0
    """Events that do not say what happened; they are not counted."""


@dataclass(frozen=True, slots=True)
class Span:
    """A window to be counted; `now` is the server's clock."""

    opened_at: datetime
    counted_until: datetime
    now: datetime
    met: frozenset[str] | None = frozenset()
    """Fingerprints of the unplaced events that are counted already; None: all others are left to polls too."""
    gives_up: datetime | None = None
    """The end of the window before, if that lies in the future, so that this one cannot open there."""
    settled_until: datetime | None = None
    """Up to where no event can be added any more, where that is before the end."""

    def counts(self, event: JsonObject, unplaced: dict[str, date]) -> bool:
        """Whether an event is to be counted: in the window that its time lies in, without one where it is first met.

        One without a time, or of a time that is not settled, is added to `unplaced`.
        """
        created = moment(event.get("created"))
        if created is None and self.met is None:
            return False
        if created is None:
            unplaced[fingerprint(event)] = days_later(self.counted_until.date(), MET_FOR.days)
        elif not self.holds(created):
            return False
        elif self.settled_until is not None and created > self.settled_until:
            unplaced[fingerprint(event)] = self.counted_until.date()
        return not self.met or fingerprint(event) not in self.met

    def holds(self, created: datetime) -> bool:
        """Whether an event of that time is to be counted in this window."""
        return self.opened_at < created <= self.counted_until

    def query(self) -> dict[str, str]:
        """The parameters that ask for at least the events of this window; the future is refused by Webex."""
        until = min(self.counted_until + MARGIN, self.now)
        if self.opened_at >= until:  # the server's clock was set back: nothing can have happened yet
            until = self.now - MARGIN
        return {"from": query_time(min(self.opened_at, until) - MARGIN), "to": query_time(until)}


def next_span(target: Target, source: str, now: datetime, look_back: timedelta) -> Span:
    """The span from the last window of that source up to the youngest settled moment.

    The first window of a chain is empty: it only opens it. What lies beyond `look_back`, Webex's memory, is left
    out; that the window then opens after the last one ended is what tells the gap.

    Raises:
        BadAnswer: the clocks differ so much that a window could end where no later one will ever open.
    """
    if abs(now - target.taken_at) > CLOCKS_APART:
        raise BadAnswer(
            f"Webex's clock shows {now:%Y-%m-%d %H:%M} UTC, this host's {target.taken_at:%Y-%m-%d %H:%M}",
            "set the clock right",
        )
    settled = whole_milliseconds(now - max(target.settle, MILLISECOND))
    met = target.unplaced.get(source, frozenset())
    opened_at = target.counted_until.get(source, settled)
    if opened_at > now + CLOCKS_APART:  # it was opened by a wrong clock; whatever happened by now may be counted
        opened_at = whole_milliseconds(now)
        return Span(opened_at, opened_at, now, met, gives_up=target.counted_until[source])
    counted_until = max(opened_at, settled)
    return Span(max(opened_at, counted_until - look_back), counted_until, now, met)


def span_up_to(target: Target, source: str, newest: datetime, look_back: timedelta) -> Span:
    """The same where the server does not tell its clock, up to the newest event that is known.

    The first window only opens the chain here too.
    """
    newest = whole_milliseconds(newest)
    met = target.unplaced.get(source, frozenset())
    opened_at = max(target.counted_until.get(source, newest), newest - look_back)
    settled = max(opened_at, newest - max(target.settle, MILLISECOND))
    return Span(opened_at, max(opened_at, newest), newest, met, settled_until=settled)


def server_now(client: WebexClient) -> datetime:
    """The server's clock; the poller's own where the server does not tell it."""
    return client.server_now() or client.host_now()


def reliable_now(client: WebexClient) -> datetime | None:
    """The server's clock; None where it is not told, or so far ahead of this host's that either may be wrong."""
    told = client.server_now()
    return None if told is None or told > client.host_now() + CLOCKS_AGREE else told


def whole_milliseconds(at: datetime) -> datetime:
    """Webex's events are timed to the millisecond, and so is what the database keeps."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
