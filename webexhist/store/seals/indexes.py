"""Indexes held against the rows of their tables: SQLite finds rows by them, and no checksum of rows looks there."""

# ruff: noqa: S608  (names of our own tables, their columns and indexes)

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, TextClause, UniqueConstraint, bindparam, text

from webexhist.store import schema
from webexhist.store.dialects import spelled_out
from webexhist.store.numbers import NumberRange

_INDEXES = text("""
SELECT i.name, c.name AS of_column FROM pragma_index_list(:name) i, pragma_index_info(i.name) c
WHERE i.origin <> 'pk' ORDER BY i.name, c.seqno
""")
OF_A_CONSTRAINT = "sqlite_autoindex_"

_DAYS_FOUND_OTHERWISE = """
SELECT d.day FROM sealed_day d
WHERE d.organization_id = :organization_id AND d.last_number >= :first AND d.first_number <= :last
  AND (d.first_number, d.last_number, d.last_number - d.first_number + 1) IS NOT (
    SELECT min(s.number), max(s.number), count(*) FROM snapshot s WHERE s.organization_id = d.organization_id
      AND moment(s.taken_at) BETWEEN d.day || ' 00:00:00' AND d.day || ' 23:59:59')
"""


def days_found_otherwise(connection: Connection, organization_id: int, numbers: NumberRange) -> set[str]:
    """The days of UTC with these snapshots of which others are found by their times than by their numbers."""
    if connection.dialect.name != "sqlite":
        return set()
    of_days = {"organization_id": organization_id, "first": numbers.first, "last": numbers.last}
    return set(connection.scalars(spelled_out(connection, _DAYS_FOUND_OTHERWISE), of_days))


def indexed_otherwise(
    connection: Connection, owners: Sequence[int] | None, tables: Iterable[Table]
) -> set[tuple[int, str]]:
    """The organizations and names of the tables of which an index has other rows than the table.

    Of the rows of these organizations, or of all (None). A server looks after its indexes itself.
    """
    if connection.dialect.name != "sqlite":
        return set()
    return {
        (owner, table.name)
        for table in tables
        if _may_be_indexed(table)
        for index, columns in _indexes_of(connection, table).items()
        for owner in _differing(connection, owners, table, index, columns)
    }


@cache
def _may_be_indexed(table: Table) -> bool:
    return bool(table.indexes) or any(isinstance(each, UniqueConstraint) for each in table.constraints)


def _indexes_of(connection: Connection, table: Table) -> dict[str, tuple[str, ...]]:
    """Our own indexes that are there, each with all columns that it holds: its own and those of the key."""
    ours = {str(index.name) for index in table.indexes}
    columns: dict[str, list[str]] = {}
    for row in connection.execute(_INDEXES, {"name": table.name}):
        if row.name in ours or row.name.startswith(OF_A_CONSTRAINT):
            columns.setdefault(row.name, []).append(row.of_column)
    keys = table.primary_key.columns.keys()
    return {name: tuple(dict.fromkeys([*own, *keys])) for name, own in columns.items()}


def _differing(
    connection: Connection, owners: Sequence[int] | None, table: Table, index: str, columns: Sequence[str]
) -> set[int]:
    """The organizations of which the index has other rows than the table."""
    condition = _condition(table, index)
    held = (_owner_in(table), *columns)
    in_index = Counter(map(tuple, _rows(connection, owners, table, held, f"INDEXED BY {index} WHERE {condition}")))
    # All columns are asked for, and a condition that is none of an index: SQLite then goes by the rows themselves.
    found = _rows(connection, owners, table, ("*",), f"NOT INDEXED WHERE ({condition}) = 1")
    in_table = Counter(tuple(row[name] for name in held) for row in found.mappings())
    return {row[0] for row in (in_index - in_table) + (in_table - in_index) if isinstance(row[0], int)}


def _condition(table: Table, index: str) -> str:
    """Which rows the index has, as SQLite must read it to take the index."""
    for each in table.indexes:
        where = each.dialect_options["sqlite"]["where"]
        if each.name == index and where is not None:
            return str(where)
    return "1"


def _owner_in(table: Table) -> str:
    return "id" if table is schema.organization else "organization_id"


def _rows(
    connection: Connection, owners: Sequence[int] | None, table: Table, columns: Sequence[str], found: str
) -> CursorResult[Any]:
    query = f"SELECT {', '.join(columns)} FROM {table.name} {found}"
    if owners is None:
        return connection.execute(_statement(query))
    return connection.execute(_statement(f"{query} AND {_owner_in(table)} IN :owners"), {"owners": list(owners)})


@cache
def _statement(query: str) -> TextClause:
    return text(query).bindparams(*([bindparam("owners", expanding=True)] if ":owners" in query else []))
