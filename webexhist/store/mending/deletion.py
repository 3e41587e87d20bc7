"""Deletes an organization with all that belongs to it; the rows of others and their checksums stay as they are."""

# ruff: noqa: S608  (the names of tables stand in the schema)

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, text

from webexhist.remarks import remarking
from webexhist.store import schema
from webexhist.store.engine import place_of
from webexhist.store.errors import driver_errors_explained
from webexhist.store.locked_organizations import locked_organizations
from webexhist.store.mending.backup import back_up_before
from webexhist.store.seals.sealing import resealed
from webexhist.store.seals.writing import writing_explained


def rows_of_organization(engine: Engine, organization_id: int) -> int:
    """How many rows belong to an organization, of all tables."""
    with driver_errors_explained(place_of(engine)), engine.connect() as connection:
        counts = (
            connection.scalar(text(f"SELECT count(*) FROM {table.name} WHERE {key} = :id"), {"id": organization_id})
            for table, key in _tables()
        )
        return sum(count or 0 for count in counts)


def delete_organization(engine: Engine, organization_id: int, backup: Path | None) -> int:
    """Deletes an organization once a backup is made, all of it or nothing; returns how many rows that were.

    The checksums of its rows go with them, so that nothing is damaged that is not there.
    """
    with remarking() as remark, writing_explained(engine) as connection:
        locked_organizations(connection, organization_id)
        back_up_before(engine, backup, remark)
        return sum(_deleted(connection, table, key, organization_id) for table, key in _tables())


def delete_seats(engine: Engine, organization_id: int | None) -> int:
    """Deletes all that was ever counted of how seats are used, of one organization or of all.

    Returns how many sweeps that were. No backup is made: what must not be kept would stay in it.
    """
    own = "" if organization_id is None else " WHERE organization_id = :id"
    whose = {} if organization_id is None else {"id": organization_id}
    with writing_explained(engine) as connection:
        locked_organizations(connection, organization_id)
        for table in (schema.seat_count, schema.account_people):
            connection.execute(text(f"DELETE FROM {table.name}{own}"), whose)
        with resealed(connection, organization_id, schema.seat_sweep):
            return connection.execute(text(f"DELETE FROM seat_sweep{own}"), whose).rowcount


def _tables() -> Iterator[tuple[Table, str]]:
    """Every table that holds rows of organizations, and the column that says whose; what refers to others first."""
    for table in reversed(schema.metadata.sorted_tables):
        if "organization_id" in table.c:
            yield table, "organization_id"
    yield schema.organization, "id"


def _deleted(connection: Connection, table: Table, key: str, organization_id: int) -> int:
    return connection.execute(text(f"DELETE FROM {table.name} WHERE {key} = :id"), {"id": organization_id}).rowcount
