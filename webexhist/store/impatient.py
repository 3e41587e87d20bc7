"""A connection to PostgreSQL that gives up where its server says nothing more.

A server can be told how long a statement may take; one that is frozen, or whose network is gone, does not keep to it.
Only who uses this imports it: the driver is an extra.
"""

import time
from collections.abc import Generator
from typing import Any, TypeVar

from psycopg import Connection
from psycopg.errors import QueryCanceled

from webexhist.store.waits import Waits

R = TypeVar("R")


class ImpatientConnection(Connection[Any]):
    """Waits for no answer longer than its waits allow; then it is closed."""

    waits: Waits | None = None
    """None as long as it may take any time."""

    def wait(self, gen: Generator[Any, Any, R], *arguments: Any, **options: Any) -> R:
        """As the driver's own; raises `QueryCanceled` where the answer does not come in time."""
        if self.waits is None:
            return super().wait(gen, *arguments, **options)
        return super().wait(self._in_time(gen, self.waits), *arguments, **options)

    def _in_time(self, gen: Generator[Any, Any, R], waits: Waits) -> Generator[Any, Any, R]:
        asked = time.monotonic()
        end = asked + waits.longest()
        try:
            waits_for = next(gen)
            while True:
                ready = yield waits_for  # nothing is, about ten times a second
                now = time.monotonic()
                if not ready:
                    waits.nothing_came(now - asked)
                    if now >= end:
                        self.close()
                        raise QueryCanceled("the server did not answer in the time that was left")
                asked = now
                waits_for = gen.send(ready)
        except StopIteration as done:
            result: R = done.value
            return result
