"""Measures what each path of Webex's API costs, and logs that together with every failure."""

import logging
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from webexhist.webex.api.errors import WebexError
from webexhist.webex.api.passing_time import PassingTime
from webexhist.webex_ids import UUID

LOG = logging.getLogger(__name__)
TRACKING_ID = re.compile(rf"[A-Za-z][A-Za-z-]{{0,29}}_{UUID.pattern}(_[0-9]{{1,4}})?")
"""The service's name, a UUID, and a number at most: anything freer could be a token that a server sends back."""


def endpoint_of(path: str) -> str:
    """The path with {id} in place of what names one thing."""
    return UUID.sub("{id}", path)


@dataclass(slots=True, eq=False)
class Call:
    """A request under way."""

    path: str
    """With {id} in place of what names one thing."""
    began: float
    tracking_id: str | None = None
    """As the server gave it."""
    ended: float | None = None
    """None while it is under way."""

    def seconds(self, now: float) -> float:
        """How long it took, or takes by now."""
        return (now if self.ended is None else self.ended) - self.began


class Measures:
    """The seconds that the requests of a poll took, by path; safe between threads."""

    def __init__(self, time: PassingTime) -> None:
        self.time = time
        self.under_way: set[Call] = set()
        self.lock = threading.Lock()
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)

    @contextmanager
    def call(self, endpoint: str) -> Iterator[Call]:
        """Measures the request inside; one that fails is logged at once."""
        call = Call(endpoint, self.time.now())
        with self.lock:
            self.under_way.add(call)
        try:
            yield call
        except WebexError as error:
            LOG.warning("%s, tracking id %s", error.problem, shown_tracking_id(call.tracking_id))
            raise
        finally:
            with self.lock:
                self.under_way.remove(call)
                call.ended = self.time.now()
                self.seconds[call.path].append(call.ended - call.began)

    def fastest(self) -> float:
        """The seconds of the fastest request so far; 0 where there was none."""
        with self.lock:
            return min((min(seconds) for seconds in self.seconds.values()), default=0.0)

    def median(self) -> float:
        """The seconds that half of the requests so far took at most; 0 where there was none."""
        with self.lock:
            seconds = sorted(second for of_path in self.seconds.values() for second in of_path)
        return seconds[len(seconds) // 2] if seconds else 0.0

    def number(self) -> int:
        """How many requests came to an end."""
        with self.lock:
            return sum(map(len, self.seconds.values()))

    def log(self) -> None:
        """One line a path, and one a request that is not answered yet: nobody waits for it any longer."""
        with self.lock:
            for call in self.under_way:
                LOG.warning(
                    "GET %s: no answer after %.3f s, then time was up", call.path, self.time.now() - call.began
                )
            for path, seconds in sorted(self.seconds.items()):
                LOG.info("GET %s: %d calls in %.3f s, slowest %.3f s", path, len(seconds), sum(seconds), max(seconds))


def shown_tracking_id(header: str | None) -> str:
    """The number under which Webex's support finds a request; whatever else a server sends there is not repeated."""
    return header if header and TRACKING_ID.fullmatch(header) else "none"
