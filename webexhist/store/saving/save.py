"""Stores a snapshot: one row for the poll, and one for every value that differs from the one before."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, text

from webexhist import __version__
from webexhist.snapshot import ORDER, Collection, CollectionStatus, Organization, Snapshot
from webexhist.store.engine import place_of, writing
from webexhist.store.errors import OvertakenError, driver_errors_explained
from webexhist.store.locked_organizations import StoredOrganization, locked_organization
from webexhist.store.saving.collections import store_collections
from webexhist.store.saving.licenses import store_licenses
from webexhist.store.saving.parts import give_up_parts, kept_amounts
from webexhist.store.saving.readings import HeldAlready, known_counters, store_readings
from webexhist.store.saving.storable_texts import with_storable_texts
from webexhist.store.saving.successions import note_successions
from webexhist.store.saving.windows import move_chains
from webexhist.store.schema import organization, organization_version
from webexhist.store.seals.checksums import DaySums, of_snapshot
from webexhist.store.seals.damage import damage_explained
from webexhist.store.seals.days import extend_days
from webexhist.store.seals.sealing import extend_day, resealed
from webexhist.store.times import read_moment, second_after, to_the_second
from webexhist.webex_ids import uuid_of

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_NEW_ORGANIZATION = text("""
INSERT INTO organization (uuid, webex_id, name) VALUES (:uuid, :webex_id, :name) ON CONFLICT DO NOTHING
""")
_RENAMED_ORGANIZATION = text("UPDATE organization SET name = :name WHERE id = :id")
_NEW_NAME = text("INSERT INTO organization_version (organization_id, number, name) VALUES (:id, :number, :name)")
_LAST_SNAPSHOT = text("""
SELECT number, taken_at, seconds, requests FROM snapshot WHERE organization_id = :organization_id
ORDER BY number DESC LIMIT 1
""")
_LAST_UNTIL = text("""
SELECT max(taken_at) FROM snapshot WHERE organization_id = :organization_id AND taken_at <= :taken_at
""")
_NEW_SNAPSHOT = text("""
INSERT INTO snapshot (organization_id, number, taken_at, seconds, requests, version)
VALUES (:organization_id, :number, :taken_at, :seconds, :requests, :version)
""")

AT_ONCE = timedelta(minutes=1)
"""Polls that begin so soon after each other are stored both: two timers, or two servers with clocks of their own."""


def save(engine: Engine, taken: Snapshot) -> int:
    """Stores a snapshot as a whole or not at all; returns its number.

    Raises `OvertakenError` where a poll that began later is stored already, and another `DatabaseError` where the
    database cannot take it.
    """
    taken = with_storable_texts(taken)
    with damage_explained(engine), driver_errors_explained(place_of(engine)), writing(engine) as connection:
        return _save(connection, taken)


def save_again(engine: Engine, taken: Snapshot) -> int:
    """The same after the connection was lost while it was saved: it may be stored already."""
    taken = with_storable_texts(taken)
    with damage_explained(engine), driver_errors_explained(place_of(engine)), writing(engine) as connection:
        known = locked_organization(connection, taken.organization.webex_id)
        stored = known and connection.execute(_LAST_SNAPSHOT, {"organization_id": known.id}).one_or_none()
        same = (taken.seconds, taken.requests, to_the_second(taken.taken_at))
        if stored and (stored.seconds, stored.requests) == same[:2] and stored.taken_at >= same[2]:
            return int(stored.number)
        return _save(connection, taken)


def _save(connection: Connection, taken: Snapshot) -> int:
    own = _own_organization(connection, taken.organization)
    organization_id = own.id
    placed = _place_after_last(connection, organization_id, taken)
    _keep_name(connection, own, placed.number, taken.organization.name)
    sums = _add_snapshot(connection, organization_id, placed, taken)
    chains = move_chains(connection, organization_id, taken.windows)
    license_ids = store_licenses(connection, organization_id, placed.number, taken.licenses or ())
    held = HeldAlready(chains.counted_already, kept_amounts(connection, organization_id))
    sums += store_readings(connection, organization_id, placed.number, taken, held, license_ids)
    give_up_parts(connection, organization_id, known_counters(taken) if held.parts else ())
    if taken.licenses is not None:
        note_successions(connection, organization_id, placed.number, placed.taken_at)
    runs = (*taken.collections, *placed.reports, *chains.reports)
    sums += store_collections(connection, organization_id, placed.number, runs)
    extend_day(connection, organization_id, placed.taken_at[:10], placed.number, sums)
    extend_days(connection, organization_id, own.zone, placed.taken_at, placed.number)
    return placed.number


def _own_organization(connection: Connection, seen: Organization) -> StoredOrganization:
    """The organization's row, locked: polls of one organization are saved one after the other."""
    known = locked_organization(connection, seen.webex_id)
    if known is None:
        with resealed(connection, None, organization):
            new = {"uuid": uuid_of(seen.webex_id), "webex_id": seen.webex_id, "name": seen.name}
            connection.execute(_NEW_ORGANIZATION, new)
        known = locked_organization(connection, seen.webex_id)
        assert known, "it was made, by this poll or by another"
    return known


