"""Opening the database: a SQLite file, or PostgreSQL for many pollers on one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from webexhist.resources import resource_folder
from webexhist.state.trusted_files import UntrustedFileError, require_unplanted
from webexhist.store.engine import engine_for, file_of, place_of, stored_revision
from webexhist.store.errors import MissingDatabaseError, UnusableDatabaseError, driver_errors_explained
from webexhist.store.schema import REVISION


def open_database(location: str | Path) -> Engine:
    """The database at a path or SQLAlchemy URL, made or brought up to date where it must be.

    Raises a `DatabaseError` where that cannot be, `ConfigError` where the location cannot be understood.
    """
    engine = engine_for(location)
    _require_unplanted(engine)
    with driver_errors_explained(place_of(engine)):
        if not _is_current(engine):
            # Alembic takes longer to import than a poll takes to be saved.
            from webexhist.store.migrate import bring_up_to_date

            bring_up_to_date(engine, resource_folder("migrations"))
    return engine


def open_existing(location: str | Path) -> Engine:
    """As `open_database`, but never makes a database: raises `MissingDatabaseError` where there is none."""
    engine = engine_for(location)
    file = file_of(engine)
    if file and not file.exists():
        raise MissingDatabaseError(
            f"there is no database {file} yet", "let webexhist poll make the first snapshot, or name another database"
        )
    return open_database(location)


@contextmanager
def opened(location: str | Path) -> Iterator[Engine]:
    """As `open_existing`, and closes it at the end."""
    engine = open_existing(location)
    try:
        yield engine
    finally:
        engine.dispose()


def _require_unplanted(engine: Engine) -> None:
    file = file_of(engine)
    if file is None:
        return
    try:
        require_unplanted(file)
    except UntrustedFileError as error:
        raise UnusableDatabaseError(
            f"the database {file} is not opened ({error.strerror})", "take that away, or name another database"
        ) from error
    except OSError:  # it is missing, or cannot be reached: the driver says so
        return


def _is_current(engine: Engine) -> bool:
    file = file_of(engine)
    # An empty file is one that another process is about to fill: reading it now could disturb that.
    if file and not (file.exists() and file.stat().st_size):
        return False
    with engine.connect() as connection:
        return stored_revision(connection) == REVISION
