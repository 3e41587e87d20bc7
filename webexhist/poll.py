"""The story of a poll: settings → tokens → collect → save → what changed."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from webexhist.config import Settings
from webexhist.snapshot import Snapshot, StoredSnapshot
from webexhist.state.perf_log import performance_log
from webexhist.store import history
from webexhist.store.database import open_database
from webexhist.store.errors import ClockError
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.collect import Before, collect


def poll(settings: Settings, clock: Callable[[], datetime]) -> tuple[StoredSnapshot, ...]:
    """Polls Webex once and stores what it saw: a snapshot an organization, each with what changed since the last.

    Raises:
        WebexhistError: nothing could be collected or stored; of several organizations, those before may be stored.
    """
    deadline = Deadline(settings.budget_seconds)
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
    before = Before(history.latest(database), history.event_windows(database))
    snapshots = collect(settings, tokens, deadline, clock(), before)
    for snapshot in snapshots:
        save(database, snapshot, clock)
    return history.latest(database, [snapshot.organization.webex_id for snapshot in snapshots])


def save(database: Engine, snapshot: Snapshot, clock: Callable[[], datetime]) -> None:
    """Stores the snapshot, unless a poll that began later was faster: then that one's stands.

    Raises:
        ClockError: the last one stored lies in the future.
    """
    try:
        history.save(database, snapshot)
    except ClockError:
        (last,) = history.latest(database, [snapshot.organization.webex_id])
        if last.taken_at > clock():
            raise
