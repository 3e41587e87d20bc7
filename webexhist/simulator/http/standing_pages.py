"""Keeps pages that stay as they are, ready to be sent: then the service takes little of what its client needs."""

import threading
from collections.abc import Callable, Hashable

from webexhist.simulator.faults.switches import Faults
from webexhist.simulator.http.exchange import Answer, Page, Request, Standing

MOST_PAGES = 2048
"""How many are kept; then the oldest is forgotten."""


class StandingPages:
    """The answers to requests for pages that stay as they are; safe between threads."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._answers: dict[Hashable, Answer] = {}

    def answer(self, request: Request, standing: Standing, made: Callable[[Page], Answer]) -> Answer:
        """Returns the answer with the page. It is made anew while faults change what is sent."""
        if self._faults.paging or self._faults.data or self._faults.next_base_url:
            return made(standing.page())
        limit = self._faults.page_limits.get(request.path)
        key = request.base_url, request.path, request.raw_query, limit, standing.version
        answer = self._answers.get(key)
        if answer is None:
            answer = made(standing.page())
            with self._lock:
                if len(self._answers) >= MOST_PAGES:
                    del self._answers[next(iter(self._answers))]
                self._answers[key] = answer
        return answer
