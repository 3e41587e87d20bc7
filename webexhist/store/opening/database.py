"""Opening the database: a SQLite file, or PostgreSQL for many pollers on one database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

from webexhist.resources import resource_folder
from webexhist.store.engine import (
    engine_for,
    file_of,
    place_of,
    stored_revision,
    stored_views_version,
)
from webexhist.store.errors import (
    BusyDatabaseError,
    ForeignDatabaseError,
    MissingDatabaseError,
    UnusableDatabaseError,
    driver_errors_explained,
)
from webexhist.store.opening.database_file import connected_to_own, is_there, require_own
from webexhist.store.schema import REVISION, VIEWS_VERSION
from webexhist.store.waits import usual_patience

if TYPE_CHECKING:
    from webexhist.store.opening.migrate import Upgrade

FIRST_POLL = "let webexhist poll make the first snapshot, or name another database"


def open_database(location: str | Path, patience: Callable[[], float] = usual_patience) -> Engine:
    """The database at a path or SQLAlchemy URL, made or brought up to date where it must be.

    Where the tables are those of this version, who writes needs no view, and goes on with older ones if somebody
    keeps them from being changed, or they are another role's. `patience` gives the seconds that may be waited for
    others. Raises a `DatabaseError` where that cannot be, `ConfigError` where the location cannot be understood.
    """
    engine = _trusted(location, patience)
    with driver_errors_explained(place_of(engine)):
        revision, views_version = _stored_versions(engine)
        if revision != REVISION:
            _bring_up_to_date(engine)
        elif views_version < VIEWS_VERSION:
            with suppress(BusyDatabaseError, ForeignDatabaseError, UnusableDatabaseError):
                _bring_up_to_date(engine)
    return engine


def open_existing(location: str | Path) -> Engine:
    """As `open_database`, but never makes a database: raises `MissingDatabaseError` where there is none."""
    _require_made(location)
    return open_database(location)


def upgrade(location: str | Path, parts: int | None = None) -> "Upgrade":
    """Brings the tables and views of an existing database up to date; returns what was done.

    `parts`: over how many partitions a new one on PostgreSQL is spread; raises `UsageError` where it cannot be.

    Raises a `DatabaseError` where anything cannot be brought up to date, and then has changed nothing.
    """
    _require_made(location)
    engine = _trusted(location, usual_patience)
    try:
        with driver_errors_explained(place_of(engine)):
            return _bring_up_to_date(engine, parts)
    finally:
        engine.dispose()


@contextmanager
def opened(location: str | Path) -> Iterator[Engine]:
    """As `open_existing`, and closes it at the end."""
    engine = open_existing(location)
    try:
        yield engine
    finally:
        engine.dispose()


def _require_made(location: str | Path) -> None:
    file = file_of(engine_for(location))
    if file and not is_there(file):
        raise MissingDatabaseError(f"there is no database {file} yet", FIRST_POLL)
    if file and not file.stat().st_size:
        raise MissingDatabaseError(f"the database {file} is empty", FIRST_POLL)


def _trusted(location: str | Path, patience: Callable[[], float]) -> Engine:
    engine = engine_for(location, patience)
    file = file_of(engine)
    if file:
        is_there(file)
        require_own(file)
        event.listen(engine, "do_connect", connected_to_own)
    return engine


def _bring_up_to_date(engine: Engine, parts: int | None = None) -> "Upgrade":
    # Alembic takes longer to import than a poll takes to be saved.
    from webexhist.store.opening.migrate import bring_up_to_date

    return bring_up_to_date(engine, resource_folder("migrations"), parts=parts)


def _stored_versions(engine: Engine) -> tuple[str | None, int]:
    """The revision of the tables, and the version of the views where the tables are ours."""
    file = file_of(engine)
    # An empty file is one that another process is about to fill: reading it now could disturb that.
    if file and not (file.exists() and file.stat().st_size):
        return None, 0
    with engine.connect() as connection:
        revision = stored_revision(connection)
        return revision, stored_views_version(connection) if revision == REVISION else 0
