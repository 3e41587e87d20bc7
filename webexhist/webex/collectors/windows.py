"""Which span of time a poll counts events of, so that every event is counted exactly once.

A window is half-open, (opened_at, counted_until], on the server's clock, and ends some time before now: by then no
event can be added to it any more. The next window opens where this one ended.

A window that ended in the future would leave out what happens until then. So of Webex's clock and this host's the
earlier one decides. Where Webex's is not known, or is far ahead of this host's, nobody knows which of them is right.
There a window ends by the newest event that it met, and each of the last ones is remembered by itself.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from webexhist.metrics import Metric
from webexhist.months import days_later
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.items import fingerprint
from webexhist.webex.api.json_values import JsonObject, moment, query_time
from webexhist.webex.api.server_clock import CLOCKS_AGREE
from webexhist.webex.collectors.interface import Target

MILLISECOND = timedelta(milliseconds=1)
MARGIN = timedelta(seconds=1)
"""Asked for beyond both ends, and dropped here: whether Webex includes the ends themselves is not documented."""
CLOCKS_APART = timedelta(days=1)
"""The most by which the server's clock may differ from the poller's."""
MET_FOR = timedelta(days=400)
"""An event without a time that was not met for so long is not listed any more: Webex's memory reaches back a year."""


@dataclass(slots=True)
class Unplaced:
    """Events that no window has by their time alone, by their fingerprints."""

    undated: set[str] = field(default_factory=set)
    """Those without a time."""
    dated: dict[str, datetime] = field(default_factory=dict)
    """All others, where no clock is certain: any of them may be newer than the window's end."""

    def add(self, others: "Unplaced") -> None:
        self.undated |= others.undated
        self.dated |= others.dated

    @property
    def newest(self) -> datetime | None:
        """None where none of them has a time."""
        return max(self.dated.values(), default=None)

    def remembered(self, ended_at: datetime) -> Mapping[str, date]:
        """The events to remember after a window that ended there, each with the last day of that."""
        undated = dict.fromkeys(self.undated, days_later(ended_at.date(), MET_FOR.days))
        return undated | {event: at.date() for event, at in self.dated.items() if at > ended_at}


@dataclass(frozen=True, slots=True)
class Counted:
    """What a span holds."""

    amounts: Counter[Metric]
    unplaced: Unplaced = field(default_factory=Unplaced)
    """Those that were met, whether they are counted here or were before."""
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
    future_end: datetime | None = None
    """The end of the window before, if that lies in the future, so that this one cannot open there."""
    unsettled: timedelta | None = None
    """Where no clock is certain: how much older than the newest event an event is that is settled."""
    opens: bool = False
    """Whether nothing is to be counted: the window only finds the newest event, at which the chain opens."""
    opens_without: datetime | None = None
    """Where the chain opens if there is none; None: not yet."""

    def counts(self, event: JsonObject, unplaced: Unplaced) -> bool:
        """Whether an event is to be counted: in the window that its time lies in, without one where it is first met.

        One without a time, or of a time that may not be settled, is added to `unplaced`.
        """
        created = moment(event.get("created"))
        if created is None and self.met is None:
            return False
        if created is None:
            unplaced.undated.add(fingerprint(event))
        elif not self.holds(created):
            return False
        elif self.unsettled is not None:
            unplaced.dated[fingerprint(event)] = created
        return not self.met or fingerprint(event) not in self.met

    def holds(self, created: datetime) -> bool:
        """Whether an event of that time is to be counted in this window."""
        return self.opened_at < created <= self.counted_until

    def ends_at(self, reached: datetime, newest: datetime | None) -> datetime:
        """Where the next window opens, after this one was counted up to `reached`."""
        if self.unsettled is None:
            return reached
        if newest is None:
            return self.opened_at
        return max(self.opened_at, min(reached, whole_milliseconds(newest - self.unsettled)))

    def query(self, margin: timedelta = MARGIN) -> dict[str, str]:
        """The parameters that ask for at least the events of this window; the future is refused by Webex."""
        until = min(self.counted_until + margin, self.now)
        if self.opened_at >= until:  # the server's clock was set back: nothing can have happened yet
            until = self.now - margin
        return {"from": query_time(min(self.opened_at, until) - margin), "to": query_time(until)}


