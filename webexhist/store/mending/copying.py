"""Copies a history from one database into another, of the same kind or the other, row for row.

What a day of polls left is compared by its checksums, so that a second copy carries only the days that changed since;
the tables that change rarely are compared row by row. Of one organization alone come its rows, and what was entered
for its subscriptions and for all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    and_,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import REGCLASS

from webexhist.store import schema
from webexhist.store.engine import errors_told_at_once, place_of
from webexhist.store.errors import driver_errors_explained
from webexhist.store.many_rows import count_rows, insert_rows
from webexhist.store.mending.copy_sources import require_own_checksums, require_unchanged
from webexhist.store.mending.copy_targets import require_another, require_same_history
from webexhist.store.seals.checksums import COLUMNS
from webexhist.store.seals.explained import damage_explained
from webexhist.store.seals.sealing import DEFINITIONS, SEALED_BY_DAY, resealed, seal_definitions
from webexhist.store.seals.writing import writing_explained

ROWS_AT_A_TIME = 5000
OF_DAYS = tuple(table for table in schema.metadata.sorted_tables if table.name in SEALED_BY_DAY)
OF_THE_DATABASE = frozenset({schema.public_view.name})
"""What is of the database itself and not of the history."""
COMPARED = tuple(
    table
    for table in schema.metadata.sorted_tables
    if table.name not in SEALED_BY_DAY | OF_THE_DATABASE and table is not schema.table_checksum
)
CONCERN_SEVERAL = tuple(
    table
    for table in COMPARED
    if table not in (schema.organization, schema.digest)
    and ("organization_id" not in table.c or table.c.organization_id.nullable)
)
"""Whose rows may be about subscriptions or about all, and not of one organization."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """What was carried over."""

    days: int
    rows: int


def copy(source: Engine, target: Engine, organization_id: int | None = None) -> Copied:
    """Makes the target's history that of the source, or of one organization, in one transaction.

    Polls of the source may go on meanwhile. Other organizations of the target stay as they are.

    Raises `ForeignDatabaseError` where the target holds a history of its own, `UsageError` where it is the source,
    `DamagedDatabaseError` where something else changed what would be copied; then nothing is changed.
    """
    with (
        damage_explained(source),
        driver_errors_explained(place_of(source)),
        errors_told_at_once(source),
        _at_one_moment(source) as reading,
        writing_explained(target) as written,
    ):
        require_another(reading, written, place_of(target))
        require_same_history(reading, written, place_of(target))
        require_unchanged(reading, place_of(source), organization_id)
        wanted = _Wanted.of(organization_id, reading, written)
        days = _differing_days(wanted, reading, written)
        require_own_checksums(reading, place_of(source), days.missing)
        with resealed(written, None, *CONCERN_SEVERAL):
            copied = _copied(wanted, days, reading, written)
        _Changes.of(schema.table_checksum, wanted, reading, written).apply(written)
        _number_on(written)
        seal_definitions(written)
    with driver_errors_explained(place_of(target)):
        count_rows(target)
    return copied


def _copied(wanted: "_Wanted", days: "_Days", reading: Connection, written: Connection) -> Copied:
    added = 0
    changes = [_Changes.of(table, wanted, reading, written) for table in COMPARED]
    for change in changes:
        added += change.add(written)
    for table in reversed(OF_DAYS):
        for organization_id, first, last in days.gone:
            written.execute(delete(table).where(_within(table, organization_id, first, last)))
    for table in OF_DAYS:
        for organization_id, first, last in days.missing:
            added += _carry(table, organization_id, first, last, reading, written)
    for change in reversed(changes):
        change.take_away(written)
    return Copied(days.number, added)


def _number_on(written: Connection) -> None:
    """Lets a server give what is added from now on numbers behind those that were copied; SQLite does by itself."""
    if written.dialect.name != "postgresql":
        return
    for table in COMPARED:
        if (column := table.autoincrement_column) is not None:
            numbers = func.pg_get_serial_sequence(table.name, column.name)
            given = func.coalesce(func.pg_sequence_last_value(cast(numbers, REGCLASS)), 0)
            last = func.max(column)
            written.execute(select(func.setval(cast(numbers, REGCLASS), last)).having(last > given))


def _at_one_moment(engine: Engine) -> Connection:
    connection = engine.connect()
    if engine.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ")
    return connection


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which rows are copied: those of one organization, or all."""

    organization_id: int | None
    subscriptions: frozenset[str]
    """What its licenses are bought under, in either database."""

    @classmethod
    def of(cls, organization_id: int | None, *connections: Connection) -> "_Wanted":
        license_ = schema.license_
        names = select(license_.c.subscription_id).where(license_.c.organization_id == organization_id)
        found = {name for each in connections for name in each.scalars(names)}
        return cls(organization_id, frozenset(found - {None}))

    def rows(self, table: Table) -> ColumnElement[bool]:
        """The condition on the rows of a table."""
        if self.organization_id is None:
            return true()
        if table is schema.organization:
            return table.c.id == self.organization_id
        if table is schema.digest:
            return false()  # to whom mails were sent goes along with all that they were about
        if "organization_id" not in table.c:
            return table.c.subscription.in_(self.subscriptions)
        own, of_none = table.c.organization_id == self.organization_id, table.c.organization_id.is_(None)
        if "subscription" in table.c:
            return or_(own, and_(of_none, table.c.subscription.in_(self.subscriptions)))
        return or_(own, of_none)


