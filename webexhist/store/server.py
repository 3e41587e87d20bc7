"""A PostgreSQL server: how it is reached, what a connection is told, and how long it is waited for."""

import os
from collections.abc import Callable
from typing import Any

from sqlalchemy import URL, Connection, Dialect, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from webexhist.said_by_others import said
from webexhist.store.errors import UnusableDatabaseError
from webexhist.store.waits import ANSWER_SECONDS, BUSY_SECONDS, LEAST_SECONDS, Waits, patience_of, usual_patience

POSTGRES_OPTIONS = "-c jit=off -c cursor_tuple_fraction=1 -c timezone=UTC -c datestyle=ISO"
"""PostgreSQL compiles the period views for longer than it takes to answer them, and plans what a cursor asks of views
of licenses six times as long where it expects a tenth of the rows to be read; its times are those of UTC here."""
READ_ONLY = "-c default_transaction_read_only=on"
UNICODE = "UTF8"
"""As PostgreSQL calls the encoding in which everything is written here."""
SHORTEST_CONNECT = 2
"""Seconds; the driver waits no shorter for a server."""
VANISHED = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""After a minute without a sign of the server's host a connection ends; of itself the system waits for hours."""


def server_engine(url: URL, patience: Callable[[], float], *options: str) -> Engine:
    """An engine of a server that is not reached yet; `options` are added to what it is told at the beginning.

    Statements are waited for as long as the server lives; with another patience than the usual one no longer than
    that, however silent it is.
    """
    arguments: dict[str, object] = {
        "options": " ".join((postgres_options(url), *options)),
        "client_encoding": UNICODE,
        **unless_asked_for(url),
    }
    # A connection that the server has closed meanwhile, as when it was restarted, is not used again.
    engine = create_engine(url, pool_pre_ping=True, connect_args=arguments, execution_options={"patience": patience})
    words = _ServersWords()
    event.listen(engine, "connect", words.connected, insert=True)  # before anything is asked
    event.listen(engine, "handle_error", words.failed)
    event.listen(engine, "connect", set_up_postgres)
    if patience is usual_patience:
        event.listen(engine, "do_connect", _watched)
        return engine
    waits = Waits(patience)

    def connected(_dialect: Dialect, _entry: ConnectionPoolEntry, _words: Any, given: dict[str, Any]) -> Any:
        from webexhist.store.impatient import ImpatientConnection

        given["connect_timeout"] = int(max(patience() / number_of_hosts(url), SHORTEST_CONNECT))
        connection = ImpatientConnection.connect(**given)
        connection.waits = waits
        return connection

    event.listen(engine, "do_connect", connected)
    event.listen(engine, "begin", _begin_in_time)
    return engine


def unless_asked_for(url: URL) -> dict[str, int]:
    """How long a server is waited for, where neither the URL nor the environment says that; one of several less."""
    connect = {"connect_timeout": max(ANSWER_SECONDS // number_of_hosts(url), SHORTEST_CONNECT)}
    usual = VANISHED | ({} if os.environ.get("PGCONNECT_TIMEOUT") else connect)
    return {name: seconds for name, seconds in usual.items() if name not in url.query}


def number_of_hosts(url: URL) -> int:
    """How many servers a URL names, which are tried one after the other."""
    named = url.query.get("host", url.host or "")
    names = (named,) if isinstance(named, str) else named
    return len(",".join(names).split(","))


def postgres_options(url: URL) -> str:
    """What a server is told at the beginning: what the URL has for it, else the environment, between our own.

    Who waits for a lock of another's waits as long as with SQLite, unless told otherwise there.
    """
    named = url.query.get("options", os.environ.get("PGOPTIONS", ""))
    theirs = (named,) if isinstance(named, str) else named
    return " ".join((f"-c lock_timeout={BUSY_SECONDS}s", *theirs, POSTGRES_OPTIONS))


def set_up_postgres(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Lets a connection's times and days be the same texts that SQLite's are; a listener of a PostgreSQL engine.

    Raises `UnusableDatabaseError` where the database cannot hold every text.
    """
    encoding = connection.info.parameter_status("server_encoding") or UNICODE
    if encoding != UNICODE:
        name, shown = connection.info.dbname, said(encoding, connection.info.password)
        connection.close()
        raise UnusableDatabaseError(
            f"the database {name} is encoded in {shown}, which cannot hold every name",
            f"make one that can: CREATE DATABASE … ENCODING '{UNICODE}' TEMPLATE template0",
        )
    from psycopg.types.string import TextLoader

    class TimeLoader(TextLoader):
        def load(self, data: Any) -> str | bytes:
            return super().load(data)[: len("2026-11-23 15:05:00")]

    connection.adapters.register_loader("timestamptz", TimeLoader)
    connection.adapters.register_loader("date", TextLoader)


def said_by_server(words: str, connection: Connection) -> str:
    """Something that the server of a connection says, without the password that it was sent."""
    return said(words, connection.connection.dbapi_connection.info.password)  # type: ignore[union-attr]


class _ServersWords:
    """What a server, or a pooler before it, says of errors, and the passwords that it was sent.

    They are the driver's own: the environment or a file of libpq's may give one, not only the URL.
    """

    def __init__(self) -> None:
        self.sent: set[str] = set()

    def connected(self, connection: Any, _entry: ConnectionPoolEntry) -> None:
        """Notes the password while it can be asked for: a connection that is closed does not say it."""
        self.sent.add(connection.info.password)

    def failed(self, context: ExceptionContext) -> None:
        """Leaves of what is said of an error the first line, without what was sent."""
        error: Any = context.original_exception
        if refused := getattr(error, "pgconn", None):
            self.sent.add((refused.password or b"").decode(errors="replace"))
        error.args = (said(str(error).strip().partition("\n")[0], *self.sent),)


def _watched(_dialect: Dialect, _entry: ConnectionPoolEntry, _words: Any, given: dict[str, Any]) -> Any:
    from webexhist.store.impatient import WatchfulConnection

    connection = WatchfulConnection.connect(**given)
    connection.made_with = given
    return connection


def _begin_in_time(connection: Connection) -> None:
    seconds = patience_of(connection.engine)
    waits, runs = (max(1, round(limit * 1000)) for limit in (seconds, max(seconds, LEAST_SECONDS)))
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {waits}; SET LOCAL statement_timeout = {runs}")
