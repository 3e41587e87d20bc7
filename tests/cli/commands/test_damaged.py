"""Every command that reads says in one line which database is damaged."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from every_table import OTHER
from histories import ACME, Poller, license_of, usage
from reading import read

from webexhist.metrics import Metric
from webexhist.seat_counts import GroupSeats, SeatCounts
from webexhist.snapshot import Collection, CollectionStatus, Count, License, Organization, Snapshot
from webexhist.store.errors import DamagedDatabaseError
from webexhist.store.rows.last_polls import last_polls
from webexhist.store.saving.save import save


@pytest.fixture
def damaged(poller) -> Path:
    """A database that opens, but of whose tables only the revision can be read."""
    poller.poll("2026-10-01 06:00", {license_of("Webex Meetings Suite"): (250, 200)})
    poller.engine.dispose()
    file = Path(poller.engine.url.database)
    with closing(sqlite3.connect(file)) as connection:
        pages = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE rootpage > 1 AND tbl_name <> 'alembic_version'"
        ).fetchall()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    contents = bytearray(file.read_bytes())
    for (page,) in pages:
        contents[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(contents)
    return file


@pytest.mark.parametrize(
    "command",
    [
        "licenses",
        "check",
        "report",
        "report --month all",
        "history people",
        "poll --stored",
        "note list",
        "note add text --license Suite",
        "contract price Suite 12.50",
        "contract list",
        "succession list",
        "decisions",
        "plan",
        "organization list",
        "metrics",
        "sql SELECT+*+FROM+counts",
        "export counts",
        "export snapshots",
    ],
)
def test_a_damaged_database_is_named_in_one_line(run, damaged, command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run(*(word.replace("+", " ") for word in command.split()))
    # A monitor reads what is printed, and takes what cannot be known as such.
    code, begins, line = (
        (3, "WEBEXHIST UNKNOWN - ", ran.stdout) if command == "check" else (1, "webexhist: ", ran.stderr)
    )
    assert ran.code == code
    assert line.startswith(f"{begins}the database {damaged} is damaged or no database (")
    assert line.count("\n") == 1


def test_status_shows_a_damaged_database_beside_the_rest(run, damaged, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("status", "--json", "--agent-dir", str(tmp_path / "agent"))
    assert ran.code == 1
    assert ran.json["database"]["state"].startswith(f"the database {damaged} is damaged or no database (")


def let_hold_anything(poller: Poller, table: str) -> None:
    """A page of another file knows nothing of the types that a table's columns have."""
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        is_named = f"WHERE name = '{table}'"
        strict = f"UPDATE sqlite_master SET sql = replace(sql, ',' || char(10) || ' STRICT', '') {is_named}"
        assert connection.execute(strict).rowcount == 1


@pytest.mark.parametrize("command", ["organization list", "organization list --csv", "organization list --json"])
def test_a_former_name_that_is_no_text_is_damage(run, poller, command):
    poller.poll("2026-10-01 06:00", {license_of("Suite"): (250, 200)})
    replace(poller, organization=replace(ACME, name="Acme")).poll(
        "2026-10-02 06:00", {license_of("Suite"): (250, 200)}
    )
    poller.engine.dispose()
    assert run(*command.split()).code == 0
    let_hold_anything(poller, "organization_version")
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE organization_version SET name = x'00' WHERE number = 1")
    ran = run(*command.split())
    assert (ran.code, ran.line.count(" is damaged (")) == (1, 1)


def test_a_document_of_what_is_stored_is_printed_beside_checksums_that_are_none(run, poller):
    poller.poll("2026-10-01 06:00", {license_of("Suite"): (250, 200)})
    poller.engine.dispose()
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")  # a page of another file knows nothing of the types here
        strict = (
            "UPDATE sqlite_master SET sql = replace(sql, ',' || char(10) || ' STRICT', '') WHERE name = 'sealed_day'"
        )
        assert connection.execute(strict).rowcount == 1
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE sealed_day SET readings_checksum = 'x'")
    ran = run("poll", "--stored", "--max-age", "9999999")
    assert (ran.code, ran.json["License Total Units"], ran.line.count(" is damaged (")) == (0, 250, 1)


