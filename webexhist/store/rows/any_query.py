"""Answers to a query that a person wrote; the engine lets it read and nothing else, for so long and no longer."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import Connection

from webexhist.store.errors import WAITED_TOO_LONG, DatabaseError, is_lost
from webexhist.store.opening.history import History

INSTRUCTIONS_BETWEEN_LOOKS = 20_000
"""So often SQLite looks at the clock."""
VIEWS_DESCRIBED = "the views and their columns: docs/sql.md"
MISTAKES = ("SQLITE_ERROR", "SQLITE_AUTH", "SQLITE_READONLY", "SQLITE_MISMATCH", "SQLITE_RANGE")
"""What SQLite says of a query that is none, or that would write."""

VALUE_LEFT_OUT = "08P01"
"""What PostgreSQL says of a query with $1: it counts that among the mistakes of a connection."""
Reads = set[tuple[str, str | None]]
PRAGMAS_THAT_TELL = frozenset({"table_info", "table_xinfo", "index_list", "index_info", "foreign_key_list"})
"""What may be asked of a table by its name; any other pragma with a value sets something."""


class QueryError(DatabaseError):
    """The query cannot be answered as it stands."""


class QueryTimeError(DatabaseError):
    """The query took longer than it was given."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave."""

    columns: tuple[str, ...]
    """Each name once: of two columns of one name the second has a number behind it."""
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool
    """Whether there were more rows than were wanted."""
    reads: frozenset[tuple[str, str | None]] | None
    """The tables that were read, each with the view or part of the query that it was read for.

    None where the database does not tell: PostgreSQL."""


def answer(history: History, query: str, most_rows: int, seconds: float) -> Answer:
    """Asks one query; returns at most so many rows.

    Raises `QueryError` where it cannot be answered, or is anything but one statement that reads; `QueryTimeError`
    where it takes longer than so many seconds.
    """
    asked = {"sqlite": _asked_of_sqlite, "postgresql": _asked_of_postgres}[history.connection.dialect.name]
    with asked(history.connection, query, seconds) as (cursor, reads):
        if cursor.description is None:
            raise QueryError("the query gives no rows", "write one that reads: SELECT …")
        rows = [tuple(row) for row in cursor.fetchmany(most_rows + 1)]
        columns = _distinct([name for name, *_ in cursor.description])
    tables = None if reads is None else frozenset(reads)
    return Answer(columns, tuple(rows[:most_rows]), is_cut=len(rows) > most_rows, reads=tables)


@contextmanager
def _asked_of_sqlite(connection: Connection, query: str, seconds: float) -> Iterator[tuple[Any, Reads]]:
    reads: Reads = set()

    def only_this_file(action: int, name: str | None, value: str | None, _: object, view: str | None) -> int:
        if action == sqlite3.SQLITE_READ and name:
            reads.add((name, view))
        return _only_this_file(action, name, value)

    driver: Any = connection.connection.driver_connection
    ends_at = time.monotonic() + seconds
    driver.execute("PRAGMA query_only = ON")
    driver.set_progress_handler(lambda: time.monotonic() > ends_at, INSTRUCTIONS_BETWEEN_LOOKS)
    driver.set_authorizer(only_this_file)
    try:
        yield driver.execute(query), reads
    except (sqlite3.Error, sqlite3.Warning) as error:
        name = getattr(
            error, "sqlite_errorname", MISTAKES[0]
        )  # else the driver's own: two statements, a value left out
        if name == "SQLITE_INTERRUPT":
            raise _too_slow(seconds) from error
        if name in MISTAKES:
            raise _mistake(error) from error
        raise
    finally:
        driver.set_authorizer(None)
        driver.set_progress_handler(None, 0)
        driver.execute("PRAGMA query_only = OFF")


def _only_this_file(action: int, name: str | None, value: str | None) -> int:
    """Refuses other files, also the copy that VACUUM INTO would write, and settings."""
    is_other_file = action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH)
    is_setting = (
        action == sqlite3.SQLITE_PRAGMA and value is not None and (name or "").lower() not in PRAGMAS_THAT_TELL
    )
    return sqlite3.SQLITE_DENY if is_other_file or is_setting else sqlite3.SQLITE_OK


@contextmanager
def _asked_of_postgres(connection: Connection, query: str, seconds: float) -> Iterator[tuple[Any, None]]:
    """Asks by a cursor on the server: it takes one statement that reads, and keeps the rows that are not fetched."""
    from psycopg import Error

    driver: Any = connection.connection.driver_connection
    driver.execute(f"SET LOCAL statement_timeout = {max(1, round(seconds * 1000))}")
    try:
        with driver.cursor("asked") as cursor:
            yield cursor.execute(query), None
    except Error as error:
        is_mistake = error.sqlstate == VALUE_LEFT_OUT
        if error.sqlstate is None or (is_lost(error, error.sqlstate) and not is_mistake):
            raise
        raise (_too_slow(seconds) if error.sqlstate in WAITED_TOO_LONG else _mistake(error)) from error


def _mistake(error: BaseException) -> QueryError:
    return QueryError(f"the query cannot be answered ({str(error).strip().partition(chr(10))[0]})", VIEWS_DESCRIBED)


def _too_slow(seconds: float) -> QueryTimeError:
    return QueryTimeError(
        f"the query was stopped after {seconds:g} seconds",
        "ask for fewer days, snapshots or licenses, or give it more: --max-seconds",
    )


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    columns: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in count(2))
        free = (each for each in numbered if each not in columns and each not in names)
        columns.append(next(free) if name in columns else name)
    return tuple(columns)
