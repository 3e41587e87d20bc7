"""Bringing older databases up to date. A made-up version 99.0.0 stands for the next."""

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from killed import struck_at_line
from reading import read
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from webexhist.errors import StoppedError, remarks_on
from webexhist.resources import resource_folder
from webexhist.store.errors import DatabaseSpaceError, NewerDatabaseError, TrialDatabaseError, UnusableDatabaseError
from webexhist.store.mending.backup import back_up
from webexhist.store.opening import migrate
from webexhist.store.opening.database import open_database
from webexhist.store.opening.migrate import bring_up_to_date
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.schema import REVISION, TRIAL_REVISIONS, VIEWS_VERSION, metadata
from webexhist.store.seals.damage import find_damage
from webexhist.store.views import VIEWS

SECOND_MIGRATION = f"""
from alembic import op
from sqlalchemy import Column, Integer

revision = "99.0.0"
down_revision = "{REVISION}"


def upgrade() -> None:
    op.add_column("snapshot", Column("retries", Integer, nullable=False, server_default="0"))
"""
FAILING_MIGRATION = SECOND_MIGRATION + '    op.execute("INSERT INTO nowhere VALUES (1)")\n'


@pytest.fixture
def next_version(tmp_path):
    """Makes the migrations of a program that knows one more than this one."""

    def make(migration: str = SECOND_MIGRATION) -> Path:
        folder = tmp_path / "migrations of the next version, 100%"
        shutil.copytree(resource_folder("migrations"), folder, dirs_exist_ok=True)
        (folder / "versions" / "99_0_0_retries.py").write_text(migration)
        return folder

    return make


def revision_of(engine) -> str:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def backup_of(location: str) -> Path:
    return Path(f"{location}.before-99.0.0")


def test_an_older_file_is_backed_up_and_then_brought_up_to_date(sqlite_engine, sqlite_location, taken, next_version):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    bring_up_to_date(sqlite_engine, next_version())
    assert revision_of(sqlite_engine) == "99.0.0"
    with sqlite_engine.connect() as connection:
        assert connection.execute(text("SELECT number, retries FROM snapshot")).all() == [(1, 0)]
        assert connection.scalar(text("SELECT value FROM latest_counts")) == 3
    # The revision is not this program's, but the new definition of a table is sealed.
    assert [each.table for each in find_damage(sqlite_engine)] == ["alembic_version"]
    with closing(sqlite3.connect(backup_of(sqlite_location))) as backup:
        assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]
        assert backup.execute("SELECT value FROM latest_counts").fetchall() == [(3,)]
        assert backup.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.slow
def test_processes_that_meet_an_older_file_at_once_back_it_up_before_any_changes_it(
    sqlite_engine, sqlite_location, next_version
):
    code = """
import sys
from pathlib import Path
from webexhist.store.opening.database import open_database
from webexhist.store.opening.migrate import bring_up_to_date
engine = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
bring_up_to_date(engine, Path(sys.argv[2]))
"""
    command = [sys.executable, "-c", code, sqlite_location, str(next_version())]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert revision_of(sqlite_engine) == "99.0.0"
    with closing(sqlite3.connect(backup_of(sqlite_location))) as backup:
        assert backup.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]


@pytest.mark.slow
def test_an_older_postgres_is_brought_up_to_date(postgres_engine, taken, next_version):
    save(postgres_engine, taken("2026-11-23 15:00", people=3))
    bring_up_to_date(postgres_engine, next_version())
    assert revision_of(postgres_engine) == "99.0.0"
    with postgres_engine.connect() as connection:
        assert connection.execute(text("SELECT number, retries FROM snapshot")).all() == [(1, 0)]
        assert connection.scalar(text("SELECT value FROM latest_counts")) == 3


def test_a_migration_that_fails_changes_nothing(engine, taken, next_version):
    save(engine, taken("2026-11-23 15:00", people=3))
    with pytest.raises(DBAPIError, match="nowhere"):
        bring_up_to_date(engine, next_version(FAILING_MIGRATION))
    assert revision_of(engine) == REVISION
    assert [count.value for count in read(engine, latest)[0].counts] == [3]
    assert save(engine, taken("2026-11-23 15:05", people=4)) == 2


def test_where_a_migration_fails_or_is_stopped_the_copy_of_before_is_named(
    sqlite_engine, sqlite_location, next_version
):
    copy = f"the copy that was made before is {backup_of(sqlite_location)}"
    with pytest.raises(DBAPIError) as failed:
        bring_up_to_date(sqlite_engine, next_version(FAILING_MIGRATION))
    assert remarks_on(failed.value) == (copy,)
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        with pytest.raises(StoppedError) as stopped:
            struck_at_line(
                lambda: bring_up_to_date(sqlite_engine, next_version(FAILING_MIGRATION)),
                migrate._upgrade,
                2,
                lambda number=number: signal.raise_signal(number),
            )
        assert (str(stopped.value), stopped.value.code) == (f"stopped; {copy}", code)
    assert revision_of(sqlite_engine) == REVISION
    assert backup_of(sqlite_location).exists()


