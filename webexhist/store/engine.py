"""How a database is reached: its engine, its place, and transactions that write."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from webexhist.errors import ConfigError
from webexhist.store.errors import UnusableDatabaseError
from webexhist.store.location import LOCATIONS, shown, url_of

BUSY_SECONDS = 30
"""How long a statement waits for another process that is writing."""
POSTGRES_OPTIONS = "-c jit=off -c cursor_tuple_fraction=1 -c timezone=UTC -c datestyle=ISO"
"""PostgreSQL compiles the period views for longer than it takes to answer them, and plans what a cursor asks of views
of licenses six times as long where it expects a tenth of the rows to be read; its times are those of UTC here."""
UNICODE = "UTF8"
"""As PostgreSQL calls the encoding in which everything is written here."""
SHORTEST_CONNECT = 2.0
"""Seconds; the driver for PostgreSQL waits no shorter for a server."""


def usual_patience() -> float:
    """Seconds that a command waits for another process."""
    return BUSY_SECONDS


def engine_for(location: str | Path, patience: Callable[[], float] = usual_patience) -> Engine:
    """An engine for the database at a path or SQLAlchemy URL, which it does not open.

    `patience` gives the seconds that each transaction may wait for others from when it begins.

    Raises `ConfigError` where the location cannot be understood, `UnusableDatabaseError` where its driver is missing.
    """
    url = url_of(location)
    with mistakes_explained(url):
        if url.get_backend_name() == "sqlite":
            options = {"patience": patience}
            engine = create_engine(url, connect_args={"timeout": patience()}, execution_options=options)
            event.listen(engine, "do_connect", _note_file)
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", begin_sqlite)
            return engine
        connect: dict[str, object] = {"options": postgres_options(url), "client_encoding": UNICODE}
        if patience is not usual_patience:
            connect["connect_timeout"] = int(max(patience(), SHORTEST_CONNECT))
        options = {"patience": patience}
        # A connection that the server has closed meanwhile, as when it was restarted, is not used again.
        engine = create_engine(url, pool_pre_ping=True, connect_args=connect, execution_options=options)
        event.listen(engine, "connect", set_up_postgres)
        if patience is not usual_patience:
            event.listen(engine, "begin", _begin_postgres)
        return engine


def postgres_options(url: URL) -> str:
    """What a server is told at the beginning: what the URL has for it, else the environment, between our own.

    Who waits for a lock of another's waits as long as with SQLite, unless told otherwise there.
    """
    named = url.query.get("options", os.environ.get("PGOPTIONS", ""))
    theirs = (named,) if isinstance(named, str) else named
    return " ".join((f"-c lock_timeout={BUSY_SECONDS}s", *theirs, POSTGRES_OPTIONS))


@contextmanager
def mistakes_explained(url: URL) -> Iterator[None]:
    """Raises what `engine_for` raises instead of what SQLAlchemy does where an engine cannot be made."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UnusableDatabaseError(
            f"the driver for {url.drivername} is not installed ({error})", "pip install 'webexhist[postgres]'"
        ) from error
    except (ArgumentError, ValueError) as error:  # what stands in the query, whose secrets their texts repeat
        raise ConfigError(f"the database URL {shown(url)} cannot be understood", LOCATIONS) from error


def place_of(engine: Engine) -> str:
    """Where the database lives, for messages: its path, or its URL without its secrets."""
    return shown(engine.url)


def file_of(engine: Engine) -> Path | None:
    """The file of a SQLite database; None on a server."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write: committed as a whole at the end, or rolled back as a whole.

    On SQLite it takes the write lock at once: a transaction that reads first and writes later is refused without
    waiting when another process has written in between. Where the file was replaced in the meantime (a backup was
    brought in), the transaction is one on the new file.
    """
    connection = engine.connect().execution_options(begin="BEGIN IMMEDIATE")
    transaction = connection.begin()
    while _was_replaced(connection):
        transaction.rollback()
        connection.invalidate()
        connection.close()
        connection = engine.connect().execution_options(begin="BEGIN IMMEDIATE")
        transaction = connection.begin()
    with connection, transaction:
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


def stored_views_version(connection: Connection) -> int:
    """The version of the views in a database of this revision; 0 where nothing says it."""
    return connection.scalar(text("SELECT version FROM public_view WHERE name = 'schema_info'")) or 0


def _note_file(_dialect: Dialect, entry: ConnectionPoolEntry, arguments: list[Any], _options: dict[str, Any]) -> None:
    """Keeps which file lies in the place before it is opened."""
    entry.info["file"] = _identity(Path(arguments[0]))


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:  # it is missing, or cannot be reached: the driver says so
        return None
    return found.st_dev, found.st_ino


def _was_replaced(connection: Connection) -> bool:
    file, noted = file_of(connection.engine), connection.info.get("file")
    return file is not None and noted is not None and _identity(file) != noted


def _set_up_sqlite(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver would begin transactions by rules of its own
    connection.execute("PRAGMA foreign_keys = ON")
    # Each poll is a process of its own, so that NORMAL would save nothing and lose what a power cut caught.
    connection.execute("PRAGMA synchronous = FULL")


def set_up_postgres(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Lets a connection's times and days be the same texts that SQLite's are; a listener of a PostgreSQL engine.

    Raises `UnusableDatabaseError` where the database cannot hold every text.
    """
    encoding = connection.info.parameter_status("server_encoding") or UNICODE
    if encoding != UNICODE:
        name = connection.info.dbname
        connection.close()
        raise UnusableDatabaseError(
            f"the database {name} is encoded in {encoding}, which cannot hold every name",
            f"make one that can: CREATE DATABASE … ENCODING '{UNICODE}' TEMPLATE template0",
        )
    from psycopg.types.string import TextLoader

    class TimeLoader(TextLoader):
        def load(self, data: Any) -> str | bytes:
            return super().load(data)[: len("2026-11-23 15:05:00")]

    connection.adapters.register_loader("timestamptz", TimeLoader)
    connection.adapters.register_loader("date", TextLoader)


def patience_of(engine: Engine) -> float:
    """Seconds that may be waited for others from now on."""
    return float(engine.get_execution_options().get("patience", usual_patience)())


def _begin_postgres(connection: Connection) -> None:
    milliseconds = max(1, round(patience_of(connection.engine) * 1000))
    connection.exec_driver_sql(
        f"SET LOCAL lock_timeout = {milliseconds}; SET LOCAL statement_timeout = {milliseconds}"
    )


def begin_sqlite(connection: Connection) -> None:
    """Begins a transaction as the connection's user wants it, not as the driver does."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(patience_of(connection.engine) * 1000)}")
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
