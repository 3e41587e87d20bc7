"""Times as the simulated service reckons and writes them: epoch milliseconds inside, ISO 8601 UTC outside."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

Clock = Callable[[], datetime]
"""Gives the present as an aware datetime in UTC."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS = 86_400_000
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970, the rest cut off."""
    return (moment - EPOCH) // _MILLISECOND


def span_ms(span: timedelta) -> int:
    """Whole milliseconds of a span."""
    return span // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The moment so many milliseconds after 1970, in UTC."""
    return EPOCH + timedelta(milliseconds=ms)


def opening_of(day: date) -> int:
    """Epoch milliseconds of the first moment of a UTC day."""
    return (day - EPOCH.date()).days * DAY_MS


def iso(ms: int) -> str:
    """The API's usual form: `2026-09-23T10:06:45.423Z`."""
    day, within = divmod(ms, DAY_MS)
    seconds, milliseconds = divmod(within, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{_day_text(day)}T{hour:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}Z"


@lru_cache(maxsize=1024)
def _day_text(day: int) -> str:
    return (EPOCH.date() + timedelta(days=day)).isoformat()


def parse_time(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 time or date; raises ValueError where it is neither or names no zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        if len(text) > len("2026-09-23"):
            raise ValueError(f"{text} names no time zone")
        moment = moment.replace(tzinfo=UTC)
    return to_ms(moment)


def system_clock() -> datetime:
    """The real present."""
    return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        """The moment the clock shows."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Moves the clock to `moment`, backwards too."""
        with self._lock:
            self._now = moment

    def advance(self, span: timedelta) -> None:
        """Moves the clock on by `span`."""
        with self._lock:
            self._now += span
