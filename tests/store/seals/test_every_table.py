"""Whatever something else changes, adds or deletes in any table, `webexhist db check` finds and names.

The tables are those of the schema: a new one fails here until it has rows and a seal.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from every_table import fill_every_table
from sqlalchemy import Engine, Table, event

from webexhist.store.numbers import NumberRange
from webexhist.store.opening.database import open_database
from webexhist.store.schema import metadata
from webexhist.store.seals.damage import damaged_days, find_damage, first_damage
from webexhist.store.seals.days import damaged_spans
from webexhist.store.seals.tables import damaged_tables_of

NAMED_OTHERWISE = {
    "snapshot": "the day is named whose snapshots are not numbered as they were",
    "sealed_day": "its rows seal others: what differs is named by the day",
    "table_checksum": "its rows seal others: what differs is named by the table that the row is of",
}
WORKED_OUT_WHERE_MISSING = {"count_day"}
"""Views work out what is not there, and say the same."""

Row = dict[str, object]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with rows in every table, of two organizations."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("whole") / "whole.db"))
    fill_every_table(file)
    engine = open_database(file)
    assert find_damage(engine) == ()
    engine.dispose()
    return file


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Iterator[tuple[Path, Engine]]:
    """The file to be changed, and an engine that reads it."""
    file = Path(shutil.copy(whole, tmp_path / "damaged.db"))
    engine = open_database(file)
    yield file, engine
    engine.dispose()


def test_of_much_damage_the_tables_that_change_rarely_are_named_at_once(damaged: tuple[Path, Engine]) -> None:
    file, engine = damaged
    assert first_damage(engine) is None
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement))
    for changed, table in (("reading SET value = value + 1", "reading"), ("note SET text = 'other'", "note")):
        with closing(sqlite3.connect(file)) as database, database:
            database.execute(f"UPDATE {changed}")
        statements.clear()
        found = first_damage(engine)
        assert found is not None
        assert found.table == table
    assert not [each for each in statements if "FROM reading" in each or "integrity_check" in each]


def rows_of(database: sqlite3.Connection, table: Table) -> list[Row]:
    rows = database.execute(f"SELECT * FROM {table.name}")
    return [dict(zip(table.c.keys(), row, strict=True)) for row in rows]


def another(table: Table, column: str, row: Mapping[str, object], rows: list[Row]) -> object:
    """Another value for a column: in a key the first that leaves it unlike all others."""
    value, is_key = row[column], table.c[column].primary_key
    if isinstance(value, str) or (value is None and table.c[column].type.python_type is str):
        return f"{value or ''}x"
    if not is_key:
        return 1 if value is None else value + 1
    keys = [key.name for key in table.primary_key]
    taken = {tuple(other[key] for key in keys) for other in rows}
    return next(n for n in range(1, 99) if tuple((row | {column: n})[key] for key in keys) not in taken)


def mutations(database: sqlite3.Connection, table: Table) -> Iterator[tuple[str, list[object]]]:
    """A row's every column changed; the row deleted; a row added that differs from it in one part of the key."""
    rows = rows_of(database, table)
    row = rows[-1]
    keys = [key.name for key in table.primary_key]
    of_row, values = " AND ".join(f"{key} IS ?" for key in keys), [row[key] for key in keys]
    for column in row:
        changed = another(table, column, row, rows)
        yield f"UPDATE {table.name} SET {column} = ? WHERE {of_row}", [changed, *values]
    if table.name not in WORKED_OUT_WHERE_MISSING:
        yield f"DELETE FROM {table.name} WHERE {of_row}", values
    for key in keys:
        differing = [column for column in row if column == key or column not in keys]
        added = row | {column: another(table, column, row, rows) for column in differing}
        yield f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(added))})", list(added.values())


@pytest.mark.slow
@pytest.mark.parametrize("table", metadata.tables.values(), ids=str)
def test_every_change_in_every_table_is_found_and_named(damaged, whole, table):
    file, engine = damaged
    with closing(sqlite3.connect(whole)) as database:
        done = list(mutations(database, table))
    assert done
    for statement, values in done:
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("PRAGMA ignore_check_constraints = ON")  # as what damages a file does
            database.execute(statement, values)
        found = find_damage(engine)
        named = [each for each in found if re.search(rf"\b{table.name}\b", f"{each.table} {each.what}")]
        assert named or (found and table.name in NAMED_OTHERWISE), (statement, values, found)
        with closing(sqlite3.connect(whole)) as sound, closing(sqlite3.connect(file)) as database:
            sound.backup(database)
    assert find_damage(engine) == ()


def test_days_that_are_gone_are_named_by_their_snapshots_and_concern_no_other_period(damaged):
    file, engine = damaged
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM day WHERE organization_id = 1 AND day = '2026-11-01'")
        database.execute("UPDATE day SET first_number = 3 WHERE organization_id = 1 AND day = '2026-10-01'")
    first, second = find_damage(engine)
    assert first.in_words == "Acme Example, 2026-10-01, which snapshots belong to the day (day) was changed"
    assert second.in_words == "Acme Example, the days (day) of the snapshots 5 to 5 are missing"
    with engine.connect() as connection:
        spans = damaged_spans(connection, 1)
        assert damaged_days(connection, 1, NumberRange(1, 5), spans) == (date(2026, 10, 1), date(2026, 11, 1))
        assert damaged_days(connection, 1, NumberRange(4, 4), spans) == ()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM day WHERE organization_id = 1")
    (found,) = find_damage(engine)
    assert found.in_words == "Acme Example, the days (day) of the snapshots 1 to 5 are missing"


