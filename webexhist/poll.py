"""The story of a poll: settings → tokens → collect → save → what changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Engine

from webexhist.config import Settings
from webexhist.snapshot import LEFT_OUT, Collection, CollectionStatus, Snapshot, StoredSnapshot
from webexhist.state.clock_file import note_correction
from webexhist.state.listings import Listings, remember_listings, remembered_listings
from webexhist.state.perf_log import performance_log
from webexhist.state.poller import own_poller
from webexhist.store.errors import LostConnectionError
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading
from webexhist.store.rows.last_polls import last_polls
from webexhist.store.rows.latest import AT_ONCE, latest
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save_again, save_all
from webexhist.store.saving.windows import event_windows, part_lengths, unplaced_events
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.before import Before
from webexhist.webex.collect import Collected, collect
from webexhist.webex.holding import require_known
from webexhist.webex_ids import uuid_of

SAVING_SHARE = 3
"""How much longer it takes to save snapshots and to read them back than to read the last ones: it was measured."""
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Pauses between attempts to reach a server that is starting again."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def poll(
    settings: Settings,
    clock: Callable[[], datetime],
    time: PassingTime = REAL_TIME,
    only: frozenset[str] = frozenset(),
) -> tuple[StoredSnapshot, ...]:
    """Polls Webex once and stores what it saw: a snapshot an organization, each with what changed since the last.

    `only` names the collectors that are asked; what the others counted last is held. Without it all are asked.

    Raises:
        WebexhistError: nothing could be collected or stored; of several organizations, those before may be stored.
    """
    require_known((*only, *settings.every))
    deadline = Deadline(settings.budget_seconds, time)
    with performance_log(settings):
        database = open_database(settings.database, deadline.left)
        try:
            return poll_into(database, settings, clock, deadline, only)
        finally:
            database.dispose()


def poll_into(
    database: Engine,
    settings: Settings,
    clock: Callable[[], datetime],
    deadline: Deadline,
    only: frozenset[str] = frozenset(),
) -> tuple[StoredSnapshot, ...]:
    """The same with a database that is open already, by a deadline that is running already."""
    tokens = Tokens(settings, clock, deadline.remaining)
    listings = remembered_listings(settings)
    began = deadline.time.now()
    with reading(database) as history:
        before = Before(
            listings.own,
            last_polls(history),
            event_windows(history),
            unplaced_events(history),
            part_lengths(history),
            keep=lambda organization, window, amounts: keep_part(database, organization.webex_id, window, amounts),
        )
    deadline.set_aside(SAVING_SHARE * (deadline.time.now() - began))
    collected = collect(settings, tokens, deadline, clock, before, only)
    deadline.set_aside(0)
    note_correction(settings.state_dir, collected.time.host, collected.time.correction)
    snapshots = with_those_left_out(collected, listings, settings)
    store_all(database, in_turn(snapshots, before), deadline, own_poller(settings.state_dir))
    return read_back(database, snapshots, deadline)


def read_back(database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline) -> tuple[StoredSnapshot, ...]:
    """What was stored, each with what changed, in the order of names.

    Raises:
        OutOfTime: all is stored, but not all could be read back in time.
    """
    stored: list[StoredSnapshot] = []
    with reading(database) as history:
        for some in portions(snapshots):
            if stored and not deadline.left():
                raise deadline.out_of_time(
                    f"all is stored, {len(snapshots) - len(stored)} organizations not read back"
                )
            stored += latest(history, [snapshot.organization.webex_id for snapshot in some])
    return tuple(sorted(stored, key=lambda one: one.organization.name))


def portions(snapshots: Sequence[Snapshot]) -> Iterator[Sequence[Snapshot]]:
    """The snapshots, as many at once as are stored or read by one statement."""
    for first in range(0, len(snapshots), AT_ONCE):
        yield snapshots[first : first + AT_ONCE]


def in_turn(snapshots: tuple[Snapshot, ...], before: Before) -> list[Snapshot]:
    """The snapshots, that of the organization first whose last one is the oldest."""

    def last_at(snapshot: Snapshot) -> datetime:
        last = before.last.get(uuid_of(snapshot.organization.webex_id))
        return last.taken_at if last else LONG_AGO

    return sorted(snapshots, key=last_at)


def store_all(database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline, poller: str | None) -> None:
    """Stores the snapshots, many by one transaction; the first of them, however late it is.

    Raises:
        OutOfTime: not all could be stored in time.
        DatabaseError: some could not be stored.
    """
    stored = 0
    for some in portions(snapshots):
        if stored and not deadline.left():
            raise deadline.out_of_time(f"{len(snapshots) - stored} of {len(snapshots)} organizations were not stored")
        store(database, some, deadline, poller)
        stored += len(some)


def with_those_left_out(collected: Collected, listings: Listings, settings: Settings) -> tuple[Snapshot, ...]:
    """The snapshots, that of the token's own organization with the names of those that are no longer polled."""
    listing = collected.listing
    if listing.visible is None:
        return collected.snapshots
    remember_listings(settings, listings.renewed(listing.visible, collected.time.taken_at))
    names = listings.left_out(listing.visible)
    if not names:
        return collected.snapshots
    text = f"no longer polled, for the token does not list it: {', '.join(names)}"
    notice = Collection(LEFT_OUT, CollectionStatus.NOTICE, 0, 0.0, text)
    return tuple(
        replace(snapshot, collections=(*snapshot.collections, notice))
        if snapshot.organization == listing.own
        else snapshot
        for snapshot in collected.snapshots
    )


def store(database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline, poller: str | None) -> None:
    """Stores the snapshots but those where a poll that began later was faster: then that one's stands.

    Where the connection to the server is lost, what was collected is stored as soon as it is back.

    Raises:
        DatabaseError: they cannot be stored, or the server did not come back in time.
    """
    try:
        save_all(database, snapshots, poller)
    except LostConnectionError:
        store_again(database, snapshots, deadline, poller)


def store_again(database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline, poller: str | None) -> None:
    for pause in RETRY_SECONDS:
        database.dispose()
        try:
            save_again(database, snapshots, poller)
            return
        except LostConnectionError:
            if deadline.left() <= pause:
                raise
            deadline.time.sleep(pause)
    save_again(database, snapshots, poller)
