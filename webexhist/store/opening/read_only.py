"""Opens a database for reading alone, also for a user who may write neither the file nor anything beside it."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, event

from webexhist.resources import resource_folder
from webexhist.store.engine import (
    begin_sqlite,
    mistakes_explained,
    place_of,
    stored_revision,
    stored_views_version,
)
from webexhist.store.errors import (
    MissingDatabaseError,
    OutdatedDatabaseError,
    UnusableDatabaseError,
    driver_errors_explained,
)
from webexhist.store.location import url_of
from webexhist.store.opening.database import FIRST_POLL
from webexhist.store.opening.database_file import is_there
from webexhist.store.opening.readable import readable
from webexhist.store.schema import REVISION, VIEWS_VERSION
from webexhist.store.server import READ_ONLY, server_engine
from webexhist.store.waits import usual_patience


@contextmanager
def opened_to_read(location: str | Path, patience: Callable[[], float] = usual_patience) -> Iterator[Engine]:
    """An engine that only reads, of a database that is there and up to date; neither is it made nor changed.

    Raises a `DatabaseError` where there is none or it cannot be read, `ConfigError` where the location cannot be
    understood.
    """
    url = url_of(location)
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        if not is_there(file):
            raise MissingDatabaseError(f"there is no database {file} yet", FIRST_POLL)
        if not os.access(file, os.R_OK, effective_ids=True):
            raise UnusableDatabaseError(
                f"the database {file} may not be read by this user", "let its owner permit it"
            )
        with readable(file, patience) as connected:
            engine = create_engine(url, creator=connected, execution_options={"patience": patience})
            event.listen(engine, "begin", begin_sqlite)
            with _of_this_version(engine):
                yield engine
        return
    with mistakes_explained(url):
        engine = server_engine(url, patience, READ_ONLY)
    with _of_this_version(engine):
        yield engine


@contextmanager
def _of_this_version(engine: Engine) -> Iterator[Engine]:
    place = place_of(engine)
    try:
        with driver_errors_explained(place), engine.connect() as connection:
            revision = stored_revision(connection)
            views_version = stored_views_version(connection) if revision == REVISION else 0
        if revision != REVISION:
            # Alembic takes long to import, and is needed only to say what else it is.
            from webexhist.store.opening.migrate import require_ours

            if require_ours(engine, resource_folder("migrations"), f"the database {place}") is None:
                raise MissingDatabaseError(f"the database {place} is empty", FIRST_POLL)
            raise OutdatedDatabaseError(
                f"the database {place} was made by an earlier version of webexhist (revision {revision})",
                "let webexhist poll bring it up to date, which makes a backup first",
            )
        if views_version < VIEWS_VERSION:
            raise OutdatedDatabaseError(
                f"the views of the database {place} are those of an earlier version of webexhist",
                "bring them up to date: webexhist db upgrade",
            )
        yield engine
    finally:
        engine.dispose()
