"""Gives what earlier polls stored, where a timer polls and others only want to see it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.paces import A_DAY, longest_hold
from webexhist.seat_counts import SEATS_COLLECTOR
from webexhist.state.clock_file import known_correction
from webexhist.store.errors import DROP_THE_FUTURE, later_than
from webexhist.store.opening.history import open_history
from webexhist.store.rows.latest import latest
from webexhist.store.waits import usual_patience
from webexhist.stored_snapshot import StoredSnapshot
from webexhist.webex_ids import uuid_of


class OutdatedError(WebexhistError):
    """No poll was stored lately."""


def stored_snapshots(
    settings: Settings,
    clock: Callable[[], datetime],
    max_age: timedelta,
    patience: Callable[[], float] = usual_patience,
) -> tuple[StoredSnapshot, ...]:
    """The last snapshot of every monitored organization that was polled within `max_age`; Webex is not asked.

    `patience` gives the seconds that may be waited for others who hold the database.

    Raises:
        OutdatedError: there is none. One from the future is none: nobody can say how old it is.
        DatabaseError: the database is missing or cannot be read.
    """
    with open_history(settings.database, patience) as history:
        snapshots = latest(history)
    monitored = {uuid_of(webex_id) for webex_id in settings.monitored_organizations}
    own = [
        snapshot for snapshot in snapshots if not monitored or uuid_of(snapshot.organization.webex_id) in monitored
    ]
    now = clock()
    now += known_correction(settings.state_dir, now)
    fresh = tuple(snapshot for snapshot in own if abs(now - snapshot.taken_at) <= max_age)
    if not fresh:
        raise outdated(max((snapshot.taken_at for snapshot in own), default=None), now, max_age)
    return fresh


def read_again(
    settings: Settings, snapshots: Sequence[StoredSnapshot], patience: Callable[[], float] = usual_patience
) -> tuple[StoredSnapshot, ...]:
    """The last snapshot of the same organizations, with what was worked out of them in the meantime.

    One that is not found again, since somebody deleted it meanwhile or its id is damaged, stays as it was.
    """
    with open_history(settings.database, patience) as history:
        found = latest(history, [snapshot.organization.webex_id for snapshot in snapshots])
    again = {snapshot.organization.webex_id: snapshot for snapshot in found}
    return tuple(again.get(snapshot.organization.webex_id, snapshot) for snapshot in snapshots)


def with_standing_seats(settings: Settings, snapshots: Sequence[StoredSnapshot]) -> tuple[StoredSnapshot, ...]:
    """The snapshots with how seats were used where that is still known: as long as a value that is held stands.

    Where `seats` was set to off nothing stands of what was counted before that.
    """
    longest = longest_hold(settings.every.get(SEATS_COLLECTOR, A_DAY))

    def stands(snapshot: StoredSnapshot) -> bool:
        last = snapshot.seats
        return settings.seats and last is not None and abs(snapshot.taken_at - last.taken_at) <= longest

    return tuple(each if stands(each) else replace(each, seats=None) for each in snapshots)


def outdated(last: datetime | None, now: datetime, max_age: timedelta) -> OutdatedError:
    """The error of a last snapshot that is older than `max_age`."""
    if last is None:
        return OutdatedError("there is no snapshot yet", "see why nothing polls: webexhist status")
    if last > now:
        return OutdatedError(later_than(now, last), DROP_THE_FUTURE)
    return OutdatedError(
        f"the last snapshot is of {last:%Y-%m-%d %H:%M} UTC, more than {max_age.total_seconds():.0f} s ago",
        "see why nothing polls: webexhist status",
    )