def test_the_length_of_a_list_that_is_no_number_is_damage(poller):
    """A poll asks for a list by it, on a thread of its own."""
    poller.poll("2026-10-01 06:00", gauges={Metric.DEVICES: 430})
    poller.engine.dispose()
    let_hold_anything(poller, "reading")
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        assert connection.execute("UPDATE reading SET value = 'x' WHERE value = 430").rowcount == 1
    with pytest.raises(DamagedDatabaseError, match=" is damaged \\("):
        read(poller.engine, last_polls)


def test_snapshots_moved_to_days_without_polls_are_damage(run, poller):
    poller.poll("2026-10-01 06:00", {license_of("Webex Meetings Suite"): (250, 200)})
    poller.engine.dispose()
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE snapshot SET taken_at = -1")
    ran = run("outlook")
    assert (ran.code, ran.line.count("is damaged (")) == (1, 1)


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("contract list", "what is kept in contract, note"),
        ("contract export", "what is kept in contract, note"),
        ("note list", "what is kept in contract, note"),
        ("succession list", "what is kept in contract, note"),
        ("history", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        ("history people", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        ("sql SELECT+*+FROM+contract", "what is kept in contract, note"),
        (
            "sql SELECT+*+FROM+daily_counts",
            "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note",
        ),
        ("metrics", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        ("organization list", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        ("db void --list", "what is kept in contract, note"),
        ("export licenses", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        ("export counts", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        ("export snapshots", "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note"),
        (
            "export counts --from 2026-10-02",
            "what was stored of Acme Example on 2026-10-01 and what is kept in contract, note",
        ),
    ],
)
def test_readers_warn_of_rows_behind_what_they_show_that_were_changed(run, poller, command, what):
    for day in (1, 2):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, 200 + day)}, {Metric.PEOPLE: 430 + day})
    assert run("contract", "set", "Sub100001", "--starts", "2027-01-01").code == 0
    assert run("note", "add", "hello", "--on", "2026-10-01").code == 0
    words = [word.replace("+", " ") for word in command.split()]
    assert run(*words).stderr == ""
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE contract SET term = 7")
        connection.execute("UPDATE note SET text = 'other'")
        connection.execute("UPDATE reading SET value = value + 1 WHERE number = 1")
    ran = run(*words)
    assert (ran.code, ran.line) == (0, f"{what} was changed by something else than webexhist: see webexhist db check")


@pytest.mark.parametrize(
    "command",
    [
        "metrics",
        "metrics --out m",
        "poll --stored --max-age 9999999",
        "history",
        "organization list",
        "export counts",
        "sql SELECT+count(*)+FROM+latest_licenses",
    ],
)
def test_readers_warn_of_the_earlier_day_with_which_a_value_was_stored_that_still_holds(
    run, poller, tmp_path, command
):
    suite = license_of("Suite")
    for day, people in enumerate((430, 431, 432, 433), 1):
        poller.poll(f"2026-10-0{day} 06:00", {suite: (250, 200)}, {Metric.PEOPLE: people})
    words = [str(tmp_path / word) if word == "m" else word.replace("+", " ") for word in command.split()]
    since = ["--from", "2026-10-04"] if "export" in words else []
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        # The people of the second day are no longer even those before; the units are still those of the first day.
        connection.execute("UPDATE reading SET value = 77 WHERE number = 2")
    assert run(*words, *since).stderr == ""
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE reading SET value = 251 WHERE number = 1 AND value = 250")
    told = "what was stored of Acme Example on 2026-10-01 was changed by something else than webexhist"
    assert run(*words, *since).stderr == f"webexhist: {told}: see webexhist db check\n"


@pytest.mark.parametrize("command", ["metrics", "poll --stored --max-age 9999999"])
@pytest.mark.parametrize(
    ("changing", "where"),
    [
        ("UPDATE collection SET error = 'other' WHERE collector = 'rooms'", "Acme Example on 2026-10-01"),
        # It stood since the first day: now it is one of the second, and none is of the first; or one of Globex.
        ("UPDATE collection SET number = 2 WHERE collector = 'rooms'", "Acme Example on 2026-10-01 to 2026-10-02"),
        (
            "UPDATE collection SET organization_id = 2 WHERE collector = 'rooms'",
            "Acme Example on 2026-10-01 and what was stored of Globex on 2026-10-01",
        ),
        ("UPDATE held SET asked = 1", "Acme Example on 2026-10-03"),
        ("UPDATE held SET number = 4", "Acme Example on 2026-10-04"),
        (
            "UPDATE snapshot SET taken_at = taken_at - 7 WHERE organization_id = 1 AND number = 2",
            "Acme Example on 2026-10-02",
        ),
        (
            "UPDATE snapshot SET taken_at = taken_at - 7 WHERE organization_id = 1 AND number = 4",
            "Acme Example on 2026-10-04",
        ),
        ("DELETE FROM reading WHERE value = 7", "Acme Example on 2026-10-03"),
    ],
)
def test_readers_warn_of_the_earlier_day_since_which_a_collector_fared_so_or_a_value_is_held(
    run, poller, command, changing, where
):
    """Of five snapshots, people were counted with the first two and then held, devices from the third on."""
    suite = license_of("Suite")
    for day in range(1, 6):
        held = frozenset({"people"} if day > 2 else ())
        save(poller.engine, of_day(day, ACME, {suite: (250, 200 + day)}, held, failed="403 Forbidden"))
    save(poller.engine, of_day(1, OTHER, {suite: (50, 20)}))
    words = command.split()
    assert run(*words).stderr == ""
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        assert connection.execute(changing).rowcount == 1
    ran = run(*words)
    told = f"what was stored of {where} was changed by something else than webexhist: see webexhist db check"
    assert (ran.code, ran.stderr) == (0, f"webexhist: {told}\n")


@pytest.mark.parametrize(
    ("changing", "day"),
    [
        ("UPDATE collection SET error = 'other' WHERE collector = 'rooms' AND number = 1", "2026-10-01"),
        ("UPDATE reading SET value = 251 WHERE number = 1 AND value = 250", "2026-10-01"),
        ("UPDATE seat_count SET active = 8", "2026-10-05"),
    ],
)
def test_the_status_names_the_day_of_what_stands_and_of_the_last_counts_of_seats(
    run, poller, tmp_path, changing, day
):
    suite = license_of("Suite")
    for number in range(1, 6):
        save(poller.engine, of_day(number, ACME, {suite: (250, 200 + number)}, failed="403 Forbidden"))
    seats = (GroupSeats(suite.webex_id, "Sales", SeatCounts(active=7, idle_30=2)),)
    poller.poll("2026-10-05 07:00", {suite: (250, 206)}, seats=seats)
    words = ("status", "--json", "--agent-dir", str(tmp_path / "agent"))
    assert run(*words).json["database"]["state"] == "sound"
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        assert connection.execute(changing).rowcount == 1
    assert run(*words).json["database"]["state"] == f"damaged: Acme Example, {day} was changed"


def of_day(
    day: int,
    organization: Organization,
    licenses: Mapping[License, tuple[int, int]],
    held: frozenset[str] = frozenset(),
    failed: str | None = None,
) -> Snapshot:
    """A snapshot of a morning in October; with `failed`, rooms could not be counted."""
    rooms = Collection("rooms", CollectionStatus.NOT_PERMITTED, 1, 0.1, failed)
    return Snapshot(
        organization=organization,
        taken_at=datetime(2026, 10, day, 6, tzinfo=UTC),
        seconds=1.5,
        requests=20,
        counts=(Count(Metric.DEVICES, 7),) if held else (Count(Metric.PEOPLE, 430 + day),),
        licenses=tuple(usage(*item) for item in licenses.items()),
        collections=(Collection("people", CollectionStatus.OK, 3, 0.4), *((rooms,) if failed else ())),
        held=held,
    )


@pytest.mark.parametrize(("first", "day"), [("2026-10-01", "2026-10-01"), ("2026-10-02", None)])
def test_exports_warn_of_changed_counts_of_seats(run, poller, first, day):
    suite = license_of("Suite")
    seats = (GroupSeats(suite.webex_id, "Sales", SeatCounts(active=7, idle_30=2)),)
    poller.poll("2026-10-01 06:00", {suite: (250, 200)}, seats=seats)
    poller.poll("2026-10-02 06:00", {suite: (250, 200)})
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE seat_count SET active = 8")
    told = day and f"what was stored of Acme Example on {day} was changed by something else than webexhist"
    ran = run("export", "snapshots", "--from", first)
    assert (ran.code, ran.stderr) == (0, f"webexhist: {told}: see webexhist db check\n" if told else "")


@pytest.mark.parametrize(
    ("command", "is_told"),
    [
        ("sql SELECT+*+FROM+snapshots", True),
        ("sql WITH+x+AS+(SELECT+requests+FROM+snapshot)+SELECT+*+FROM+x", True),
        ("export snapshots", True),
        ("export snapshots --format csv", True),
        ("sql SELECT+*+FROM+counts", False),
        ("export counts", False),
    ],
)
def test_what_polls_took_is_held_against_what_was_stored_where_it_is_shown(run, poller, command, is_told):
    for day in (1, 2):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, 200)})
    words = [word.replace("+", " ") for word in command.split()]
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        assert connection.execute("UPDATE snapshot SET requests = 7 WHERE number = 1").rowcount == 1
    told = "what was stored of Acme Example on 2026-10-01 was changed by something else than webexhist"
    assert run(*words).stderr == (f"webexhist: {told}: see webexhist db check\n" if is_told else "")