def test_where_the_copy_cannot_be_written_another_one_can_be_brought_up_to_date(
    sqlite_engine, sqlite_location, next_version
):
    sqlite_engine.dispose()
    folder, name = os.path.split(sqlite_location)
    long = shutil.move(sqlite_location, os.path.join(folder, name.rjust(245, "x")))
    engine = open_database(long)
    with pytest.raises(UnusableDatabaseError) as refused:
        bring_up_to_date(engine, next_version())
    assert str(refused.value) == (
        f"{long}.before-99.0.0, the copy that is made before tables change, cannot be written (File name too long): "
        "let this user write into its folder, or bring a copy up to date that webexhist db backup makes"
    )
    assert revision_of(engine) == REVISION
    back_up(engine, Path(sqlite_location))
    assert bring_up_to_date(open_database(sqlite_location), next_version()).revision == "99.0.0"


def test_a_current_database_is_left_as_it_is(sqlite_engine, sqlite_location, next_version):
    migrations = next_version()
    bring_up_to_date(sqlite_engine, migrations)
    backup_of(sqlite_location).unlink()
    bring_up_to_date(sqlite_engine, migrations)
    assert not backup_of(sqlite_location).exists()


def test_without_room_for_the_backup_nothing_is_touched(sqlite_engine, sqlite_location, next_version):
    # A hole at the end of the file takes no room, but the file is as large as the disk all the same.
    os.truncate(sqlite_location, shutil.disk_usage(Path(sqlite_location).parent).total)
    with pytest.raises(DatabaseSpaceError, match="free space on its disk"):
        bring_up_to_date(sqlite_engine, next_version())
    assert revision_of(sqlite_engine) == REVISION
    assert not backup_of(sqlite_location).exists()


def test_the_program_before_refuses_what_the_next_one_made(sqlite_engine, sqlite_location, next_version):
    bring_up_to_date(sqlite_engine, next_version())
    with pytest.raises(NewerDatabaseError, match=r"revision 99\.0\.0"):
        open_database(sqlite_location)


@pytest.mark.parametrize("revision", sorted(TRIAL_REVISIONS))
def test_a_database_of_a_trial_version_is_refused_by_name_and_left_alone(location, revision):
    engine = create_engine(location if "://" in location else f"sqlite:///{location}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text(f"INSERT INTO alembic_version VALUES ('{revision}')"))
        connection.execute(text("CREATE TABLE reading (metric_id INTEGER, number INTEGER, value INTEGER)"))
        connection.execute(text("INSERT INTO reading VALUES (1, 1, 430)"))
    with pytest.raises(TrialDatabaseError, match=f"trial version.*revision {revision}.*name another database"):
        open_database(location)
    assert revision_of(engine) == revision
    assert set(inspect(engine).get_table_names()) == {"alembic_version", "reading"}
    assert inspect(engine).get_view_names() == []
    engine.dispose()


def test_a_trial_revision_is_no_revision_of_this_program():
    known = {script.revision for script in ScriptDirectory(str(resource_folder("migrations"))).walk_revisions()}
    assert not TRIAL_REVISIONS & known


def test_the_program_knows_its_newest_migration():
    assert ScriptDirectory(str(resource_folder("migrations"))).get_current_head() == REVISION


# What an index of SQLite is made of is compared below, as text.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_the_tables_that_the_program_knows(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_sqlite_tables_of_the_same_kind_and_the_same_indexes(sqlite_engine):
    directly = create_engine("sqlite://")
    metadata.create_all(directly)

    def kinds_and_indexes(engine) -> dict[str, object]:
        query = text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'view'")
        with engine.connect() as connection:
            return {
                name: sql if kind == "index" else ("STRICT" in sql, "WITHOUT ROWID" in sql)
                for kind, name, sql in connection.execute(query)
                if name != "alembic_version"
            }

    assert kinds_and_indexes(sqlite_engine) == kinds_and_indexes(directly)


def test_views_change_with_their_version_only():
    """Existing databases get changed views only where their version is a higher one."""
    texts = "\n".join(f"{name}: {query}" for name, query in VIEWS.items())
    assert (VIEWS_VERSION, hashlib.sha256(texts.encode()).hexdigest()[:16]) == (1, "cabf12b85eb61f2d")
