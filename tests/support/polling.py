"""A simulated service and everything it takes to poll it as its user does, over real HTTP, into a real file."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from handed_time import SkippedTime

from webexhist.config import Settings, load_settings
from webexhist.metrics import Metric
from webexhist.poll import poll
from webexhist.simulator import SimulatedWebex, VirtualClock
from webexhist.snapshot import Collection
from webexhist.stored_snapshot import CountChange, StoredSnapshot
from webexhist.webex.api.passing_time import PassingTime

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
"""When simulated services start."""


@dataclass
class Polled:
    """A running service, the clock it shares with its poller, and the poller's folder."""

    server: SimulatedWebex
    clock: VirtualClock
    folder: Path
    template: Path | None = None
    """A database without snapshots that the first poll finds; it makes its own where None."""
    time: PassingTime = field(default_factory=SkippedTime)
    """By which the poller measures and waits; its pauses are not sat out."""
    ahead: timedelta = timedelta()
    """How far the clock of the poller's host is ahead of that clock."""

    def host_clock(self) -> datetime:
        return self.clock() + self.ahead

    def settings(self, **options: str) -> Settings:
        """The settings of a poll of this service; options as on the command line."""
        own = {
            "base_url": self.server.base_url,
            "access_token": self.server.access_token,
            "state_dir": str(self.folder),
            "budget_seconds": "20",
        }
        return load_settings(own | options, None, {})

    def poll(self, *only: str, **options: str) -> StoredSnapshot:
        """Polls once, all collectors or only those named; the snapshot of the token's own organization."""
        return self.polls(*only, **options)[0]

    def polls(self, *only: str, **options: str) -> tuple[StoredSnapshot, ...]:
        """Polls once; every organization's snapshot."""
        file = self.folder / "webexhist.db"
        if self.template and "database" not in options and not file.exists():
            shutil.copy(self.template, file)
        return poll(self.settings(**options), self.host_clock, self.time, frozenset(only))

    def stored(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the database of the polls."""
        with closing(sqlite3.connect(self.folder / "webexhist.db")) as database:
            return database.execute(query).fetchall()

    def later(self, **span: float) -> None:
        """Moves the clock that poller and service share."""
        self.clock.advance(timedelta(**span))


def once_nothing_else_comes(server: SimulatedWebex, path: str) -> Callable[[], int]:
    """How many requests for a path came, as soon as half a second of looks brought no other; 0 until then."""
    seen: list[int] = []

    def hanging() -> int:
        seen.append(len(server.requests))
        return server.requests.by_path()[path] if seen[-50:] == [seen[-1]] * 50 else 0

    return hanging


def count_of(snapshot: StoredSnapshot, metric: Metric) -> CountChange:
    """What a snapshot holds of a metric; a metric it does not hold is an error, not unknown."""
    return next(count for count in snapshot.counts if count.metric is metric)


def value_of(snapshot: StoredSnapshot, metric: Metric) -> int | None:
    return count_of(snapshot, metric).value


def change_of(snapshot: StoredSnapshot, metric: Metric) -> int | None:
    return count_of(snapshot, metric).change


def collection_of(snapshot: StoredSnapshot, collector: str) -> Collection:
    """How a collector fared."""
    return next(each for each in snapshot.collections if each.collector == collector)
