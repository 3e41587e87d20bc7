"""Opening: made when missing, refused when it is not ours to use, and never replaced."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from reading import read
from sqlalchemy import create_engine, text

from webexhist.errors import ConfigError, WebexhistError
from webexhist.store.engine import stored_revision
from webexhist.store.errors import (
    DamagedDatabaseError,
    DatabaseError,
    ForeignDatabaseError,
    MissingDatabaseError,
    NewerDatabaseError,
    UnusableDatabaseError,
)
from webexhist.store.location import shown_location
from webexhist.store.opening.database import open_database, open_existing
from webexhist.store.opening.history import open_history
from webexhist.store.query import Query
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.schema import REVISION, metadata
from webexhist.store.views import VIEWS


def run_python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def output_of(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return output


def test_a_missing_database_is_made_with_its_folder_and_all_views(tmp_path):
    engine = open_database(tmp_path / "new" / "folder" / "webexhist.db")
    with engine.connect() as connection:
        for view in VIEWS.keys() - {"schema_info"}:
            assert connection.execute(text(f"SELECT * FROM {view}")).all() == []


@pytest.mark.slow
def test_postgres_gets_the_same_views(postgres_location):
    engine = open_database(postgres_location)
    with engine.connect() as connection:
        for view in VIEWS.keys() - {"schema_info"}:
            assert connection.execute(text(f"SELECT * FROM {view}")).all() == []
    engine.dispose()


def test_an_empty_file_becomes_a_database(tmp_path):
    file = tmp_path / "webexhist.db"
    file.touch()
    assert read(open_database(file), latest) == ()


def test_sqlite_keeps_what_was_acknowledged_and_waits_for_others(sqlite_engine):
    with sqlite_engine.connect() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_every_sqlite_table_is_strict(sqlite_engine):
    with sqlite_engine.connect() as connection:
        tables = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'")).all())
    del tables["alembic_version"]
    assert set(tables) == set(metadata.tables)
    assert all("STRICT" in sql for sql in tables.values())
    assert "WITHOUT ROWID" in tables["reading"]


def test_opening_and_saving_a_current_database_leaves_alembic_out(sqlite_engine, sqlite_location):
    code = """
import json, sys
from datetime import UTC, datetime
from webexhist.snapshot import Organization, Snapshot
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
engine = open_database(sys.argv[1])
save(engine, Snapshot(Organization("acme", "Acme"), datetime.now(UTC), 1.0, 1, (), None, ()))
with reading(engine) as history:
    latest(history)
print(json.dumps(sorted({"alembic", "jinja2", "requests"} & set(sys.modules))))
"""
    assert json.loads(output_of(run_python(code, sqlite_location))) == []


@pytest.mark.slow
def test_processes_that_open_a_missing_database_at_once_all_get_it(location):
    code = """
import sys
import webexhist.store.opening.migrate
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
print("ready", flush=True)
sys.stdin.readline()
with reading(open_database(sys.argv[1])) as history:
    print(latest(history))
"""
    processes = [run_python(code, location) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [output_of(process) for process in processes] == ["()\n"] * 3


def test_a_process_that_waited_for_another_sees_what_it_made(postgres_location):
    """Within one transaction: PostgreSQL's own memory of which tables there are may be older than its data."""
    waiting = create_engine(postgres_location)
    with waiting.begin() as connection:
        assert stored_revision(connection) is None
        open_database(postgres_location).dispose()
        assert stored_revision(connection) == REVISION
    waiting.dispose()


@pytest.mark.parametrize("location", ["u:planted@h/db", "//u:planted@h/db", "postgres:u:planted@h", ":planted@h"])
def test_an_address_without_its_scheme_is_no_path_with_a_password_in_it(location):
    with pytest.raises(ConfigError, match="is no path, and no URL either") as raised:
        open_existing(location)
    assert "planted" not in str(raised.value)


def test_reading_commands_do_not_make_a_database(tmp_path):
    with pytest.raises(MissingDatabaseError, match="no database"):
        open_existing(tmp_path / "webexhist.db")
    assert list(tmp_path.iterdir()) == []


def test_reading_commands_open_what_is_there(sqlite_engine, sqlite_location):
    assert read(open_existing(sqlite_location), latest) == ()