@pytest.mark.parametrize("command", ["metrics", "poll --stored --max-age 9999999"])
def test_what_the_last_poll_took_is_held_against_what_was_stored(run, poller, command):
    for day in (1, 2):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, 200)})
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        assert connection.execute("UPDATE snapshot SET requests = 7 WHERE number = 2").rowcount == 1
    told = "what was stored of Acme Example on 2026-10-02 was changed by something else than webexhist"
    assert run(*command.split()).stderr == f"webexhist: {told}: see webexhist db check\n"


def test_the_status_tells_of_a_snapshot_that_nobody_took(run, poller, tmp_path):
    for day in (1, 2, 3, 4):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, 200)})
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("INSERT INTO snapshot VALUES (1, 0, 1790830000, 7, 7, 1)")
    database = run("status", "--json", "--agent-dir", str(tmp_path / "agent")).json["database"]
    assert (database["snapshots"], database["state"]) == (5, "damaged: Acme Example, snapshot was changed")


@pytest.mark.parametrize(
    "command",
    [
        "metrics",
        "poll --stored --max-age 9999999",
        "organization list",
        "history Suite",
        "export snapshots --from 2026-10-02",
        "export latest_counts",
        "sql SELECT+*+FROM+snapshots",
        "sql SELECT+*+FROM+latest_licenses",
    ],
)
def test_readers_warn_of_a_last_snapshot_that_no_day_was_sealed_with(run, poller, command):
    for day in (1, 2, 3):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, 200)})
    words = [word.replace("+", " ") for word in command.split()]
    assert run(*words).stderr == ""
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        # In the morning of the fifth.
        connection.execute("INSERT INTO snapshot VALUES (1, 4, 1791180000, 7, 7, 1)")
    told = "what was stored of Acme Example on 2026-10-05 was changed by something else than webexhist"
    assert run(*words).stderr == f"webexhist: {told}: see webexhist db check\n"


