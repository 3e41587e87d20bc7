"""What the service counts for its faults."""

import threading
from fnmatch import fnmatchcase

from webexhist.simulator.faults.delays import Delays
from webexhist.simulator.faults.switches import RateLimit, Trouble


class HitCounter:
    """Counts the requests that match each trouble."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Trouble, int] = {}

    def hit(self, trouble: Trouble) -> bool:
        """Counts a request that matches a trouble, and returns whether the trouble hits it."""
        with self._lock:
            number = self._seen.get(trouble, 0)
            self._seen[trouble] = number + 1
        return trouble.hits(number)


class RateLimiter:
    """Counts requests for each rate limit, as token buckets on real time."""

    def __init__(self, delays: Delays) -> None:
        self._delays = delays
        self._lock = threading.Lock()
        self._buckets: dict[RateLimit, tuple[float, float]] = {}
        """The level of each limit's bucket, and when it was measured."""

    def exceeded(self, path: str, limits: list[RateLimit]) -> RateLimit | None:
        """Counts a request, and returns the first limit that it exceeds; None if it is within all of them."""
        with self._lock:
            matching = [limit for limit in limits if fnmatchcase(path, limit.path)]
            return next((limit for limit in matching if not self._takes(limit)), None)

    def _takes(self, limit: RateLimit) -> bool:
        now = self._delays.now()
        level, measured_at = self._buckets.get(limit, (limit.calls, now))
        level = min(limit.calls, level + (now - measured_at) * limit.calls / limit.seconds)
        within = level >= 1
        self._buckets[limit] = (level - 1 if within else level, now)
        return within
