"""Every command that reads says in one line which database is damaged."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from histories import license_of


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


def test_snapshots_moved_to_days_without_polls_are_damage(run, poller):
    poller.poll("2026-10-01 06:00", {license_of("Webex Meetings Suite"): (250, 200)})
    poller.engine.dispose()
    with closing(sqlite3.connect(poller.engine.url.database)) as connection, connection:
        connection.execute("UPDATE snapshot SET taken_at = -1")
    ran = run("outlook")
    assert (ran.code, ran.line.count("is damaged (")) == (1, 1)
