"""The checksums in the database: kept up to date with what is written, or made anew of what is stored."""

# ruff: noqa: S608  (every part of a query stands in this file)

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from zlib import crc32

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    null,
    or_,
    select,
    text,
)

from webexhist.store import schema
from webexhist.store.engine import place_of
from webexhist.store.errors import RESTORE, DamagedDatabaseError
from webexhist.store.seals.checksums import (
    COLUMNS,
    MODULUS,
    DaySums,
    Reading,
    of_readings,
    of_window,
)
from webexhist.store.seals.stored_sums import stored_sums_by_day
from webexhist.store.times import UTC_DAY_BEGINS, utc_day_of

SEALED_BY_DAY = frozenset({"snapshot", "reading", "collection", "held"})
SEALED_BY_SWEEP = frozenset({"seat_count", "account_people"})
SEALS = frozenset({"day", "sealed_day", "table_checksum"})
WORKED_OUT = frozenset({"count_day", "count_month", "product_day"})
"""What is compared with the readings that it is worked out of (closed_periods.py)."""
RARELY_CHANGED = tuple(
    table
    for table in schema.metadata.tables.values()
    if table.name not in SEALED_BY_DAY | SEALED_BY_SWEEP | SEALS | WORKED_OUT
)
"""The tables with one checksum for each organization; a new table is one of them unless it is named above."""
_LASTING = {schema.event_window.name: ("organization_id", "source", "opened_at")}
"""The columns that such a checksum is of, where the others change with every poll: those have a seal in the row."""
CONCERNS_ALL = 0
"""Stands for the organization where a row belongs to none."""

_DAYS = text(f"""
SELECT day, first_number, last_number, {", ".join(COLUMNS)} FROM sealed_day
WHERE organization_id = :organization_id AND last_number >= :first ORDER BY first_number
""")
_EXTENDED_DAY = text(f"""
INSERT INTO sealed_day (organization_id, day, first_number, last_number, {", ".join(COLUMNS)})
VALUES (:organization_id, :day, :number, :number, {", ".join(f":{name}" for name in COLUMNS)})
ON CONFLICT (organization_id, day) DO UPDATE SET last_number = excluded.last_number,
  {", ".join(f"{name} = (sealed_day.{name} + excluded.{name}) % {MODULUS}" for name in COLUMNS)}
""")
_DAYS_SINCE = text(f"""
SELECT min(taken_at) AS taken_at, min(number) AS first_number, max(number) AS last_number FROM snapshot
WHERE organization_id = :organization_id AND {UTC_DAY_BEGINS} >= (
  SELECT {UTC_DAY_BEGINS} FROM snapshot WHERE organization_id = :organization_id AND number = :first)
GROUP BY {UTC_DAY_BEGINS} ORDER BY first_number
""")
_DROPPED_DAYS = text("DELETE FROM sealed_day WHERE organization_id = :organization_id AND day >= :day")
_NEW_DAY = text(f"""
INSERT INTO sealed_day (organization_id, day, first_number, last_number, {", ".join(COLUMNS)})
VALUES (:organization_id, :day, :first, :last, {", ".join(f":{name}" for name in COLUMNS)})
""")
_CHANGED_DAY = text(f"""
UPDATE sealed_day SET {", ".join(f"{name} = ({name} + :{name}) % {MODULUS}" for name in COLUMNS)}
WHERE organization_id = :organization_id AND day = :day
""")
_CHANGED_TABLE = text(f"""
INSERT INTO table_checksum (organization_id, table_name, checksum) VALUES (:organization_id, :table_name, :checksum)
ON CONFLICT (organization_id, table_name)
DO UPDATE SET checksum = CASE WHEN table_checksum.checksum = :now THEN table_checksum.checksum
  ELSE (table_checksum.checksum + excluded.checksum) % {MODULUS} END
""")
_SEALED_TABLE = text("""
INSERT INTO table_checksum (organization_id, table_name, checksum) VALUES (:organization_id, :table_name, :checksum)
ON CONFLICT (organization_id, table_name) DO UPDATE SET checksum = excluded.checksum
""")
_SEALED_NO_MORE = text("""
DELETE FROM table_checksum WHERE organization_id = :organization_id AND table_name = :table_name
""")
_WINDOWS = text("""
SELECT source, checksum, opened_at, counted_until, part_seconds, ahead_after, ahead_until FROM event_window
WHERE organization_id = :organization_id ORDER BY source
""")
_SEALED_WINDOW = text("""
UPDATE event_window SET checksum = :checksum WHERE organization_id = :organization_id AND source = :source
""")
DEFINITIONS = "sqlite_master"
_DEFINITIONS = text("SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')")


