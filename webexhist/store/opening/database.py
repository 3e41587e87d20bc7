"""Opening the database: a SQLite file, or PostgreSQL for many pollers on one database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from webexhist.resources import resource_folder
from webexhist.store.engine import engine_for, file_of, place_of, stored_revision, usual_patience
from webexhist.store.errors import MissingDatabaseError, driver_errors_explained
from webexhist.store.opening.database_file import is_there, require_own
from webexhist.store.schema import REVISION

FIRST_POLL = "let webexhist poll make the first snapshot, or name another database"


def open_database(location: str | Path, patience: Callable[[], float] = usual_patience) -> Engine:
    """The database at a path or SQLAlchemy URL, made or brought up to date where it must be.

    `patience` gives the seconds that may be waited for others. Raises a `DatabaseError` where that cannot be,
    `ConfigError` where the location cannot be understood.
    """
    engine = engine_for(location, patience)
    file = file_of(engine)
    if file:
        is_there(file)
        require_own(file)
    with driver_errors_explained(place_of(engine)):
        if not _is_current(engine):
            # Alembic takes longer to import than a poll takes to be saved.
            from webexhist.store.opening.migrate import bring_up_to_date

            bring_up_to_date(engine, resource_folder("migrations"))
    return engine


def open_existing(location: str | Path) -> Engine:
    """As `open_database`, but never makes a database: raises `MissingDatabaseError` where there is none."""
    engine = engine_for(location)
    file = file_of(engine)
    if file and not is_there(file):
        raise MissingDatabaseError(f"there is no database {file} yet", FIRST_POLL)
    if file and not file.stat().st_size:
        raise MissingDatabaseError(f"the database {file} is empty", FIRST_POLL)
    return open_database(location)


@contextmanager
def opened(location: str | Path) -> Iterator[Engine]:
    """As `open_existing`, and closes it at the end."""
    engine = open_existing(location)
    try:
        yield engine
    finally:
        engine.dispose()


def _is_current(engine: Engine) -> bool:
    file = file_of(engine)
    # An empty file is one that another process is about to fill: reading it now could disturb that.
    if file and not (file.exists() and file.stat().st_size):
        return False
    with engine.connect() as connection:
        return stored_revision(connection) == REVISION
