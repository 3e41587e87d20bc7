"""Room on the disk for what does not fit into memory, gone at the end."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from webexhist.store.errors import driver_errors_explained


@contextmanager
def scratch(holding: str, table: str) -> Iterator[sqlite3.Connection]:
    """A database with that one table. SQLite removes its file as soon as it is open; errors say what it holds."""
    place = f"of {holding} (in the folder for temporary files, TMPDIR)"
    with driver_errors_explained(place), closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")  # for good: whatever is in it is thrown away
        connection.execute(table)
        yield connection