@dataclass(frozen=True, slots=True)
class SealedDay:
    """A day of UTC as it was sealed."""

    day: str
    first_number: int
    last_number: int
    sums: DaySums


def sealed_days(connection: Connection, organization_id: int, first: int = 1) -> list[SealedDay]:
    """The days of an organization from the one that holds the snapshot of that number on.

    Raises `DamagedDatabaseError` where a row holds anything but numbers.
    """
    rows = connection.execute(_DAYS, {"organization_id": organization_id, "first": first}).all()
    for day, *numbers in rows:
        if not isinstance(day, str) or set(map(type, numbers)) != {int}:
            place = place_of(connection.engine)
            reason = "a row of the table sealed_day holds what is no number"
            raise DamagedDatabaseError(f"the database {place} is damaged ({reason})", RESTORE)
    return [
        SealedDay(day, first_number, last_number, DaySums(*sums)) for day, first_number, last_number, *sums in rows
    ]


def extend_sealed_days(connection: Connection, added: Iterable[tuple[int, str, int, DaySums]]) -> None:
    """Adds snapshots, each with what was stored with it, to the day of its organization: (id, day, number, sums)."""
    rows = [
        {"organization_id": organization_id, "day": day, "number": number} | _parameters(sums)
        for organization_id, day, number, sums in added
    ]
    connection.execute(_EXTENDED_DAY, rows)


def change_day(connection: Connection, organization_id: int, day: str, change: DaySums) -> None:
    """Adds what was added to a day's rows, less what was taken away."""
    connection.execute(_CHANGED_DAY, {"organization_id": organization_id, "day": day} | _parameters(change))


def seal_days(connection: Connection, organization_id: int, first: int) -> None:
    """Makes the sealed days anew from that of a snapshot on, and takes the rows that they hold as right."""
    of_organization = {"organization_id": organization_id, "first": first}
    days = [
        of_organization | {"day": utc_day_of(row.taken_at), "first": row.first_number, "last": row.last_number}
        for row in connection.execute(_DAYS_SINCE, of_organization)
    ]
    connection.execute(_DROPPED_DAYS, {"organization_id": organization_id, "day": days[0]["day"]})
    connection.execute(_NEW_DAY, [day | _parameters(DaySums()) for day in days])
    sums = stored_sums_by_day(connection, organization_id, days[0]["first"], days[-1]["last"])
    connection.execute(_CHANGED_DAY, [day | _parameters(sums[day["first"]]) for day in days])


def change_readings(
    connection: Connection, organization_id: int, removed: Iterable[Reading], added: Iterable[Reading]
) -> None:
    """Lets the days follow rows of `reading` that were taken away and added."""
    changes = [(row, -1) for row in removed] + [(row, 1) for row in added]
    if not changes:
        return
    days = sealed_days(connection, organization_id, min(row[1] for row, _ in changes))
    of_day: dict[str, DaySums] = {}
    for row, sign in changes:
        held = days[bisect_right(days, row[1], key=lambda day: day.first_number) - 1].day
        before, term = of_day.get(held, DaySums()), of_readings([row])
        of_day[held] = before + term if sign > 0 else before - term
    for day, change in of_day.items():
        change_day(connection, organization_id, day, change)


