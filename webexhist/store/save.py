"""Stores a snapshot: one row for the poll, and one for every value that differs from the one before."""

from sqlalchemy import Connection, Engine, insert, select, text, update

from webexhist import __version__
from webexhist.snapshot import Organization, Snapshot
from webexhist.store.database import place_of, writing
from webexhist.store.errors import ClockError, driver_errors_explained
from webexhist.store.licenses import store_licenses
from webexhist.store.moments import to_the_second
from webexhist.store.outcomes import store_outcomes
from webexhist.store.readings import store_readings
from webexhist.store.schema import day, organization, snapshot
from webexhist.store.windows import move_chains


def save(engine: Engine, taken: Snapshot) -> int:
    """Stores a snapshot as a whole or not at all; returns its number.

    Raises `ClockError` where it is not later than the organization's last one, and a `DatabaseError` where the
    database cannot take it.
    """
    with driver_errors_explained(place_of(engine)), writing(engine) as connection:
        organization_id = _own_organization(connection, taken.organization)
        number = _add_snapshot(connection, organization_id, taken)
        chains = move_chains(connection, organization_id, taken.windows)
        license_ids = store_licenses(connection, organization_id, number, taken.licenses or ())
        store_readings(connection, organization_id, number, taken, chains.uncountable, license_ids)
        store_outcomes(connection, organization_id, number, (*taken.collections, *chains.reports))
    return number


def _own_organization(connection: Connection, seen: Organization) -> int:
    """The organization's row, locked: on a server, polls of one organization are saved one after the other."""
    row = select(organization.c.id, organization.c.name).where(organization.c.webex_id == seen.webex_id)
    known = connection.execute(row.with_for_update()).one_or_none()
    if known is None:
        new = text("INSERT INTO organization (webex_id, name) VALUES (:webex_id, :name) ON CONFLICT DO NOTHING")
        connection.execute(new, {"webex_id": seen.webex_id, "name": seen.name})
        known = connection.execute(row.with_for_update()).one()
    if known.name != seen.name:
        connection.execute(update(organization).where(organization.c.id == known.id).values(name=seen.name))
    return int(known.id)


def _add_snapshot(connection: Connection, organization_id: int, taken: Snapshot) -> int:
    of_organization = snapshot.c.organization_id == organization_id
    last = connection.execute(
        select(snapshot.c.number, snapshot.c.taken_at)
        .where(of_organization)
        .order_by(snapshot.c.number.desc())
        .limit(1)
    ).one_or_none()
    taken_at = to_the_second(taken.taken_at)
    if last and taken_at <= last.taken_at:
        raise ClockError(
            f"the snapshot of {taken.organization.name} at {taken_at} UTC is not later than the last one stored, of"
            f" {last.taken_at} UTC",
            "set the clock right; polls are stored again as soon as it is past that time",
        )
    number = last.number + 1 if last else 1
    connection.execute(
        insert(snapshot).values(
            organization_id=organization_id,
            number=number,
            taken_at=taken_at,
            seconds=taken.seconds,
            requests=taken.requests,
            version=__version__,
        )
    )
    _extend_day(connection, organization_id, taken_at[:10], number)
    return number


def _extend_day(connection: Connection, organization_id: int, date: str, number: int) -> None:
    known = (day.c.organization_id == organization_id) & (day.c.day == date)
    if not connection.execute(update(day).where(known).values(last_number=number)).rowcount:
        connection.execute(
            insert(day).values(organization_id=organization_id, day=date, first_number=number, last_number=number)
        )
