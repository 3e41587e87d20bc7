"""Room on the disk for what does not fit into memory, gone at the end."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from webexhist.store.errors import explained


@contextmanager
def scratch(holding: str, table: str) -> Iterator[sqlite3.Connection]:
    """A database with that one table. SQLite removes its file as soon as it is open; errors say what it holds.

    Errors of the history, which is read and written meanwhile, come by way of SQLAlchemy, and pass.
    """
    place = f"of {holding} (in the folder for temporary files, TMPDIR)"
    try:
        with closing(sqlite3.connect("", isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("BEGIN")  # for good: whatever is in it is thrown away
            connection.execute(table)
            yield connection
    except sqlite3.Error as error:
        raise explained(error, place) from error
