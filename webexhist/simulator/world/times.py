"""Times: epoch milliseconds inside the service, ISO 8601 UTC in its answers."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

Clock = Callable[[], datetime]
"""Returns the current time as an aware datetime in UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Returns the whole milliseconds since 1970; a fraction is cut off."""
    return (moment - EPOCH) // _MILLISECOND


def span_ms(span: timedelta) -> int:
    """Returns the whole milliseconds of a span."""
    return span // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """Returns the UTC time that is `ms` milliseconds after 1970."""
    return EPOCH + timedelta(milliseconds=ms)


def start_of_day(day: date) -> int:
    """Returns the epoch milliseconds at which a UTC day starts."""
    return (day - EPOCH.date()).days * DAY_MS


@lru_cache(maxsize=2048)
def iso(ms: int) -> str:
    """Returns a time in the usual form of the API: `2026-09-23T10:06:45.423Z`."""
    day, within = divmod(ms, DAY_MS)
    seconds, milliseconds = divmod(within, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day_text(day)}T{hour:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}Z"


@lru_cache(maxsize=1024)
def _day_text(day: int) -> str:
    return (EPOCH.date() + timedelta(days=day)).isoformat()


def parse_time(text: str) -> int:
    """Reads an ISO 8601 time or date as epoch milliseconds.

    Raises ValueError if the text is neither, or a time without a zone.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        if len(text) > len("2026-09-23"):
            raise ValueError(f"{text} names no time zone")
        moment = moment.replace(tzinfo=UTC)
    return to_ms(moment)


def system_clock() -> datetime:
    """Returns the real current time."""
    return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """Returns the time that the clock shows."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Sets the clock to `moment`, which may be earlier than now."""
        with self._lock:
            self._now = moment

    def advance(self, span: timedelta) -> None:
        """Moves the clock by `span`."""
        with self._lock:
            self._now += span