@dataclass(frozen=True, slots=True)
class _Days:
    """Ranges of snapshots of an organization, by the days of UTC that they were taken on."""

    number: int
    """How many days of the source are missing."""
    gone: Sequence[tuple[int, int, int]]
    """What the target holds of days that differ."""
    missing: Sequence[tuple[int, int, int]]
    """What the source holds of them."""


def _differing_days(wanted: _Wanted, reading: Connection, written: Connection) -> _Days:
    table = schema.sealed_day
    columns = [table.c[name] for name in ("organization_id", "day", "first_number", "last_number", *COLUMNS)]
    days = select(*columns).where(wanted.rows(table))
    ours, theirs = (set(each.execute(days)) for each in (reading, written))
    return _Days(len(ours - theirs), _spans(theirs - ours), _spans(ours - theirs))


def _spans(days: set[Row[Any]]) -> list[tuple[int, int, int]]:
    """The ranges of days, those that follow each other as one: a table is read once for each."""
    spans: list[tuple[int, int, int]] = []
    for organization_id, first, last in sorted(
        (day.organization_id, day.first_number, day.last_number) for day in days
    ):
        if spans and spans[-1][0] == organization_id and first <= spans[-1][2] + 1:
            first = spans.pop()[1]
        spans.append((organization_id, first, last))
    return spans


def _within(table: Table, organization_id: int, first: int, last: int) -> Any:
    span = and_(table.c.organization_id == organization_id, table.c.number.between(first, last))
    if "metric_id" not in table.c:
        return span
    # Named, so that the key finds the span of each metric, and not the whole of all.
    metric = schema.metric
    return and_(span, table.c.metric_id.in_(select(metric.c.id).where(metric.c.organization_id == organization_id)))


def _carry(
    table: Table, organization_id: int, first: int, last: int, reading: Connection, written: Connection
) -> int:
    rows = reading.execution_options(yield_per=ROWS_AT_A_TIME).execute(
        select(table).where(_within(table, organization_id, first, last))
    )
    number = 0
    for part in rows.partitions():
        insert_rows(written, table.name, table.c.keys(), part)
        number += len(part)
    return number


@dataclass(frozen=True, slots=True)
class _Changes:
    """How the rows of a table differ."""

    table: Table
    missing: Sequence[Mapping[str, Any]]
    different: Sequence[Mapping[str, Any]]
    gone: Sequence[Mapping[str, Any]]

    @classmethod
    def of(cls, table: Table, wanted: _Wanted, reading: Connection, written: Connection) -> "_Changes":
        ours, theirs = (dict(_by_key(table, wanted, each)) for each in (reading, written))
        return cls(
            table,
            missing=[row for key, row in ours.items() if key not in theirs],
            different=[row for key, row in ours.items() if key in theirs and theirs[key] != row],
            gone=[row for key, row in theirs.items() if key not in ours],
        )

    def apply(self, written: Connection) -> None:
        self.add(written)
        self.take_away(written)

    def add(self, written: Connection) -> int:
        """Adds what is missing and changes what differs; returns how many rows that is."""
        if self.missing:
            columns = self.table.c.keys()
            insert_rows(written, self.table.name, columns, [[row[name] for name in columns] for row in self.missing])
        for row in self.different:
            written.execute(update(self.table).where(self._is(row)).values(row))
        return len(self.missing) + len(self.different)

    def take_away(self, written: Connection) -> None:
        for row in self.gone:
            written.execute(delete(self.table).where(self._is(row)))

    def _is(self, row: Mapping[str, Any]) -> Any:
        return and_(*(column == row[column.name] for column in self.table.primary_key.columns))


def _by_key(table: Table, wanted: _Wanted, connection: Connection) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    for row in connection.execute(select(table).where(wanted.rows(table))).mappings():
        key = tuple(row[column.name] for column in table.primary_key.columns)
        if table is not schema.table_checksum or row["table_name"] not in OF_THE_DATABASE | {DEFINITIONS}:
            yield key, dict(row)
