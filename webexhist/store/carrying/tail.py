"""Stored snapshots, one by one, with the rows that begin at each; those after the first new one leave the tables."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.store.carrying.scratch import scratch

_MADE = 'CREATE TABLE kept ("table" TEXT, number INTEGER, content TEXT)'
AT_ONCE = 10_000
_CUT = text("""
SELECT max(CASE WHEN taken_at < :first_at THEN number END) AS kept,
  max(CASE WHEN taken_at < :first_at THEN taken_at END) AS kept_at, max(number) AS last_number,
  max(taken_at) AS last_at
FROM snapshot WHERE organization_id = :organization_id
""")
_TAKEN: dict[str, str] = {
    "snapshot": "number, taken_at, milliseconds, requests, (SELECT g.version FROM origin g"
    " WHERE g.organization_id = snapshot.organization_id AND g.id = snapshot.origin_id) AS version, (SELECT g.source"
    " FROM origin g WHERE g.organization_id = snapshot.organization_id AND g.id = snapshot.origin_id) AS source",
    "reading": "number, metric_id, value",
    "held": "number, metric_id, asked, pace",
    "collection": "number, collector, status, error, requests, seconds",
    "organization_version": "number, name",
    "license_version": "number, license_id, name, code, subscription_id, site_url, site_type, counted",
}
"""What is kept of the rows of each table, the number first."""
_DELETED = (
    "reading",
    "held",
    "collection",
    "license_version",
    "organization_version",
    "snapshot",
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to where a history stays as it is stored."""

    kept: int
    """The number of the last snapshot that does; 0: none."""
    kept_at: int | None
    last_number: int
    """Of what was stored."""
    last_at: int | None


@dataclass(frozen=True, slots=True)
class TailSnapshot:
    """A stored snapshot, with what begins at it."""

    number: int
    taken_at: int
    milliseconds: int | None
    requests: int | None
    version: str
    source: str | None
    rows: dict[str, list[list[Any]]]
    """The rows of the other tables by their names, without the number."""


def stored_snapshots(connection: Connection, organization_id: int) -> Iterator[TailSnapshot]:
    """Every snapshot of an organization as it is stored, oldest first."""
    found = {
        table: groupby(_rows_after(connection, table, organization_id, 0), key=lambda row: row[0]) for table in _TAKEN
    }
    waiting = {table: next(groups, None) for table, groups in found.items()}
    while taken := waiting["snapshot"]:
        number, snapshot = taken[0], next(taken[1])
        rows: dict[str, list[list[Any]]] = {}
        for table, group in waiting.items():
            if table != "snapshot" and group and group[0] == number:
                rows[table] = [list(row[1:]) for row in group[1]]
                waiting[table] = next(found[table], None)
        waiting["snapshot"] = next(found["snapshot"], None)
        own = (snapshot.taken_at, snapshot.milliseconds, snapshot.requests, snapshot.version, snapshot.source)
        yield TailSnapshot(number, *own, rows)


def _rows_after(connection: Connection, table: str, organization_id: int, number: int) -> Iterator[Row[Any]]:
    """The rows of a table that begin after a snapshot, in the order of numbers; never all at once."""
    found = text(
        f"SELECT {_TAKEN[table]} FROM {table} WHERE organization_id = :organization_id AND number > :number"  # noqa: S608
        " ORDER BY number"
    )
    of_organization = {"organization_id": organization_id, "number": number}
    # Nothing closes it on its own: where the reader stops early, the connection may be closed first.
    return iter(connection.execute(found, of_organization, execution_options={"yield_per": AT_ONCE}))


def cut_before(connection: Connection, organization_id: int, first_at: int) -> Cut:
    """Where a history is cut so that what is taken from then on can be written anew."""
    row = connection.execute(_CUT, {"organization_id": organization_id, "first_at": first_at}).one()
    return Cut(row.kept or 0, row.kept_at, row.last_number or 0, row.last_at)


class Tail:
    """The snapshots after a cut, on the disk."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def take(self, database: Connection, organization_id: int, cut: Cut) -> None:
        """Takes the snapshots after the cut out of the tables of the database."""
        after = {"organization_id": organization_id, "kept": cut.kept}
        for table in _TAKEN:
            rows = _rows_after(database, table, organization_id, cut.kept)
            kept = ((table, number, json.dumps(values)) for number, *values in map(tuple, rows))
            self.connection.executemany("INSERT INTO kept VALUES (?, ?, ?)", kept)
        self.connection.execute("CREATE INDEX kept_by_number ON kept (number)")
        for table in _DELETED:
            gone = f"DELETE FROM {table} WHERE organization_id = :organization_id AND number > :kept"  # noqa: S608
            database.execute(text(gone), after)

    def snapshots(self) -> Iterator[TailSnapshot]:
        """Gives them back, oldest first."""
        found = self.connection.execute('SELECT number, "table", content FROM kept ORDER BY number')
        for number, group in groupby(found, key=lambda row: row[0]):
            rows: dict[str, list[list[Any]]] = {}
            for _, table, content in group:
                rows.setdefault(table, []).append(json.loads(content))
            ((taken_at, milliseconds, requests, version, source),) = rows.pop("snapshot")
            yield TailSnapshot(number, taken_at, milliseconds, requests, version, source, rows)


@contextmanager
def tail() -> Iterator[Tail]:
    """Room for a tail on the disk, gone at the end."""
    with scratch("snapshots that are renumbered", _MADE) as connection:
        yield Tail(connection)