@pytest.mark.parametrize("ends_with", [-(2**60), -1, 0, 99, 2**60])
def test_a_day_is_named_whatever_snapshot_it_ends_with(damaged, ends_with):
    file, engine = damaged
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        changing = "UPDATE day SET last_number = ? WHERE organization_id = 1 AND day = '2026-10-01'"
        database.execute(changing, (ends_with,))
    with engine.connect() as connection:
        spans = damaged_spans(connection, 1)
        assert date(2026, 10, 1) in damaged_days(connection, 1, NumberRange(1, 5), spans)


@pytest.mark.parametrize("row", ["reading VALUES (1, 1, 99, 7)", "held VALUES (1, 1, 99, 2, NULL)"])
def test_a_row_of_a_snapshot_that_nobody_took_is_found(damaged, row):
    file, engine = damaged
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"INSERT INTO {row}")
    (found,) = find_damage(engine)
    assert found.in_words == f"Acme Example, the table {row.split()[0]} holds rows of no snapshot"


def test_an_organization_that_is_gone_is_named_in_the_reviews_of_the_others(damaged):
    file, engine = damaged
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM day WHERE organization_id = 2")
    with engine.connect() as connection:
        assert damaged_tables_of(connection, 1) == ("day",)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM organization WHERE id = 2")
    with engine.connect() as connection:
        assert damaged_tables_of(connection, 1) == ("organization",)


def test_two_checksums_of_days_that_changed_places_are_found(damaged):
    """The days hold all the same together, but neither of them by itself."""
    file, engine = damaged
    days = ("2026-10-01", "2026-10-02")
    query = "SELECT readings_checksum FROM sealed_day WHERE organization_id = 1 AND day = ?"
    changing = "UPDATE sealed_day SET readings_checksum = ? WHERE organization_id = 1 AND day = ?"
    with closing(sqlite3.connect(file)) as database, database:
        one, other = (database.execute(query, (day,)).fetchone()[0] for day in days)
        database.executemany(changing, [(other, days[0]), (one, days[1])])
    assert [each.in_words for each in find_damage(engine)] == [
        f"Acme Example, {day}, values were changed" for day in days
    ]


def test_a_value_that_was_changed_on_an_earlier_day_is_named_where_it_still_holds(damaged):
    """Rooms were 70 at every poll, which is stored once."""
    file, engine = damaged
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(
            "UPDATE reading SET value = 71 WHERE organization_id = 2 AND value = 70 AND number = ("
            "SELECT min(r.number) FROM reading r WHERE r.organization_id = 2 AND r.value = 70)"
        )
        (last,) = database.execute("SELECT max(number) FROM snapshot WHERE organization_id = 2").fetchone()
    (found,) = find_damage(engine)
    assert found.day == "2026-09-30"
    with engine.connect() as connection:
        spans = damaged_spans(connection, 2)
        assert damaged_days(connection, 2, NumberRange(last, last), spans) == (date(2026, 9, 30),)


def test_a_reading_of_another_owner_among_those_of_one_is_named_in_a_span_of_days_too(damaged):
    """A bit of a row's key in the file: who searches passes the row by, who sums up a span comes by it."""
    file, engine = damaged
    with engine.connect() as connection:
        days = connection.exec_driver_sql(
            "SELECT day, first_number, last_number FROM sealed_day WHERE organization_id = 2 ORDER BY day"
        ).all()
        readings = connection.exec_driver_sql(
            "SELECT r.metric_id, r.number, r.value FROM reading r WHERE r.organization_id = 2 AND r.metric_id > 1"
            " AND r.number > 1 AND r.value BETWEEN 2 AND 127 ORDER BY r.metric_id, r.number"
        ).all()
    engine.dispose()
    content = bytearray(file.read_bytes())
    # The types of four integers of a byte each, and then they: the organization's first.
    records = [b"\x05\x01\x01\x01\x01\x02" + bytes(row) for row in readings]
    record, number = next(
        (record, row.number) for record, row in zip(records, readings, strict=True) if content.count(record) == 1
    )
    content[content.index(record) + 5] ^= 0x80
    file.write_bytes(content)
    changed = next(day for day, first, last in days if first <= number <= last)
    with engine.connect() as connection:
        found = damaged_days(connection, 2, NumberRange(days[0].first_number, days[-1].last_number), ())
    assert date.fromisoformat(changed) in found


def test_where_no_memory_is_enough_for_what_a_damaged_page_says_it_is_damage(damaged):
    file, engine = damaged

    @event.listens_for(engine, "before_cursor_execute")
    def short(connection, cursor, statement, *_):
        if "integrity_check(20)" in statement or "foreign_key_check" in statement:
            raise MemoryError

    with pytest.raises(MemoryError):  # of a sound file memory is what there is none of
        find_damage(engine)
    content = bytearray(file.read_bytes())
    with engine.connect() as connection:
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'seat_count'").scalar_one()
    engine.dispose()
    content[root * 4096 - 64 : root * 4096] = bytes([255]) * 64
    file.write_bytes(content)
    first, second, *_ = (each.what for each in find_damage(engine))
    assert first.startswith("SQLite finds: ")
    assert second == "it cannot be read further (no memory is enough for it)"
