"""Who keeps an upgrade from the tables and views of a server, in one line."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Row, select, text
from sqlalchemy.exc import DBAPIError

from webexhist.store.engine import place_of
from webexhist.store.errors import WAITED_TOO_LONG, BusyDatabaseError, UnusableDatabaseError
from webexhist.store.schema import metadata, public_view
from webexhist.store.waits import patience_of

LOCK_SECONDS = 3.0
"""So long an upgrade waits for a reader; whoever begins to read meanwhile waits with it."""
DEADLOCK = "40P01"
NOT_PERMITTED = "42501"

_HOLDERS = text("""
SELECT a.pid, a.usename, a.state, min(c.relname) AS held
FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND l.pid <> pg_backend_pid() AND a.datname = current_database() AND c.relname = ANY(:names)
GROUP BY a.pid, a.usename, a.state, a.xact_start ORDER BY a.xact_start LIMIT 1
""")

_OWNERS = text("""
SELECT DISTINCT viewowner FROM pg_views
WHERE schemaname = ANY(current_schemas(false)) AND viewname = ANY(:names) ORDER BY viewowner
""")


def limit_waits(connection: Connection) -> None:
    """Lets the rest of the transaction wait for no lock longer than `LOCK_SECONDS`, or than its engine may."""
    if connection.dialect.name == "postgresql":
        milliseconds = max(1, round(min(LOCK_SECONDS, patience_of(connection.engine)) * 1000))
        connection.execute(text(f"SET LOCAL lock_timeout = {milliseconds}"))


@contextmanager
def blockers_named(engine: Engine) -> Iterator[None]:
    """Raises `BusyDatabaseError`, with the process that is in the way, where a lock was waited for in vain.

    `UnusableDatabaseError`, with the roles that may, where the views belong to others.
    """
    try:
        yield
    except DBAPIError as error:
        state = getattr(error.orig, "sqlstate", None)
        if state == NOT_PERMITTED and (owners := _owners(engine)):
            raise UnusableDatabaseError(
                f"the views of the database {place_of(engine)} belong to {owners}, and no other role can change them",
                f"let {owners} do it: webexhist db upgrade",
            ) from error
        if state not in WAITED_TOO_LONG | {DEADLOCK}:
            raise
        holder = _longest_holder(engine)
        if holder is None:
            raise BusyDatabaseError(
                f"the database {place_of(engine)} was in use while it was to be brought up to date",
                "try again: webexhist db upgrade",
            ) from error
        state = f", {holder.state}" if holder.state else ""
        raise BusyDatabaseError(
            f"the database {place_of(engine)} could not be brought up to date: process {holder.pid}"
            f" ({holder.usename}{state}) holds {holder.held}",
            f"let it end its transaction, or end it (SELECT pg_terminate_backend({holder.pid})),"
            " then: webexhist db upgrade",
        ) from error


def _owners(engine: Engine) -> str:
    with engine.connect() as connection:
        names = connection.scalars(select(public_view.c.name)).all()
        return " and ".join(connection.scalars(_OWNERS, {"names": names}))


def _longest_holder(engine: Engine) -> Row[tuple[int, str, str, str]] | None:
    with engine.connect() as connection:
        names = [*connection.scalars(select(public_view.c.name)), *metadata.tables]
        return connection.execute(_HOLDERS, {"names": names}).first()