@pytest.mark.parametrize("contents", [b"licenses,2026\n" * 400, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path, contents):
    file = tmp_path / "webexhist.db"
    file.write_bytes(contents)
    with pytest.raises(DamagedDatabaseError, match=str(file)):
        open_database(file)
    assert file.read_bytes() == contents


def test_a_database_that_was_cut_off_is_refused_and_left_alone(sqlite_engine, sqlite_location):
    sqlite_engine.dispose()
    file = Path(sqlite_location)
    half = file.read_bytes()[: file.stat().st_size // 2]
    file.write_bytes(half)
    with pytest.raises(DamagedDatabaseError):
        open_database(file)
    assert file.read_bytes() == half


def test_damage_that_shows_while_saving_is_reported_and_nothing_is_written(sqlite_engine, sqlite_location, taken):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    sqlite_engine.dispose()
    file = Path(sqlite_location)
    with closing(sqlite3.connect(file)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'reading'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    contents = bytearray(file.read_bytes())
    contents[(page - 1) * size : page * size] = b"\xff" * size
    file.write_bytes(contents)
    engine = open_database(file)
    with pytest.raises(DamagedDatabaseError):
        save(engine, taken("2026-11-23 15:05", people=4))
    engine.dispose()
    assert file.read_bytes() == contents


def test_a_database_of_another_program_is_refused_and_left_alone(location):
    engine = open_database(location)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW schema_info"))
        connection.execute(text("DROP TABLE alembic_version"))
    with pytest.raises(ForeignDatabaseError, match="another program"):
        open_database(location)
    engine.dispose()


def test_a_newer_database_is_refused_and_left_alone(location):
    engine = open_database(location)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError, match=r"9999.*update webexhist"):
        open_database(location)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    engine.dispose()


@pytest.mark.parametrize("path", ["/proc/webexhist/webexhist.db", "/dev/null/webexhist.db", "/proc"])
def test_a_path_that_cannot_be_written_is_reported(path):
    with pytest.raises(UnusableDatabaseError, match=path):
        open_database(path)


def test_a_server_that_does_not_answer_is_reported_without_the_password(tmp_path):
    with pytest.raises(UnusableDatabaseError) as refusal:
        open_database(f"postgresql+psycopg://webexhist:hunter2@/history?host={tmp_path}")
    assert str(tmp_path) in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["mysql://localhost/history", "nonsense://", "postgresql://host:port/history", "sqlite://"]
)
def test_a_url_of_no_supported_database_is_reported(url):
    with pytest.raises(ConfigError, match="give a path for SQLite"):
        open_database(url)


@pytest.mark.parametrize(
    "location",
    [
        "postgresql://u:planted@nowhere.invalid/db",
        "postgresql://u:pl@planted@nowhere.invalid/db",
        "postgresql://u:p@h:planted@nowhere.invalid/db",
        "postgresql://u:pl/planted@nowhere.invalid/db",
        "postgresql://nowhere.invalid/db?password=planted",
        "postgresql://nowhere.invalid/db?user=u&sslpassword=planted&port=x",
        "postgresql://nowhere.invalid:port/db?password=planted",
        "postgresql://u:planted@/db?host=/nowhere",
        "mysql://u:planted@h/db",
        "postgresql:/u:planted@h/db",
        "postgresql:u:planted@h/db://",
        "/etc/webexhist/postgresql:/u:planted@h/db",
        "host=h user=u password=planted dbname=db",
        "/etc/webexhist/host=h password='planted' dbname=db",
    ],
)
def test_no_error_repeats_a_password_wherever_it_stands(location):
    with pytest.raises(WebexhistError) as refusal:
        open_database(location)
    texts = f"{refusal.value} {refusal.value!r}"
    assert "planted" not in texts
    assert ": " in str(refusal.value), "the next step"
    assert not list(Path().glob("*planted*"))


def test_the_place_of_a_database_is_shown_without_its_password():
    url = "postgresql://u:planted@h/db?password=planted&sslmode=require"
    assert shown_location(url) == "postgresql+psycopg://u:***@h/db?password=***&sslmode=require"


def test_a_url_of_a_file_and_of_plain_postgres_are_understood(tmp_path, postgres_location):
    assert read(open_database(f"sqlite:///{tmp_path}/webexhist.db"), latest) == ()
    engine = open_database(postgres_location.replace("postgresql+psycopg", "postgresql"))
    assert read(engine, latest) == ()
    engine.dispose()


def test_a_database_is_read_within_one_context_that_closes_it(sqlite_engine, sqlite_location, taken):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    with open_history(sqlite_location) as history:
        assert [stored.number for stored in latest(history)] == [1]
    assert history.connection.closed
    with pytest.raises(MissingDatabaseError), open_history(f"{sqlite_location}.other"):
        pass


@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "SELECT json('no json')"])
def test_whatever_goes_wrong_while_reading_names_the_database(sqlite_engine, sqlite_location, statement):
    with (
        pytest.raises(DatabaseError, match=f"the database {sqlite_location}"),
        open_history(sqlite_location) as history,
    ):
        history.read(Query("What cannot be read", statement, {}, tuple))
