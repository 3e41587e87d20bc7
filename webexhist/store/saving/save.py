"""Stores snapshots: one row for each poll, and one for every value that differs from the one before."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from webexhist import __version__
from webexhist.snapshot import Snapshot
from webexhist.store.errors import DatabaseError, NoLaterMomentError, OvertakenError
from webexhist.store.saving.collections import store_collections
from webexhist.store.saving.licenses import store_licenses
from webexhist.store.saving.organizations import keep_names, own_organizations
from webexhist.store.saving.origins import origins_of_polls
from webexhist.store.saving.parts import forget_parts, kept_amounts
from webexhist.store.saving.placing import Placed, last_snapshots, placed_after
from webexhist.store.saving.pollers import note_pollers
from webexhist.store.saving.readings import HeldAlready, known_counters, store_readings
from webexhist.store.saving.seats import store_seats
from webexhist.store.saving.storable_texts import with_storable_texts
from webexhist.store.saving.successions import note_successions
from webexhist.store.saving.windows import move_chains
from webexhist.store.seals.checksums import DaySums, of_snapshot
from webexhist.store.seals.closed_periods import close_ended_periods
from webexhist.store.seals.days import extend_days
from webexhist.store.seals.sealing import extend_sealed_days
from webexhist.store.seals.writing import writing_explained
from webexhist.store.times import in_milliseconds, seconds_of, utc_day_of

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_NEW_SNAPSHOT = text("""
INSERT INTO snapshot (organization_id, number, taken_at, milliseconds, requests, origin_id)
VALUES (:organization_id, :number, :taken_at, :milliseconds, :requests, :origin_id)
""")

Stored = int | OvertakenError | NoLaterMomentError
"""The number of a snapshot, or why it is not stored."""


def save(engine: Engine, taken: Snapshot, poller: str | None = None) -> int:
    """Stores a snapshot as a whole or not at all; returns its number.

    Raises `OvertakenError` where a poll that began later is stored already, `NoLaterMomentError` where no moment is
    later than the last one's, and another `DatabaseError` where the database cannot take it.
    """
    (stored,) = save_all(engine, [taken], poller)
    if isinstance(stored, DatabaseError):
        raise stored
    return stored


def save_all(engine: Engine, taken: Sequence[Snapshot], poller: str | None = None) -> list[Stored]:
    """Stores snapshots of different organizations, all or none, by as many statements as one alone takes.

    `poller` stands for whoever polls: two of them are reported. Returns the numbers. Where a poll that began later is
    stored already, or no moment is later than the last, that error stands in place of the number and the snapshot is
    left out. Raises another `DatabaseError` where the database cannot take them.
    """
    storable = [with_storable_texts(each) for each in taken]
    with writing_explained(engine) as connection:
        return _save(connection, storable, poller, may_be_stored=False)


def save_again(engine: Engine, taken: Sequence[Snapshot], poller: str | None = None) -> list[Stored]:
    """The same after the connection was lost while they were saved: they may be stored already."""
    storable = [with_storable_texts(each) for each in taken]
    with writing_explained(engine) as connection:
        return _save(connection, storable, poller, may_be_stored=True)


def _save(
    connection: Connection, taken: Sequence[Snapshot], poller: str | None, *, may_be_stored: bool
) -> list[Stored]:
    organizations = own_organizations(connection, [each.organization for each in taken])
    last = last_snapshots(connection, [own.id for own in organizations])
    numbers: list[Stored] = []
    placed: list[Placed] = []
    for own, each in zip(organizations, taken, strict=True):
        before = last.get(own.id)
        if may_be_stored and before and _is_same(before, each):
            numbers.append(before.number)
            continue
        place = placed_after(connection, own, each, before)
        numbers.append(place.number if isinstance(place, Placed) else place)
        placed += [place] if isinstance(place, Placed) else []
    if placed:
        _store(connection, placed, last, poller)
    return numbers


def _store(
    connection: Connection, placed: Sequence[Placed], last: Mapping[int, Row[Any]], poller: str | None
) -> None:
    ids = [each.organization_id for each in placed]
    keep_names(connection, placed)
    pollers = note_pollers(connection, placed, poller)
    _add_snapshots(connection, placed, origins_of_polls(connection, ids, last))
    chains = move_chains(connection, {each.organization_id: each.taken.windows for each in placed})
    license_ids = store_licenses(connection, placed)
    store_seats(connection, placed, license_ids)
    parts = kept_amounts(connection, ids)
    held = {id_: HeldAlready(chains[id_].counted_already, parts.get(id_, {})) for id_ in ids}
    readings = store_readings(connection, placed, held, license_ids)
    forget_parts(
        connection,
        {each.organization_id: known_counters(each.taken) for each in placed if each.organization_id in parts},
    )
    for each in placed:
        if events := readings[each.organization_id].came_or_went:
            note_successions(connection, each.organization_id, each.number, each.taken_at, events)
    collections = store_collections(
        connection,
        placed,
        {
            each.organization_id: (
                *each.taken.collections,
                *each.reports,
                *chains[each.organization_id].reports,
                *pollers.get(each.organization_id, ()),
            )
            for each in placed
        },
    )
    extend_sealed_days(
        connection,
        [
            (
                each.organization_id,
                utc_day_of(each.taken_at),
                each.number,
                _sums(each) + readings[each.organization_id].sums + collections[each.organization_id],
            )
            for each in placed
        ],
    )
    extend_days(
        connection, [(each.organization_id, each.organization.zone, each.taken_at, each.number) for each in placed]
    )
    close_ended_periods(connection, [each.organization_id for each in placed if each.begins_day])


def _add_snapshots(connection: Connection, placed: Sequence[Placed], origin_ids: Mapping[int, int]) -> None:
    rows = [
        {
            "organization_id": each.organization_id,
            "number": each.number,
            "taken_at": each.taken_at,
            "milliseconds": in_milliseconds(each.taken.seconds),
            "requests": each.taken.requests,
            "origin_id": origin_ids[each.organization_id],
        }
        for each in placed
    ]
    connection.execute(_NEW_SNAPSHOT, rows)


def _sums(placed: Placed) -> DaySums:
    """The checksums of a snapshot's own row."""
    taken = placed.taken
    milliseconds = in_milliseconds(taken.seconds)
    return of_snapshot(placed.number, placed.taken_at, milliseconds, taken.requests, __version__)


def _is_same(stored: Row[Any], taken: Snapshot) -> bool:
    """Whether the last snapshot is this one, stored in spite of what went wrong then."""
    measured = (stored.milliseconds, stored.requests) == (in_milliseconds(taken.seconds), taken.requests)
    return measured and bool(stored.taken_at >= seconds_of(taken.taken_at))
