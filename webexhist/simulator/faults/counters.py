"""What faults remember between requests."""

import threading
import time

from webexhist.simulator.faults.switches import RateLimit, Trouble


class HitCounter:
    """Counts, for each trouble, the requests it concerned."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Trouble, int] = {}

    def hit(self, trouble: Trouble) -> bool:
        """Counts a request that a trouble concerns; whether it is one of those it hits."""
        with self._lock:
            number = self._seen.get(trouble, 0)
            self._seen[trouble] = number + 1
        return trouble.hits(number)


class Bucket:
    """A token bucket on real time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._level: float | None = None
        self._seen_at = 0.0

    def admits(self, limit: RateLimit) -> bool:
        """Whether one more request fits into the limit now."""
        with self._lock:
            now = time.monotonic()
            level = limit.calls if self._level is None else self._level
            level = min(limit.calls, level + (now - self._seen_at) * limit.calls / limit.seconds)
            admitted = level >= 1
            self._level, self._seen_at = (level - 1 if admitted else level), now
        return admitted
