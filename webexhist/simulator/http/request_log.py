"""The requests that came, so that tests can assert how many a client needs."""

import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class LoggedRequest:
    """One request. The authorization is not kept."""

    method: str
    path: str
    query: str


class RequestLog:
    """All requests since the start or the last `clear`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[LoggedRequest] = []

    def add(self, request: LoggedRequest) -> None:
        """Adds a request."""
        with self._lock:
            self._entries.append(request)

    def clear(self) -> None:
        """Removes all requests."""
        with self._lock:
            self._entries.clear()

    @property
    def entries(self) -> tuple[LoggedRequest, ...]:
        """The requests in their order."""
        with self._lock:
            return tuple(self._entries)

    def by_path(self) -> Counter[str]:
        """Returns how many requests each path got."""
        return Counter(entry.path for entry in self.entries)

    def __len__(self) -> int:
        return len(self._entries)
