"""The story of a poll: settings → tokens → collect → save → what changed."""

from collections.abc import Callable
from datetime import datetime

from webexhist.config import Settings
from webexhist.snapshot import StoredSnapshot
from webexhist.store import history
from webexhist.store.database import open_database
from webexhist.webex.collect import Before, collect
from webexhist.webex.deadline import Deadline
from webexhist.webex.tokens import Tokens


def poll(settings: Settings, clock: Callable[[], datetime]) -> tuple[StoredSnapshot, ...]:
    """Polls Webex once and stores what it saw: a snapshot an organization, each with what changed since the last.

    Raises:
        WebexhistError: nothing could be collected or stored; then nothing was stored.
    """
    deadline = Deadline(settings.budget_seconds)
    database = open_database(settings.database)
    try:
        tokens = Tokens(settings, clock, deadline.remaining)
        before = Before(history.latest(database), history.event_windows(database))
        snapshots = collect(settings, tokens, deadline, clock(), before)
        for snapshot in snapshots:
            history.save(database, snapshot)
        return history.latest(database, [snapshot.organization.webex_id for snapshot in snapshots])
    finally:
        database.dispose()
