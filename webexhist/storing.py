"""The half of a poll that knows the database: what earlier polls left, storing what was collected, reading it back.

Importing it takes as long as Webex takes for its first answer: a poll asks first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine

from webexhist.snapshot import ORDER, Collection, CollectionStatus, Snapshot
from webexhist.store.errors import LostConnectionError, NoLaterMomentError
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading
from webexhist.store.rows.last_polls import last_polls
from webexhist.store.rows.latest import AT_ONCE, latest
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.save import save_again, save_all
from webexhist.store.saving.windows import ahead_of_windows, event_windows, part_lengths, unplaced_events
from webexhist.store.server import SHORTEST_CONNECT
from webexhist.stored_snapshot import StoredSnapshot
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.before import LONG_AGO, Before
from webexhist.webex_ids import uuid_of

T = TypeVar("T")
Refused = Mapping[str, NoLaterMomentError]
"""Why snapshots are not stored, by the UUIDs of their organizations."""
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Pauses between attempts to reach a server that is starting again."""
OPENINGS = 3
"""How many of these are made for a server that was not reached by this poll yet: it may be none."""


def open_in_time(location: str, deadline: Deadline) -> Engine:
    """The database, as `open_database` gives it; opened again where its server is just being started anew."""
    return persistently(lambda: open_database(location, deadline.left), deadline, pauses=RETRY_SECONDS[:OPENINGS])


def left_by_earlier_polls(database: Engine, deadline: Deadline) -> Before:
    """What earlier polls left for this one; asked for again where the connection to the server is lost meanwhile."""

    def read() -> Before:
        with reading(database) as history:
            return Before(
                last_polls(history),
                event_windows(history),
                unplaced_events(history),
                part_lengths(history),
                ahead_of_windows(history),
                keep=lambda organization, window, amounts: keep_part(
                    database, organization.webex_id, window, amounts
                ),
            )

    return persistently(read, deadline, database)


def read_back(
    database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline, refused: Refused
) -> tuple[StoredSnapshot, ...]:
    """What was stored, each with what changed, in the order of names; also where the connection is lost meanwhile.

    Of those that are `refused` nothing is known but why.

    Raises:
        OutOfTime: all is stored, but not all could be read back in time.
    """

    def read() -> list[StoredSnapshot]:
        stored: list[StoredSnapshot] = []
        with reading(database) as history:
            for some in portions(snapshots):
                if stored and not deadline.left():
                    raise deadline.out_of_time(
                        f"all is stored, {len(snapshots) - len(stored)} organizations not read back"
                    )
                found = latest(history, [snapshot.organization.webex_id for snapshot in some])
                stored += [with_refusal(each, refused) for each in found]
        return stored

    return tuple(sorted(persistently(read, deadline, database), key=lambda one: one.organization.name))


def with_refusal(last: StoredSnapshot, refused: Refused) -> StoredSnapshot:
    """The last snapshot of an organization; without its figures where it is not this poll's, which was refused."""
    refusal = refused.get(uuid_of(last.organization.webex_id))
    if refusal is None:
        return last
    return last.without_figures(Collection(ORDER, CollectionStatus.FAILED, 0, 0.0, str(refusal)))


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


def store_all(database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline, poller: str | None) -> Refused:
    """Stores the snapshots, many by one transaction; the first of them, however late it is.

    Returns why some cannot be stored, where others can.

    Raises:
        OutOfTime: not all could be stored in time.
        DatabaseError: some could not be stored.
    """
    stored = 0
    refused: dict[str, NoLaterMomentError] = {}
    for some in portions(snapshots):
        if stored and not deadline.left():
            raise deadline.out_of_time(f"{len(snapshots) - stored} of {len(snapshots)} organizations were not stored")
        refused |= store(database, some, deadline, poller)
        stored += len(some)
    if len(refused) == len(snapshots):
        raise next(iter(refused.values()))
    return refused


def store(database: Engine, snapshots: Sequence[Snapshot], deadline: Deadline, poller: str | None) -> Refused:
    """Stores the snapshots but those where a poll that began later was faster: then that one's stands.

    Returns why others are not stored. Where the connection to the server is lost, what was collected is stored as
    soon as it is back.

    Raises:
        DatabaseError: they cannot be stored, or the server did not come back in time.
    """
    try:
        stored = save_all(database, snapshots, poller)
    except LostConnectionError:
        database.dispose()
        stored = persistently(lambda: save_again(database, snapshots, poller), deadline, database)
    return {
        uuid_of(snapshot.organization.webex_id): refusal
        for snapshot, refusal in zip(snapshots, stored, strict=True)
        if isinstance(refusal, NoLaterMomentError)
    }


def persistently(
    work: Callable[[], T], deadline: Deadline, database: Engine | None = None, pauses: Sequence[float] = RETRY_SECONDS
) -> T:
    """What the work returns; it is tried again as long as the connection to the server is lost, and time is left.

    Raises:
        DatabaseError: it failed for another reason, or the server did not come back in time.
    """
    for pause in pauses:
        try:
            return work()
        except LostConnectionError:
            if deadline.left() <= pause + SHORTEST_CONNECT:
                raise
            deadline.time.sleep(pause)
            if database:
                database.dispose()
    return work()
