"""Adds many rows at once, by the driver's own means: SQLAlchemy takes longer for each row than the database."""

# ruff: noqa: S608  (our own names)

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from webexhist.store.schema import metadata


def insert_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Adds rows to a table of ours; each holds the values of the named columns."""
    named = f"{table} ({', '.join(columns)})"
    if connection.dialect.name == "postgresql":
        _copy_in(connection, named, rows)
    else:
        marks = ", ".join("?" for _ in columns)
        connection.exec_driver_sql(f"INSERT INTO {named} VALUES ({marks})", [tuple(row) for row in rows])


def _copy_in(connection: Connection, named: str, rows: Iterable[Sequence[Any]]) -> None:
    from psycopg import Error

    statement = f"COPY {named} FROM STDIN"
    cursor: Any = connection.connection.cursor()
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except Error as error:  # as SQLAlchemy raises it of statements that go through it
        raise DBAPIError(statement, None, error) from error


def count_rows(engine: Engine) -> None:
    """Lets PostgreSQL count what is stored, by which it plans the views.

    By itself it does so after a while, and never for a table of fewer than fifty rows, as that of licenses. Where it
    cannot, because it waited too long or is gone, views take longer: what was stored before is stored all the same.
    """
    if engine.dialect.name == "postgresql":
        with suppress(DBAPIError), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"ANALYZE {', '.join(metadata.tables)}"))
