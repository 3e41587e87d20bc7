"""How what people enter is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Table

from webexhist.store.engine import place_of, writing
from webexhist.store.errors import driver_errors_explained
from webexhist.store.seals.damage import damage_explained
from webexhist.store.seals.sealing import resealed


@contextmanager
def changing(engine: Engine, *tables: Table) -> Iterator[Connection]:
    """A transaction that changes tables of what people enter, and their checksums with them."""
    with (
        damage_explained(engine),
        driver_errors_explained(place_of(engine)),
        writing(engine) as connection,
        resealed(connection, None, *tables),
    ):
        yield connection
