"""The story of a poll: settings → tokens → collect → save → what changed."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from webexhist.config import Settings
from webexhist.snapshot import Snapshot, StoredSnapshot
from webexhist.state.perf_log import performance_log
from webexhist.store.database import open_database
from webexhist.store.errors import ClockError
from webexhist.store.history import reading
from webexhist.store.latest import latest
from webexhist.store.save import save
from webexhist.store.windows import event_windows
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.collect import Before, collect


def poll(
    settings: Settings, clock: Callable[[], datetime], time: PassingTime = REAL_TIME
) -> tuple[StoredSnapshot, ...]:
    """Polls Webex once and stores what it saw: a snapshot an organization, each with what changed since the last.

    Raises:
        WebexhistError: nothing could be collected or stored; of several organizations, those before may be stored.
    """
    deadline = Deadline(settings.budget_seconds, time)
    with performance_log(settings):
        database = open_database(settings.database)
        try:
            return poll_into(database, settings, clock, deadline)
        finally:
            database.dispose()


def poll_into(
    database: Engine, settings: Settings, clock: Callable[[], datetime], deadline: Deadline
) -> tuple[StoredSnapshot, ...]:
    """The same with a database that is open already, by a deadline that is running already."""
    tokens = Tokens(settings, clock, deadline.remaining)
    with reading(database) as history:
        before = Before(latest(history), event_windows(history))
    snapshots = collect(settings, tokens, deadline, clock(), before)
    for snapshot in snapshots:
        store(database, snapshot, clock)
    with reading(database) as history:
        return latest(history, [snapshot.organization.webex_id for snapshot in snapshots])


def store(database: Engine, snapshot: Snapshot, clock: Callable[[], datetime]) -> None:
    """Stores the snapshot, unless a poll that began later was faster: then that one's stands.

    Raises:
        ClockError: the last one stored lies in the future.
    """
    try:
        save(database, snapshot)
    except ClockError:
        with reading(database) as history:
            (last,) = latest(history, [snapshot.organization.webex_id])
        if last.taken_at > clock():
            raise
