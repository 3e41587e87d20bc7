"""Transactions that explain whatever keeps them from being written."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table

from webexhist.store.engine import place_of, writing
from webexhist.store.errors import driver_errors_explained
from webexhist.store.schema import license_
from webexhist.store.seals.closed_periods import close_forgotten_days
from webexhist.store.seals.explained import damage_explained
from webexhist.store.seals.sealing import resealed


@contextmanager
def writing_explained(engine: Engine) -> Iterator[Connection]:
    """As `writing`; raises a `DatabaseError` that says what is wrong with the database or its rows."""
    with damage_explained(engine), driver_errors_explained(place_of(engine)), writing(engine) as connection:
        yield connection


@contextmanager
def changing(engine: Engine, *tables: Table) -> Iterator[Connection]:
    """A transaction that changes tables that change rarely, and their checksums with them."""
    with writing_explained(engine) as connection:
        with resealed(connection, None, *tables):
            yield connection
        if license_ in tables:  # others may belong to a product than before
            close_forgotten_days(connection)
