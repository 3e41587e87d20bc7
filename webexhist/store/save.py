"""Stores a snapshot: one row for the poll, and one for every value that differs from the one before."""

from sqlalchemy import Connection, Engine, text

from webexhist import __version__
from webexhist.snapshot import Organization, Snapshot
from webexhist.store.checksums import DaySums, of_snapshot
from webexhist.store.collection_log import store_collections
from webexhist.store.engine import place_of, writing
from webexhist.store.errors import ClockError, driver_errors_explained
from webexhist.store.licenses import store_licenses
from webexhist.store.organizations import locked_organization
from webexhist.store.readings import store_readings
from webexhist.store.schema import organization
from webexhist.store.seals import extend_day, resealed
from webexhist.store.storable_texts import with_storable_texts
from webexhist.store.times import to_the_second
from webexhist.store.windows import move_chains

# A poll is a process of its own, and SQLAlchemy takes longer to put a statement together than SQLite to run it:
# what every poll executes is written out.
_NEW_ORGANIZATION = text("INSERT INTO organization (webex_id, name) VALUES (:webex_id, :name) ON CONFLICT DO NOTHING")
_RENAMED_ORGANIZATION = text("UPDATE organization SET name = :name WHERE id = :id")
_LAST_SNAPSHOT = text("""
SELECT number, taken_at FROM snapshot WHERE organization_id = :organization_id ORDER BY number DESC LIMIT 1
""")
_NEW_SNAPSHOT = text("""
INSERT INTO snapshot (organization_id, number, taken_at, seconds, requests, version)
VALUES (:organization_id, :number, :taken_at, :seconds, :requests, :version)
""")


def save(engine: Engine, taken: Snapshot) -> int:
    """Stores a snapshot as a whole or not at all; returns its number.

    Raises `ClockError` where it is not later than the organization's last one, and a `DatabaseError` where the
    database cannot take it.
    """
    taken = with_storable_texts(taken)
    with driver_errors_explained(place_of(engine)), writing(engine) as connection:
        organization_id = _own_organization(connection, taken.organization)
        number, sums = _add_snapshot(connection, organization_id, taken)
        chains = move_chains(connection, organization_id, taken.windows)
        license_ids = store_licenses(connection, organization_id, number, taken.licenses or ())
        sums += store_readings(connection, organization_id, number, taken, chains.uncountable, license_ids)
        sums += store_collections(connection, organization_id, number, (*taken.collections, *chains.reports))
        extend_day(connection, organization_id, to_the_second(taken.taken_at)[:10], number, sums)
    return number


def _own_organization(connection: Connection, seen: Organization) -> int:
    """The id of the organization's row, locked: polls of one organization are saved one after the other."""
    known = locked_organization(connection, seen.webex_id)
    if known is None:
        with resealed(connection, None, organization):
            connection.execute(_NEW_ORGANIZATION, {"webex_id": seen.webex_id, "name": seen.name})
        known = locked_organization(connection, seen.webex_id)
        assert known, "it was made, by this poll or by another"
    if known.name != seen.name:
        with resealed(connection, known.id, organization):
            connection.execute(_RENAMED_ORGANIZATION, {"id": known.id, "name": seen.name})
    return known.id


def _add_snapshot(connection: Connection, organization_id: int, taken: Snapshot) -> tuple[int, DaySums]:
    """The number that the snapshot is given, and the checksums of its row."""
    of_organization = {"organization_id": organization_id}
    last = connection.execute(_LAST_SNAPSHOT, of_organization).one_or_none()
    taken_at = to_the_second(taken.taken_at)
    if last and taken_at <= last.taken_at:
        raise ClockError(
            f"the snapshot of {taken.organization.name} at {taken_at} UTC is not later than the last one stored, of"
            f" {last.taken_at} UTC",
            "set the clock right; polls are stored again as soon as it is past that time",
        )
    number = last.number + 1 if last else 1
    measured = {"seconds": taken.seconds, "requests": taken.requests, "version": __version__}
    connection.execute(_NEW_SNAPSHOT, of_organization | {"number": number, "taken_at": taken_at} | measured)
    return number, of_snapshot(number, taken_at, taken.seconds, taken.requests, __version__)
