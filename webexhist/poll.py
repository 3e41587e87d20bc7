"""The story of a poll: settings → tokens → collect → save → what changed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from webexhist.config import Settings
from webexhist.snapshot import LEFT_OUT, Collection, CollectionStatus, Snapshot, StoredSnapshot
from webexhist.state.clock_file import note_correction
from webexhist.state.listings import Listings, remember_listings, remembered_listings
from webexhist.state.perf_log import performance_log
from webexhist.store.database import open_database
from webexhist.store.errors import OvertakenError
from webexhist.store.history import reading
from webexhist.store.latest import latest
from webexhist.store.save import save
from webexhist.store.windows import event_windows, unplaced_events
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.collect import Before, Collected, collect


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
    listings = remembered_listings(settings)
    with reading(database) as history:
        before = Before(listings.own, latest(history), event_windows(history), unplaced_events(history))
    collected = collect(settings, tokens, deadline, clock, before)
    note_correction(settings.state_dir, collected.time.host, collected.time.correction)
    snapshots = with_those_left_out(collected, listings, settings)
    for snapshot in snapshots:
        store(database, snapshot)
    with reading(database) as history:
        return latest(history, [snapshot.organization.webex_id for snapshot in snapshots])


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


def store(database: Engine, snapshot: Snapshot) -> None:
    """Stores the snapshot, unless a poll that began later was faster: then that one's stands."""
    try:
        save(database, snapshot)
    except OvertakenError:
        return
