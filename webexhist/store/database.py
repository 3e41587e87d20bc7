"""Opening the database: a SQLite file, or PostgreSQL for many pollers on one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from webexhist.errors import ConfigError
from webexhist.resources import resource_folder
from webexhist.state.trusted_files import UntrustedFileError, require_unplanted
from webexhist.store.errors import MissingDatabaseError, UnusableDatabaseError, driver_errors_explained
from webexhist.store.schema import REVISION

BUSY_SECONDS = 30
"""How long a statement waits for another process that is writing."""


def open_database(location: str | Path) -> Engine:
    """The database at a path or SQLAlchemy URL, made or brought up to date where it must be.

    Raises a `DatabaseError` where that cannot be, `ConfigError` where the location cannot be understood.
    """
    engine = _engine(location)
    _require_unplanted(engine)
    with driver_errors_explained(place_of(engine)):
        if not _is_current(engine):
            # Alembic takes longer to import than a poll takes to be saved.
            from webexhist.store.migrate import bring_up_to_date

            bring_up_to_date(engine, resource_folder("migrations"))
    return engine


def open_existing(location: str | Path) -> Engine:
    """As `open_database`, but never makes a database: raises `MissingDatabaseError` where there is none."""
    engine = _engine(location)
    file = file_of(engine)
    if file and not file.exists():
        raise MissingDatabaseError(
            f"there is no database {file} yet", "let webexhist poll make the first snapshot, or name another database"
        )
    return open_database(location)


def place_of(engine: Engine) -> str:
    """Where the database lives, for messages: its path, or its URL without the password."""
    return _place(engine.url)


def shown_location(location: str | Path) -> str:
    """A path or URL as it can be shown; raises `ConfigError` where it cannot be understood."""
    return _place(_url(location))


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database; None on a server."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write: committed as a whole at the end, or rolled back as a whole.

    On SQLite it takes the write lock at once: a transaction that reads first and writes later is refused without
    waiting when another process has written in between.
    """
    with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
        yield connection


def stored_revision(connection: Connection) -> str | None:
    """The migration that the database is at; None where it has none of our tables."""
    table = {
        "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'",
        # Not to_regclass, which answers from a memory that may be older than the data.
        "postgresql": "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version'"
        " AND schemaname = ANY(current_schemas(false))",
    }[connection.dialect.name]
    if not connection.scalar(text(table)):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


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


def _engine(location: str | Path) -> Engine:
    url = _url(location)
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        # PostgreSQL compiles the period views for longer than it takes to answer them.
        return create_engine(url, connect_args={"options": "-c jit=off"})
    except ModuleNotFoundError as error:
        raise UnusableDatabaseError(
            f"the driver for {url.drivername} is not installed ({error})", "pip install 'webexhist[postgres]'"
        ) from error


def _place(url: URL) -> str:
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _url(location: str | Path) -> URL:
    if "://" not in str(location):
        return URL.create("sqlite", database=str(Path(location).expanduser().absolute()))
    try:
        url = make_url(str(location))
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"the database URL cannot be understood ({error})", _LOCATIONS) from error
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    raise ConfigError(f"{url.drivername} databases are not supported", _LOCATIONS)


_LOCATIONS = "give a path for SQLite, or postgresql+psycopg://user@host/database"


def _set_up_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin transactions by rules of its own
    connection.execute("PRAGMA foreign_keys = ON")
    # Each poll is a process of its own, so that NORMAL would save nothing and lose what a power cut caught.
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