@pytest.mark.parametrize("command", ["metrics", "poll --stored --max-age 9999999"])
def test_readers_of_what_stands_warn_of_a_newest_day_of_which_a_value_is_gone(run, poller, command):
    """The people of the third of four days: those of the second would seem to stand."""
    for day, people in enumerate((430, 431, 432, 432), 1):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, 200)}, {Metric.PEOPLE: people})
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        assert connection.execute("DELETE FROM reading WHERE value = 432").rowcount == 1
    told = "what was stored of Acme Example on 2026-10-03 was changed by something else than webexhist"
    assert run(*command.split()).stderr == f"webexhist: {told}: see webexhist db check\n"


@pytest.mark.parametrize(
    "command", ["metrics", "poll --stored --max-age 9999999", "sql SELECT+*+FROM+latest_licenses"]
)
def test_readers_of_what_stands_warn_of_an_earlier_day_of_which_a_value_of_a_license_is_gone(run, poller, command):
    """Given out on the third of six days: the 200 of the first would seem to stand."""
    for day, assigned in enumerate((200, 200, 210, 210, 210, 210), 1):
        poller.poll(f"2026-10-0{day} 06:00", {license_of("Suite"): (250, assigned)})
    words = [word.replace("+", " ") for word in command.split()]
    assert run(*words).stderr == ""
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        # The total and the part of it that is assigned to users.
        assert connection.execute("DELETE FROM reading WHERE value = 210").rowcount
    told = "what was stored of Acme Example on 2026-10-03 was changed by something else than webexhist"
    assert run(*words).stderr == f"webexhist: {told}: see webexhist db check\n"


