"""Reading the database: the one context in which every read happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from webexhist.store.engine import place_of
from webexhist.store.errors import driver_errors_explained
from webexhist.store.opening.read_only import opened_to_read
from webexhist.store.query import Query
from webexhist.store.seals.explained import damage_explained
from webexhist.store.waits import usual_patience

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class History:
    """A database that is open for reading: what the functions of this room read from."""

    connection: Connection

    def read(self, query: Query[T]) -> tuple[T, ...]:
        """Executes a query; returns its rows."""
        return query.rows(self.connection)


@contextmanager
def open_history(location: str | Path, patience: Callable[[], float] = usual_patience) -> Iterator[History]:
    """Opens the database at a path or URL for reading alone, and closes it at the end.

    Raises `MissingDatabaseError` where there is none, `OutdatedDatabaseError` where it has to be brought up to date
    first. Whatever goes wrong with it within the block, at any read, is a `DatabaseError` that names the place.
    """
    with opened_to_read(location, patience) as engine, reading(engine) as history:
        yield history


@contextmanager
def reading(engine: Engine) -> Iterator[History]:
    """The same on a database that is open already, because its user writes too."""
    with damage_explained(engine), driver_errors_explained(place_of(engine)), engine.connect() as connection:
        yield History(connection)
