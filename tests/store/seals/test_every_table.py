"""Whatever something else changes, adds or deletes in any table, `webexhist db check` finds and names.

The tables are those of the schema: a new one fails here until it has rows and a seal.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from entering import enter, set_price
from histories import ACME, license_of, usage
from imported_histories import line
from reading import read
from sqlalchemy import Engine, Table

from webexhist.export.snapshot_lines import read_lines
from webexhist.importing import bring_history_in
from webexhist.metrics import Metric
from webexhist.seat_counts import AccountPeople, GroupSeats, SeatCounts, SeatSweep
from webexhist.snapshot import (
    Collection,
    CollectionStatus,
    Count,
    EventWindow,
    Organization,
    Snapshot,
)
from webexhist.store.carrying.bring import Importer
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.decision_states import DecisionState, EnteredState, enter_decision_state
from webexhist.store.entered.notes import add_note
from webexhist.store.entered.orders import GivenOrder
from webexhist.store.entered.organizations import retire
from webexhist.store.entered.settlements import Settlement
from webexhist.store.entered.successions import link
from webexhist.store.mending.corrections import Author, Subject, void
from webexhist.store.names.licenses import stored_licenses
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.database import open_database
from webexhist.store.saving.digests import mark_as_sent
from webexhist.store.saving.outlooks import save_outlook
from webexhist.store.saving.parts import keep_part
from webexhist.store.saving.past_days import add_past_days
from webexhist.store.saving.save import save
from webexhist.store.schema import metadata
from webexhist.store.seals.closed_periods import OFTEN
from webexhist.store.seals.damage import damaged_days, damaged_tables_of, find_damage
from webexhist.stored_snapshot import ProductOutlook

OTHER = Organization("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9nbG9iZXg", "Globex")
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
LICENSES = {license_of("Suite"): (600, 450), license_of("Calling"): (50, 20), license_of("Devices"): (9, 4)}
USED = tuple(GroupSeats(each.webex_id, "Sales", SeatCounts(active=7, idle_30=2)) for each in LICENSES)
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
    engine = open_database(file)
    for day in range(3):
        poll(engine, ACME, NOON + timedelta(days=day), held=day == 1)
        poll(engine, OTHER, NOON + timedelta(days=day, minutes=1), held=False)
    suite, calling, devices = read(engine, stored_licenses)[:3]
    add_note(engine, NOON.date(), "hello", suite)
    set_price(engine, suite, Decimal("12.50"), "EUR")
    settlement = Settlement("Sub100001", date(2026, 11, 10), 4, Decimal("48.00"), "EUR")
    enter(engine, [Contract("Sub100001", starts=date(2027, 1, 1)), GivenOrder(suite, 5, NOON.date()), settlement])
    link(engine, calling, devices, NOON, "Anna")
    retire(engine, 2, Signature(NOON, "Anna"))
    void(engine, Subject(metric=Metric.ROOMS, organization=1), NOON, NOON, Author("Anna", NOON, "wrong"))
    add_past_days(engine, ACME.webex_id, "events", {date(2026, 9, 1): {Metric.MESSAGES_CREATED: 30}})
    ends = NOON + timedelta(days=2)
    part = EventWindow("events", ends, ends + timedelta(hours=1), next_part=timedelta(hours=1))
    brought = {"taken_at": "2026-09-30T12:00:00Z", "organization": {"id": ACME.webex_id}, "counts": {"people": 9}}
    bring_history_in(
        str(file), read_lines([(1, json.dumps(brought))]), Importer("Anna", NOON), lambda lines, _: lines
    )
    assert keep_part(engine, ACME.webex_id, part, {Metric.MESSAGES_CREATED: 20})
    brought = line("2026-11-01T06:00:00Z", None, organization={"id": ACME.webex_id, "name": ACME.name})
    bring_history_in(str(file), read_lines([(1, brought)]), Importer("Anna", NOON), lambda each, _: each)
    often = [
        {
            "taken_at": f"2026-09-30T12:{minute:02}:00Z",
            "organization": {"id": OTHER.webex_id},
            "counts": {"people": minute, "rooms": 70},
        }
        for minute in range(OFTEN + 2)
    ]
    lines = read_lines(enumerate(map(json.dumps, often), 1))
    bring_history_in(str(file), lines, Importer("Anna", NOON), lambda each, _: each)
    outlook = ProductOutlook("EE", (suite.webex_id,), 600, 660, date(2027, 3, 1))
    save_outlook(engine, ACME.webex_id, date(2026, 10, 3), 2, [outlook])
    muted = EnteredState(
        decision="over-1",
        state=DecisionState.MUTED,
        since=date(2026, 10, 3),
        until=None,
        up_to=9,
        units=4,
        sentence="4 over.",
        note="known",
        signed=Signature(NOON, "Anna"),
    )
    enter_decision_state(engine, ACME.webex_id, muted)
    mark_as_sent(engine, "mail:review@acme.example", ["2026-10"], NOON)
    assert find_damage(engine) == ()
    engine.dispose()
    return file


def poll(engine: Engine, organization: Organization, at: datetime, held: bool) -> None:
    window = EventWindow("events", at - timedelta(days=1), at, unplaced={"event": date(2027, 1, 1)})
    counts = (Count(Metric.PEOPLE, 430 + at.day), Count(Metric.ROOMS, 70), Count(Metric.MESSAGES_CREATED, 5))
    save(
        engine,
        Snapshot(
            organization=organization,
            taken_at=at,
            seconds=1.5,
            requests=20,
            counts=counts[1:] if held else counts,
            licenses=tuple(usage(*item) for item in LICENSES.items()),
            collections=(Collection("people", CollectionStatus.OK, 3, 0.4),),
            windows=(window,),
            held=frozenset({"people"} if held else ()),
            seats=SeatSweep(at, "department", USED, (AccountPeople("Sub1", "EE · Sub1", 2, 40, 1, 3),)),
        ),
        poller="0123456789abcdef",
    )


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Iterator[tuple[Path, Engine]]:
    """The file to be changed, and an engine that reads it."""
    file = Path(shutil.copy(whole, tmp_path / "damaged.db"))
    engine = open_database(file)
    yield file, engine
    engine.dispose()


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
        assert damaged_days(connection, 1, NumberRange(1, 5)) == (date(2026, 10, 1), date(2026, 11, 1))
        assert damaged_days(connection, 1, NumberRange(4, 4)) == ()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DELETE FROM day WHERE organization_id = 1")
    (found,) = find_damage(engine)
    assert found.in_words == "Acme Example, the days (day) of the snapshots 1 to 5 are missing"


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
