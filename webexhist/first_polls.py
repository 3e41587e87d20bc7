"""The story before a plugin is installed: polls until its first document can have every name.

The agent registers a monitor by the first document that it sees. A change is known from the second poll on, and what
is said of the future is worked out after a poll.
"""

from collections.abc import Callable
from datetime import datetime

from webexhist.config import Settings
from webexhist.outlooks import ChangedRowsError, renew_outlooks
from webexhist.poll import poll
from webexhist.state.last_run import OUTLOOK, note_run
from webexhist.store.errors import MissingDatabaseError
from webexhist.store.opening.database import opened
from webexhist.store.opening.history import open_history
from webexhist.store.rows.latest import latest

ENOUGH = 2


def poll_for_all_names(settings: Settings, clock: Callable[[], datetime]) -> int:
    """Polls until two snapshots are there, and works out what the document says of the future; returns the polls.

    Raises:
        WebexhistError: a poll failed, as the plugin's own would.
    """
    missing = ENOUGH - polls_so_far(settings)
    if missing <= 0:
        return 0
    for _ in range(missing):
        poll(settings, clock)
    with opened(settings.database) as engine:
        try:
            renew_outlooks(engine)
        except ChangedRowsError as error:  # it is stored; what polls print of it says so
            note_run(settings.state_dir, OUTLOOK, error)
    return missing


def polls_so_far(settings: Settings) -> int:
    """The snapshots of the organization that has most of them."""
    try:
        with open_history(settings.database) as history:
            return max((snapshot.number for snapshot in latest(history)), default=0)
    except MissingDatabaseError:
        return 0
