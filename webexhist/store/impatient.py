"""Connections to PostgreSQL that give up where their server says nothing more.

A server can be told how long a statement may take; one that is frozen, or whose network is gone, does not keep to it.
Only who uses this imports it: the driver is an extra.
"""

import time
from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeVar

from psycopg import Connection, Error, OperationalError
from psycopg.errors import ConnectionTimeout, QueryCanceled

from webexhist.store.waits import ANSWER_SECONDS, Waits

R = TypeVar("R")


class ImpatientConnection(Connection[Any]):
    """Waits for no answer longer than its waits allow; then it is closed."""

    waits: Waits | None = None
    """None as long as it may take any time."""

    def wait(self, gen: Generator[Any, Any, R], *arguments: Any, **options: Any) -> R:
        """As the driver's own; raises `QueryCanceled` where the answer does not come in time."""
        if self.waits is None:
            return super().wait(gen, *arguments, **options)
        return super().wait(_heeded(gen, self._in_time(self.waits)), *arguments, **options)

    def _in_time(self, waits: Waits) -> Callable[[bool], None]:
        asked = time.monotonic()
        end = asked + waits.longest()

        def heed(is_ready: bool) -> None:
            nonlocal asked
            now = time.monotonic()
            if not is_ready:
                waits.nothing_came(now - asked)
                if now >= end:
                    self.close()
                    raise QueryCanceled("the server did not answer in the time that was left")
            asked = now

        return heed


class WatchfulConnection(Connection[Any]):
    """Waits for an answer as long as its server lives: now and then that is seen by whether it answers others."""

    made_with: Mapping[str, Any] | None = None
    """What another connection is made with; None as long as nothing is watched."""

    def wait(self, gen: Generator[Any, Any, R], *arguments: Any, **options: Any) -> R:
        """As the driver's own; raises `OperationalError` where neither it nor anybody is answered."""
        if self.made_with is None:
            return super().wait(gen, *arguments, **options)
        return super().wait(_heeded(gen, self._while_alive(self.made_with)), *arguments, **options)

    def _while_alive(self, made_with: Mapping[str, Any]) -> Callable[[bool], None]:
        heard = time.monotonic()

        def heed(is_ready: bool) -> None:
            nonlocal heard
            if not is_ready and time.monotonic() - heard < ANSWER_SECONDS:
                return
            if not is_ready:
                self._require_life(made_with)
            heard = time.monotonic()

        return heed

    def _require_life(self, made_with: Mapping[str, Any]) -> None:
        """Raises `OperationalError` where the server says nothing at all to one who comes to it now."""
        try:
            Connection.connect(**made_with).close()
        except ConnectionTimeout:
            self.close()
            raise OperationalError("the server does not answer any more") from None
        except Error:
            return  # it answers, though only that it has no room for one more


def _heeded(gen: Generator[Any, Any, R], heed: Callable[[bool], None]) -> Generator[Any, Any, R]:
    """The driver's own waiting; `heed` is told that something came, or ten times a second that nothing did."""
    try:
        waits_for = next(gen)
        while True:
            ready = yield waits_for
            heed(bool(ready))
            waits_for = gen.send(ready)
    except StopIteration as done:
        result: R = done.value
        return result
