"""Webex's clock, as the Date of its answers shows it; it decides what is past, and so which events are counted."""

from collections.abc import Callable
from datetime import datetime, timedelta

from webexhist.moments import within_calendar
from webexhist.webex.api.http_dates import http_date
from webexhist.webex.api.passing_time import PassingTime

CLOCKS_AGREE = timedelta(minutes=5)
"""By how much two clocks may differ that are both right."""
FAR_APART = timedelta(days=1)
"""Where Webex's clock and this host's differ by more, Webex's may be the wrong one: a proxy can make up a Date."""


class ServerClock:
    """Runs on from answer to answer.

    Many servers answer, and one of them may show another time than all others. A window of events that ended in the
    future would leave out what happens until then; one that ends too early leaves the rest to the next poll. So of
    times that differ the earlier one is taken, and none that is farther from this host's than a day where another is
    not.
    """

    def __init__(self, time: PassingTime, host_now: Callable[[], datetime]) -> None:
        self.time = time
        self.host_now = host_now
        self.last_date: tuple[datetime, float] | None = None
        """What is taken, and when it was reported."""

    def note(self, date: str | None) -> datetime | None:
        """Takes note of a Date header, and returns its time (UTC); None where it holds none."""
        at = http_date(date or "")
        if at is None or at != within_calendar(at):  # no clock that is right shows it, and spans lead beyond all time
            return None
        known = self.now()
        if known is None or self.is_rather_right(at, known):
            self.last_date = (at, self.time.now())
        return at

    def now(self) -> datetime | None:
        """The clock (UTC, never ahead of it); None before the first time that was reported."""
        if self.last_date is None:
            return None
        at, seen = self.last_date
        return at + timedelta(seconds=self.time.now() - seen)

    def is_rather_right(self, at: datetime, known: datetime) -> bool:
        """Whether `at` is believed more than `known`: if it alone is near this host's clock, or not later."""
        host = self.host_now()
        is_near, was_near = (abs(each - host) <= FAR_APART for each in (at, known))
        return at - known <= CLOCKS_AGREE if is_near == was_near else is_near