def _keep_name(connection: Connection, known: StoredOrganization, number: int, name: str) -> None:
    """Keeps what the organization is called from a snapshot on, where that is something else than before."""
    if number > 1 and known.name == name:
        return
    named = {"id": known.id, "number": number, "name": name}
    with resealed(connection, known.id, organization, organization_version):
        connection.execute(_RENAMED_ORGANIZATION, named)
        connection.execute(_NEW_NAME, named)


@dataclass(frozen=True, slots=True)
class _Place:
    """A snapshot's place in the history of its organization."""

    number: int
    taken_at: str
    """Later than the last one's, whatever the clocks showed."""
    reports: tuple[Collection, ...] = ()
    """That this is not the snapshot's own time, where a person has to mend it."""


def _place_after_last(connection: Connection, organization_id: int, taken: Snapshot) -> _Place:
    """A snapshot that would not be later than the last one follows it after a second."""
    last = connection.execute(_LAST_SNAPSHOT, {"organization_id": organization_id}).one_or_none()
    taken_at = to_the_second(taken.taken_at)
    if last is None or taken_at > last.taken_at:
        return _Place(last.number + 1 if last else 1, taken_at)
    ahead = read_moment(last.taken_at) - read_moment(taken_at)
    if ahead < AT_ONCE:
        return _Place(last.number + 1, second_after(last.taken_at))
    if read_moment(last.taken_at) <= taken.ended_at + AT_ONCE:
        raise OvertakenError(f"a poll that began later than {taken_at} UTC is stored already, of {last.taken_at} UTC")
    by_now = {"organization_id": organization_id, "taken_at": to_the_second(taken.ended_at)}
    last_right = connection.scalar(_LAST_UNTIL, by_now) or to_the_second(taken.taken_at)
    reason = (
        f"a snapshot of {last.taken_at[:10]} is stored, in the future, and this one right after it;"
        f" drop them: webexhist db trim --after '{last_right}'"
    )
    report = Collection(ORDER, CollectionStatus.NOTICE, requests=0, seconds=0.0, error=reason)
    return _Place(last.number + 1, second_after(last.taken_at), (report,))


def _add_snapshot(connection: Connection, organization_id: int, placed: _Place, taken: Snapshot) -> DaySums:
    """Adds the snapshot's row; returns its checksums."""
    key = {"organization_id": organization_id, "number": placed.number, "taken_at": placed.taken_at}
    measured = {"seconds": taken.seconds, "requests": taken.requests, "version": __version__}
    connection.execute(_NEW_SNAPSHOT, key | measured)
    return of_snapshot(placed.number, placed.taken_at, taken.seconds, taken.requests, __version__)
