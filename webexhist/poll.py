"""The story of a poll: settings → tokens → collect → save → what changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from webexhist.config import Settings
from webexhist.snapshot import LEFT_OUT, Collection, CollectionStatus, Snapshot
from webexhist.state.bookmark_file import BookmarkFile
from webexhist.state.clock_file import note_correction
from webexhist.state.exclusions_file import exclusions
from webexhist.state.listings import Listings, remember_listings, remembered_listings
from webexhist.state.perf_log import performance_log
from webexhist.state.poller import own_poller
from webexhist.state.rates_file import known_rates, remember_rates
from webexhist.stored_snapshot import StoredSnapshot
from webexhist.webex.api.busyness import Busyness
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.passing_time import REAL_TIME, PassingTime
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.collect import Asking, Collected
from webexhist.webex.holding import require_asked, require_known

if TYPE_CHECKING:
    from sqlalchemy import Engine

SAVING_SHARE = 3
"""How much longer it takes to save snapshots and to read them back than to read the last ones: it was measured."""


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
    require_known(settings.every)
    require_asked(only, settings)
    deadline = Deadline(settings.budget_seconds, time)
    with performance_log(settings):
        return poll_into(None, settings, clock, deadline, only)


def poll_into(
    database: Engine | None,
    settings: Settings,
    clock: Callable[[], datetime],
    deadline: Deadline,
    only: frozenset[str] = frozenset(),
) -> tuple[StoredSnapshot, ...]:
    """The same by a deadline that is running already, with an open database or that of the settings.

    What knows the database is imported, and what earlier polls left is read, while Webex makes its first answer.
    """
    tokens = Tokens(settings, clock, deadline.remaining)
    owner = tokens.owner()
    listings = remembered_listings(settings, owner)
    with ExitStack() as opened:
        asking = Asking(settings, tokens, deadline, clock, listings.before)
        rates = known_rates(settings)
        asking.transport.flow.begin_at(rates, clock().timestamp())
        opened.callback(lambda: remember_rates(settings, rates, asking.transport.flow.rates()))
        with asking:
            busyness = Busyness()
            from webexhist import storing

            asking.others_take(busyness.times_as_long())
            if database is None:
                database = storing.open_in_time(settings.database, deadline)
                opened.callback(database.dispose)
            began = deadline.time.now()
            before = storing.left_by_earlier_polls(database, deadline)
            deadline.set_aside(SAVING_SHARE * (deadline.time.now() - began))
            before = replace(
                before,
                bookmarks=lambda uuid, source: BookmarkFile(settings, owner, uuid, source),
                exclusions=lambda: exclusions(settings),
            )
            collected = asking.collect(before, only)
        deadline.set_aside(0)
        note_correction(settings.state_dir, collected.time.host, collected.time.correction)
        snapshots = with_those_left_out(collected, listings, settings)
        refused = storing.store_all(
            database, storing.in_turn(snapshots, before), deadline, own_poller(settings.state_dir)
        )
        return storing.read_back(database, snapshots, deadline, refused)


def with_those_left_out(collected: Collected, listings: Listings, settings: Settings) -> tuple[Snapshot, ...]:
    """The snapshots, that of the first organization told about with the names of those that are no longer polled."""
    listing = collected.listing
    now = remembered_listings(settings, listings.owner)  # somebody else may have polled with it meanwhile
    listed = now if listing.visible is None else now.renewed(listing.visible, collected.time.taken_at)
    remember_listings(settings, listed.with_own(collected.own.uuid))
    if listing.visible is None:
        return collected.snapshots
    names = listings.left_out(listing.visible, collected.time.taken_at)
    if not names:
        return collected.snapshots
    text = f"no longer polled, for the token does not list it: {', '.join(names)}"
    notice = Collection(LEFT_OUT, CollectionStatus.NOTICE, 0, 0.0, text)
    return tuple(
        replace(snapshot, collections=(*snapshot.collections, notice))
        if snapshot.organization == collected.told_with
        else snapshot
        for snapshot in collected.snapshots
    )