@pytest.mark.parametrize("command", ["licenses", "decisions"])
def test_a_day_that_only_a_forecast_looks_back_to_is_held_against_what_was_stored(run, poller, command):
    """Of the months before the one that is shown, nothing but what is read for the forecast."""
    for month in ("07", "08", "09", "10"):
        poller.poll(f"2026-{month}-01 06:00", {license_of("Suite"): (240 + int(month), 200 + int(month))})
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE reading SET value = 7 WHERE value = 208")
    told = "Acme Example, 2026-10: what was stored on 2026-08-01 was changed by something else than webexhist"
    assert run(command, "--on", "2026-10-02").stderr == f"webexhist: {told}: see webexhist db check\n"


@pytest.mark.parametrize(
    ("command", "table"),
    [
        ("history people", "count_month"),
        ("sql SELECT+last+FROM+monthly_counts", "count_month"),
        ("export monthly_counts", "count_month"),
        ("export daily_products", "product_day"),
    ],
)
def test_readers_warn_of_kept_figures_that_are_not_what_the_readings_give(run, poller, command, table):
    for day in ("2026-09-30", "2026-10-01"):
        poller.poll(f"{day} 12:00", {license_of("Webex Suite"): (100, 60)}, {Metric.PEOPLE: 10})
    words = [word.replace("+", " ") for word in command.split()]
    assert run(*words).stderr == ""
    column = {"count_month": "last_value", "product_day": "assigned_max"}[table]
    with closing(sqlite3.connect(poller.engine.url.database)) as database, database:
        assert database.execute(f"UPDATE {table} SET {column} = {column} + 1").rowcount
    ran = run(*words)
    assert (ran.code, ran.stderr) == (
        0,
        f"webexhist: what is kept in {table} was changed by something else than webexhist: see webexhist db check\n",
    )


def test_a_poll_before_the_last_one_with_a_changed_time_is_not_the_last(run, poller, tmp_path):
    for day in ("2026-10-01", "2026-10-02", "2026-10-03"):
        poller.poll(f"{day} 12:00", {license_of("Webex Suite"): (100, 60)})
    with closing(sqlite3.connect(poller.engine.url.database)) as database, database:
        assert database.execute("UPDATE snapshot SET taken_at = 6077053696 WHERE number = 2").rowcount  # in 2162
    database = run("status", "--json", "--agent-dir", str(tmp_path / "agent")).json["database"]
    assert database["last_snapshot_at"] == "2026-10-03 12:00:00+00:00"
    assert database["state"] == "damaged: Acme Example, 2026-10-02 was changed"
