"""Spreads the tables of an empty PostgreSQL database over parts by hash of the organization.

Each part is a table and index of its own: what hundreds of organizations write lies in trees that are as many times
smaller. What concerns several organizations stays in one piece.
"""

from sqlalchemy import Connection, Table, inspect, text

from webexhist.errors import UsageError
from webexhist.store import schema

MOST_PARTS = 256
KEY = "organization_id"
EMPTY_ONE = "name an empty PostgreSQL database, and carry the history into it: webexhist db copy"


def is_spread(table: Table) -> bool:
    """Whether every row of a table belongs to one organization, and its key begins with it."""
    return next(iter(table.primary_key.columns)).name == KEY


def require_partitionable(connection: Connection, revision: str | None, parts: int) -> None:
    """Raises `UsageError` where a database cannot be spread over so many parts any more."""
    if connection.dialect.name != "postgresql":
        raise UsageError("a SQLite file has no partitions", EMPTY_ONE)
    if revision is not None:
        raise UsageError("the database holds its tables already: only a new one is partitioned", EMPTY_ONE)
    if not 2 <= parts <= MOST_PARTS:
        raise UsageError(f"a database is spread over 2 to {MOST_PARTS} parts, not {parts}", "give another number")


def partition(connection: Connection, parts: int) -> None:
    """Makes the tables of organizations anew in parts; they are those that the migrations have just made, empty."""
    spread = [table for table in schema.metadata.sorted_tables if is_spread(table)]
    found = inspect(connection)
    keys = [(table.name, key) for table in spread for key in found.get_foreign_keys(table.name)]
    for table in reversed(spread):
        connection.execute(text(f"ALTER TABLE {table.name} RENAME TO whole_{table.name}"))
    for table in spread:
        like = f"CREATE TABLE {table.name} (LIKE whole_{table.name} INCLUDING ALL)"
        connection.execute(text(f"{like} PARTITION BY HASH ({KEY})"))
        for part in range(parts):
            of = f"CREATE TABLE {table.name}_{part} PARTITION OF {table.name}"
            connection.execute(text(f"{of} FOR VALUES WITH (MODULUS {parts}, REMAINDER {part})"))
    for table in reversed(spread):
        connection.execute(text(f"DROP TABLE whole_{table.name} CASCADE"))
    for name, key in keys:
        own, referred = ", ".join(key["constrained_columns"]), ", ".join(key["referred_columns"])
        refers = f"FOREIGN KEY ({own}) REFERENCES {key['referred_table']} ({referred})"
        connection.execute(text(f"ALTER TABLE {name} ADD {refers}"))