@contextmanager
def resealed(connection: Connection, owners: int | Sequence[int] | None, *tables: Table) -> Iterator[None]:
    """Lets the checksums of rarely changed tables follow what is written within the block.

    Of the rows of one organization or several, or of all (None). What differed before differs afterwards, so that no
    damage is sealed, unless the rows are now what they were when they were sealed. What is written of one
    organization is written under its lock; what concerns all, by one process at a time.
    """
    if owners is None and connection.dialect.name == "postgresql":
        # Readers, and those who wait for an organization's row, go on.
        names = ", ".join(table.name for table in tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    before = table_sums(connection, owners, tables)
    yield
    after = table_sums(connection, owners, tables)
    changes = [
        {"organization_id": key[0], "table_name": key[1], "checksum": change, "now": after.get(key, 0)}
        for key in sorted(before.keys() | after.keys())
        if (change := (after.get(key, 0) - before.get(key, 0)) % MODULUS)
    ]
    if changes:
        connection.execute(_CHANGED_TABLE, changes)


def seal_tables(connection: Connection, organization_id: int, *tables: Table) -> None:
    """Takes an organization's rows of these tables as right: they were all worked out anew."""
    sums = table_sums(connection, organization_id, tables)
    for table in tables:
        now = sums.get((organization_id, table.name), 0)
        sealed = {"organization_id": organization_id, "table_name": table.name, "checksum": now}
        # A row that seals nothing would not be missed.
        connection.execute(_SEALED_TABLE if now else _SEALED_NO_MORE, sealed)


def table_sums(
    connection: Connection, owners: int | Sequence[int] | None, tables: Iterable[Table]
) -> dict[tuple[int, str], int]:
    """The checksums of the rows that are stored, by organization and table.

    Of the rows of these organizations, or of all (None); `CONCERNS_ALL` among them stands for the rows of none.
    """
    wanted = [owners] if isinstance(owners, int) else owners
    sums: dict[tuple[int, str], int] = {}
    for table in tables:
        found: Iterable[Row[Any]]
        if wanted is None:
            found = connection.execute(_rows_of(table))
        else:
            those = _rows_of(table, of_some=True, of_none=CONCERNS_ALL in wanted)
            found = connection.execute(those, {"owners": list(wanted)}).all()
        for of, *row in found:
            key = (CONCERNS_ALL if of is None else of, table.name)
            sums[key] = (sums.get(key, 0) + crc32(repr(row).encode(errors="surrogatepass"))) % MODULUS
    return sums


def differing(sealed: Mapping[tuple[int, str], int], stored: Mapping[tuple[int, str], int]) -> set[tuple[int, str]]:
    """What has another checksum than that of its rows; what has none, or no rows, counts as 0."""
    return {key for key in sealed.keys() | stored.keys() if sealed.get(key, 0) != stored.get(key, 0)}


@cache
def _rows_of(table: Table, *, of_some: bool = False, of_none: bool = False) -> Select[Any]:
    """The rows of a table after their owners: those of some `owners`, and of none, or all."""
    owner = _owner_of(table)
    rows = select(owner, *(table.c[name] for name in _LASTING.get(table.name, table.c.keys())))
    if not of_some:
        return rows
    of_these = owner.in_(bindparam("owners", expanding=True))
    # Asked of a column that is never NULL, SQLite would read the rows of all.
    may_be_none = not isinstance(owner, Column) or owner.nullable
    return rows.where(or_(of_these, owner.is_(None)) if of_none and may_be_none else of_these)


def _owner_of(table: Table) -> ColumnElement[int] | ColumnElement[None]:
    """The organization of a row; NULL in a table that belongs to none."""
    if table is schema.organization:
        return schema.organization.c.id
    return table.c.organization_id if "organization_id" in table.c else null()


def seal_definitions(connection: Connection) -> None:
    """Seals how tables and views are defined, once that has changed; PostgreSQL keeps no text of it."""
    if connection.dialect.name == "sqlite":
        now = definitions_sum(connection)
        sealed = {"organization_id": CONCERNS_ALL, "table_name": DEFINITIONS, "checksum": now}
        connection.execute(_SEALED_TABLE, sealed)


def definitions_sum(connection: Connection) -> int:
    """The checksum of how our tables and views are defined in a SQLite file."""
    ours = {*schema.metadata.tables, *connection.scalars(select(schema.public_view.c.name))}
    rows = connection.execute(_DEFINITIONS).all()
    return sum(crc32(repr(tuple(row)).encode(errors="surrogatepass")) for row in rows if row.name in ours) % MODULUS


def seal(connection: Connection) -> None:
    """Takes all that is stored as right: from now on the checksums are those of the rows as they are."""
    connection.execute(delete(schema.table_checksum))
    seal_definitions(connection)
    for (organization_id, name), checksum in table_sums(connection, None, RARELY_CHANGED).items():
        of_table = {"organization_id": organization_id, "table_name": name, "checksum": checksum}
        connection.execute(insert(schema.table_checksum).values(of_table))
    for organization_id in connection.scalars(select(schema.organization.c.id)).all():
        seal_windows(connection, organization_id)
        if days := sealed_days(connection, organization_id):
            now = stored_sums_by_day(connection, organization_id, days[0].first_number, days[-1].last_number)
            for day in days:
                change_day(connection, organization_id, day.day, now[day.first_number] - day.sums)


def seal_windows(connection: Connection, organization_id: int) -> None:
    """Seals the ends of an organization's windows as they are stored."""
    for row in connection.execute(_WINDOWS, {"organization_id": organization_id}).all():
        checksum = of_window(organization_id, row.source, row[2:])
        of_row = {"organization_id": organization_id, "source": row.source, "checksum": checksum}
        connection.execute(_SEALED_WINDOW, of_row)


def changed_windows(connection: Connection, organization_id: int) -> list[str]:
    """The sources whose windows do not end where they were stored to end."""
    rows = connection.execute(_WINDOWS, {"organization_id": organization_id}).all()
    return [str(row.source) for row in rows if row.checksum != of_window(organization_id, row.source, row[2:])]


def _parameters(sums: DaySums) -> dict[str, int]:
    return {name: getattr(sums, name) for name in COLUMNS}
