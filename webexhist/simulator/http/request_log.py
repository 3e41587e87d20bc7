"""What was asked of the service, so that tests can assert how many requests something took."""

import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class LoggedRequest:
    """One request as it came in; the authorization is not kept."""

    method: str
    path: str
    query: str


class RequestLog:
    """Every request since the start or the last `clear`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[LoggedRequest] = []

    def note(self, request: LoggedRequest) -> None:
        """Adds a request."""
        with self._lock:
            self._entries.append(request)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._entries.clear()

    @property
    def entries(self) -> tuple[LoggedRequest, ...]:
        """The requests in the order they came."""
        with self._lock:
            return tuple(self._entries)

    def by_path(self) -> Counter[str]:
        """How many requests each path got."""
        return Counter(entry.path for entry in self.entries)

    def __len__(self) -> int:
        return len(self._entries)