def next_span(target: Target, source: str, now: datetime, look_back: timedelta) -> Span:
    """The span from the last window of that source up to the youngest settled moment.

    The first window of a chain is empty: it only opens it. What lies beyond `look_back`, Webex's memory, is left
    out; that the window then opens after the last one ended is what shows the gap.

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
    if opened_at - now > CLOCKS_APART:  # that or this clock is wrong: the store knows which
        opened_at = whole_milliseconds(now)
        return Span(opened_at, opened_at, now, met, future_end=target.counted_until[source])
    counted_until = max(opened_at, settled)
    return Span(max(opened_at, counted_until - look_back), counted_until, now, met)


def span_up_to(target: Target, source: str, newest: datetime, look_back: timedelta) -> Span:
    """The same where the server does not show its clock, up to the newest event that is known.

    The first window only opens the chain here too.
    """
    newest = whole_milliseconds(newest)
    met = target.unplaced.get(source, frozenset())
    opened_at = max(target.counted_until.get(source, newest), newest - look_back)
    return Span(opened_at, max(opened_at, newest), newest, met, unsettled=max(target.settle, MILLISECOND))


def span_by(client: WebexClient, target: Target, source: str, look_back: timedelta) -> Span:
    """As `next_span`, where a clock is certain; else up to what any clock shows, to end by the newest event.

    Raises:
        BadAnswer: the clocks differ by more than a day; or this host's is the only one, and absurd.
    """
    now = reliable_now(client)
    if now is not None:
        return next_span(target, source, now, look_back)
    settle = max(target.settle, MILLISECOND)
    server_time, host_time = client.server_now(), client.host_now()
    opened_at = target.counted_until.get(source)
    if server_time is not None and opened_at is not None and server_time - opened_at > look_back:
        # All until then would be given up, on the word of a clock that may be wrong.
        raise BadAnswer(
            f"Webex's clock shows {server_time:%Y-%m-%d %H:%M} UTC, this host's {host_time:%Y-%m-%d %H:%M}",
            "set the clock right",
        )
    if server_time is not None:
        span = replace(next_span(target, source, server_time, look_back), unsettled=settle)
        if opened_at is not None:
            return span
        quiet = whole_milliseconds(max(host_time, server_time - CLOCKS_APART) - settle)
        return replace(span, opened_at=quiet, opens=True, opens_without=quiet)
    if opened_at is not None and abs(host_time - opened_at) > look_back:
        shown = f"{host_time:%Y-%m-%d %H:%M}"
        raise BadAnswer(f"Webex does not show its clock, and this host's shows {shown}", "set it right")
    settled = whole_milliseconds(host_time - settle)
    met = target.unplaced.get(source, frozenset())
    if opened_at is None:
        return Span(settled - CLOCKS_APART, settled, host_time, met, unsettled=settle, opens=True)
    return Span(opened_at, max(opened_at, settled), host_time, met, unsettled=settle)


def server_now(client: WebexClient) -> datetime:
    """The server's clock; the poller's own where the server does not show it."""
    return client.server_now() or client.host_now()


def reliable_now(client: WebexClient) -> datetime | None:
    """The earlier of the server's clock and this host's; None where the server's is not reported, or so far ahead of
    this host's that either may be wrong.
    """
    server_time, host_time = client.server_now(), client.host_now()
    if server_time is None or server_time - host_time > CLOCKS_AGREE:
        return None
    return min(server_time, host_time)


def whole_milliseconds(at: datetime) -> datetime:
    """The time cut to whole milliseconds, as Webex's events have them and the database keeps them."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
