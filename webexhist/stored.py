"""Gives what earlier polls stored, where a timer polls and others only want to see it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from webexhist.changed_rows import kept_in, warning_of
from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.paces import A_DAY, longest_hold
from webexhist.seat_counts import SEATS_COLLECTOR
from webexhist.snapshot import EXPECTED, NOT_POLLED, STORED, Collection, CollectionStatus
from webexhist.state.clock_file import now_at_webex
from webexhist.state.last_run import OUTLOOK, last_run
from webexhist.store.errors import DROP_THE_FUTURE, later_than
from webexhist.store.opening.history import History, open_history
from webexhist.store.rows.latest import latest
from webexhist.store.rows.organizations import known_organizations
from webexhist.store.seals.tables import damaged_tables_of_each
from webexhist.store.waits import usual_patience
from webexhist.stored_snapshot import StoredSnapshot
from webexhist.webex_ids import uuid_of

TAKE_IT_OUT = "see why nothing polls it: webexhist status; or take it out: webexhist organization retire"


class OutdatedError(WebexhistError):
    """No poll was stored lately."""


@dataclass(frozen=True, slots=True)
class LastStored:
    """The last snapshot of every monitored organization."""

    fresh: tuple[StoredSnapshot, ...]
    """As they were stored lately."""
    outdated: tuple[StoredSnapshot, ...] = ()
    """Of those that nothing polled lately and nobody retired: nothing of them is known now, and so no sum is."""


def stored_snapshots(
    settings: Settings,
    clock: Callable[[], datetime],
    max_age: timedelta,
    patience: Callable[[], float] = usual_patience,
) -> LastStored:
    """The last snapshot of every monitored organization, as known if it is not older than `max_age`.

    Webex is not asked. `patience` gives the seconds that may be waited for others who hold the database.

    Raises:
        OutdatedError: there is none of that age. One from the future is none: nobody can say how old it is.
        DatabaseError: the database is missing or cannot be read.
    """
    monitored = {uuid_of(webex_id) for webex_id in settings.monitored_organizations}
    now = now_at_webex(settings.state_dir, clock())
    with open_history(settings.database, patience) as history:
        snapshots = latest(history)
        own = [each for each in snapshots if not monitored or uuid_of(each.organization.webex_id) in monitored]
        fresh = tuple(each for each in own if abs(now - each.taken_at) <= max_age)
        if not fresh:
            raise outdated(max((each.taken_at for each in own), default=None), now, max_age)
        older = [each for each in own if abs(now - each.taken_at) > max_age]
        return LastStored(fresh, tuple(unknown_now(each) for each in not_retired(history, older, now)))


def not_retired(history: History, snapshots: Sequence[StoredSnapshot], now: datetime) -> Iterable[StoredSnapshot]:
    """Those of organizations that are not retired on the day of `now`."""
    known = {each.webex_id: each for each in known_organizations(history)} if snapshots else {}
    for snapshot in snapshots:
        organization = known[snapshot.organization.webex_id]
        if not organization.is_retired_on(organization.zone.day_of(now)):
            yield snapshot


def unknown_now(snapshot: StoredSnapshot) -> StoredSnapshot:
    """The same without its figures: they are of another time, and why is said instead."""
    reason = f"the last snapshot is of {snapshot.taken_at:%Y-%m-%d %H:%M} UTC: {TAKE_IT_OUT}"
    return snapshot.without_figures(Collection(NOT_POLLED, CollectionStatus.FAILED, None, None, reason))


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


def with_end_of_outlook(settings: Settings, snapshots: Sequence[StoredSnapshot]) -> tuple[StoredSnapshot, ...]:
    """The snapshots with why what is expected of them is missing or unsure, where it is: nobody sees that process."""
    last = last_run(settings.state_dir, OUTLOOK)
    if last is None or not last.problem:
        return tuple(snapshots)
    reason = ": ".join(filter(None, (last.problem, last.next_step)))
    notice = Collection(EXPECTED, CollectionStatus.NOTICE, requests=0, seconds=0.0, error=reason)
    return tuple(replace(each, collections=(*each.collections, notice)) for each in snapshots)


def with_changed_tables(
    settings: Settings, snapshots: Sequence[StoredSnapshot], patience: Callable[[], float] = usual_patience
) -> tuple[StoredSnapshot, ...]:
    """The snapshots with what something else changed of the tables that change rarely, where it did.

    What is expected stands there, what licenses are called and are judged with, and what was before the first poll.
    """
    with open_history(settings.database, patience) as history:
        ids = [snapshot.organization.webex_id for snapshot in snapshots]
        changed = damaged_tables_of_each(history.connection, ids)

    def noticed(snapshot: StoredSnapshot) -> StoredSnapshot:
        reason = warning_of([kept_in(*changed[snapshot.organization.webex_id])])
        notice = Collection(STORED, CollectionStatus.NOTICE, requests=0, seconds=0.0, error=reason)
        return replace(snapshot, collections=(*snapshot.collections, notice))

    return tuple(noticed(each) if each.organization.webex_id in changed else each for each in snapshots)


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
