"""How a database is reached: its engine, its place, and transactions that write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import DatabaseError
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

from webexhist.errors import ConfigError
from webexhist.store.errors import UnusableDatabaseError, explained
from webexhist.store.index_room import require_room_for_index, take_room_for_index
from webexhist.store.location import LOCATIONS, shown, url_of
from webexhist.store.server import said_by_server, server_engine
from webexhist.store.waits import patience_of, usual_patience


def engine_for(
    location: str | Path, patience: Callable[[], float] = usual_patience, *, copy_of: Path | None = None
) -> Engine:
    """An engine for the database at a path or SQLAlchemy URL, which it does not open.

    `patience` gives the seconds that each transaction may wait for others from when it begins. Messages name what
    it is a copy of, if it is one.

    Raises `ConfigError` where the location cannot be understood, `UnusableDatabaseError` where its driver is missing.
    """
    url = url_of(location)
    with mistakes_explained(url):
        if url.get_backend_name() == "sqlite":
            options = {"patience": patience, "place": str(copy_of or "")}
            engine = create_engine(url, connect_args={"timeout": patience()}, execution_options=options)
            event.listen(engine, "do_connect", _note_file)
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", begin_sqlite)
            return engine
        return server_engine(url, patience)


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
    return engine.get_execution_options().get("place") or shown(engine.url)


@contextmanager
def errors_told_at_once(engine: Engine) -> Iterator[None]:
    """Lets what is wrong with this database name it, also where another one is worked on meanwhile.

    Raises a `DatabaseError` then.
    """

    def tell(context: ExceptionContext) -> None:
        if isinstance(context.sqlalchemy_exception, DBAPIError):
            raise explained(context.original_exception, place_of(engine)) from context.sqlalchemy_exception

    event.listen(engine, "handle_error", tell)
    try:
        yield
    finally:
        event.remove(engine, "handle_error", tell)


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
        _require_schema(connection)
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _require_schema(connection: Connection) -> None:
    """Raises `UnusableDatabaseError` where a server has no schema in which this user's tables could be."""
    if connection.dialect.name == "postgresql" and connection.scalar(text("SELECT current_schema()")) is None:
        path = said_by_server(connection.scalar(text("SELECT current_setting('search_path')")), connection)
        raise UnusableDatabaseError(
            f"the database {place_of(connection.engine)} has no schema for this user (search_path is {path})",
            "let search_path name the schema of its tables, or let its owner grant usage of it",
        )


def stored_views_version(connection: Connection) -> int:
    """The version of the views in a database of this revision; 0 where nothing says it."""
    return connection.scalar(text("SELECT version FROM public_view WHERE name = 'schema_info'")) or 0


def _note_file(_dialect: Dialect, entry: ConnectionPoolEntry, arguments: list[Any], _options: dict[str, Any]) -> None:
    """Keeps which file lies in the place before it is opened; raises as SQLite does where the disk is full."""
    require_room_for_index(Path(arguments[0]))
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


def begin_sqlite(connection: Connection) -> None:
    """Begins a transaction as the connection's user wants it, not as the driver does."""
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(patience_of(connection.engine) * 1000)}")
    begin = connection.get_execution_options().get("begin", "BEGIN")
    connection.exec_driver_sql(begin)
    if begin != "BEGIN":
        try:
            take_room_for_index(Path(connection.engine.url.database or ""))
        except DatabaseError:
            connection.exec_driver_sql("ROLLBACK")
            raise
