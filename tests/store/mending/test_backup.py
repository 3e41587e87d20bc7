"""Backups: whole or not there at all, and brought in whole or not at all."""

import contextlib
import errno
import functools
import itertools
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from killed import killed_at_every_line, struck_at_line
from reading import read
from shortages import largest_file, room_to_lose
from sqlalchemy import text

from webexhist.state import private_files
from webexhist.store.engine import engine_for
from webexhist.store.errors import (
    BusyDatabaseError,
    DamagedDatabaseError,
    DatabaseError,
    ExistingFileError,
    ForeignDatabaseError,
    NewerDatabaseError,
    ServerDatabaseError,
    UnusableDatabaseError,
)
from webexhist.store.mending import backup
from webexhist.store.mending.backup import back_up, backup_beside, restore
from webexhist.store.opening import copies
from webexhist.store.opening.database import open_database, open_existing
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)


def people(engine) -> int | None:
    (snapshot,) = read(engine, latest)
    return next(count.value for count in snapshot.counts if count.metric == "people")


@pytest.fixture
def file(sqlite_location) -> Path:
    return Path(sqlite_location)


@pytest.fixture
def saved(sqlite_engine, taken, file) -> Path:
    """A backup of the database when it had one poll with 3 people."""
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    target = file.with_name("backup.db")
    back_up(sqlite_engine, target)
    return target


def test_a_backup_is_one_file_for_its_owner_that_holds_everything(sqlite_engine, saved):
    assert saved.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in saved.parent.iterdir() if path.name.startswith((".webexhist-", "backup"))} == {
        "backup.db"
    }
    engine = open_existing(saved)
    assert people(engine) == 3
    assert find_damage(engine) == ()


def test_a_backup_is_made_while_another_process_is_in_the_middle_of_storing(sqlite_engine, file, taken):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    with closing(sqlite3.connect(file, isolation_level=None)) as poll:
        poll.execute("BEGIN IMMEDIATE")
        poll.execute("UPDATE reading SET value = 4")
        back_up(sqlite_engine, file.with_name("backup.db"))
        poll.execute("ROLLBACK")
    assert people(open_existing(file.with_name("backup.db"))) == 3


def test_polls_go_on_while_backups_are_made(sqlite_engine, file, taken):
    save(sqlite_engine, taken("2026-11-23 15:00", people=0))
    done = threading.Event()

    def poll() -> None:
        engine = open_database(file)
        for minute in range(1, 40):
            save(engine, taken(f"2026-11-23 15:{minute:02}", people=minute))
        engine.dispose()
        done.set()

    poller = threading.Thread(target=poll)
    poller.start()
    made = 0
    while not done.is_set() or not made:
        back_up(sqlite_engine, file.with_name(f"backup {made}.db"))
        made += 1
    poller.join()
    for number in range(made):
        engine = open_existing(file.with_name(f"backup {number}.db"))
        (snapshot,) = read(engine, latest)
        assert people(engine) == snapshot.number - 1
        engine.dispose()


def test_what_is_kept_twice_within_a_second_has_a_number_the_second_time(sqlite_engine, file, saved):
    sqlite_engine.dispose()
    kept = [restore(engine_for(file), saved, NOW) for _ in range(3)]
    name = f"{file.name}.before-restore-20261125-093000"
    assert [path.name for path in kept] == [name, f"{name}-2", f"{name}-3"]
    trimmed = backup_beside(engine_for(file), "trim", NOW)
    back_up(engine_for(file), trimmed)
    assert backup_beside(engine_for(file), "trim", NOW).name == f"{trimmed.name}-2"


@pytest.mark.parametrize("plant", [Path.touch, lambda path: path.symlink_to("/nowhere"), Path.mkdir])
def test_nothing_is_overwritten_by_a_backup(sqlite_engine, file, plant):
    target = file.with_name("backup.db")
    plant(target)
    with pytest.raises(ExistingFileError, match="name another file"):
        back_up(sqlite_engine, target)


def test_where_there_is_no_room_the_file_is_named_that_could_not_be_written(sqlite_engine, file, saved):
    for write, written in (
        (lambda: back_up(sqlite_engine, file.with_name("second.db")), file.with_name("second.db")),
        (lambda: restore(sqlite_engine, saved, NOW), file),
    ):
        with largest_file(20_000), pytest.raises(UnusableDatabaseError) as failed:
            write()
        assert str(failed.value).startswith(f"the database {written} cannot be used (File too large)")
    assert {path.name for path in file.parent.iterdir()} <= {file.name, saved.name, *lying_beside(file)}


def lying_beside(file: Path) -> set[str]:
    return {f"{file.name}{end}" for end in ("-wal", "-shm", ".lock")}


def test_where_no_journal_can_be_made_the_file_is_named_that_could_not_be_written(sqlite_engine, file, monkeypatch):
    monkeypatch.setattr(secrets, "token_hex", lambda size: "0" * 2 * size)
    file.with_name(f".webexhist-{0:016}-journal").mkdir()  # as in a folder that takes no more files
    target = file.with_name("second.db")
    with pytest.raises(UnusableDatabaseError, match=re.escape(str(target))):
        back_up(sqlite_engine, target)
    assert not target.exists()


def test_a_folder_that_is_not_there_is_reported(sqlite_engine, file):
    with pytest.raises(UnusableDatabaseError, match="No such file or directory"):
        back_up(sqlite_engine, file.parent / "missing" / "backup.db")


def test_no_backup_is_made_of_a_damaged_database(sqlite_engine, file, saved):
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE reading SET value = 4 WHERE value = 3"))
    with pytest.raises(DamagedDatabaseError, match="people at 2026-11-23 15:00:00 UTC is 4, stored was 3"):
        back_up(sqlite_engine, file.with_name("second.db"))
    assert not file.with_name("second.db").exists()


def test_a_server_has_its_own_tools(postgres_engine, tmp_path):
    url = postgres_engine.url.set(password="hunter2")
    engine = engine_for(url.render_as_string(hide_password=False))
    with pytest.raises(ServerDatabaseError, match=r"pg_dump --format=custom --file=\S+ --dbname=") as refused:
        back_up(engine, tmp_path / "backup")
    assert "hunter2" not in str(refused.value)
    with pytest.raises(ServerDatabaseError, match="pg_restore") as refused:
        restore(engine, tmp_path / "backup", NOW)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:hunter2@h:1/db", "postgresql://u@h:1/db?password=hunter2&sslpassword=hunter2&sslmode=require"],
)
def test_the_tool_of_a_server_is_named_without_a_password(tmp_path, url):
    engine = engine_for(url)
    for ask in (lambda: back_up(engine, tmp_path / "b"), lambda: restore(engine, tmp_path / "b", NOW)):
        with pytest.raises(ServerDatabaseError, match=r"--dbname='?postgresql://u@h:1/db") as refused:
            ask()
        assert "hunter2" not in str(refused.value)
        assert "***" not in refused.value.next_step  # nobody could log in with that
        assert ("sslmode=require" in refused.value.next_step) == ("sslmode" in url)


def test_a_backup_is_brought_in_and_the_database_of_before_kept(sqlite_engine, file, saved, taken):
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    sqlite_engine.dispose()
    kept = restore(engine_for(file), saved, NOW)
    assert kept == file.with_name(f"{file.name}.before-restore-20261125-093000")
    restored = open_existing(file)
    assert people(restored) == 3
    assert save(restored, taken("2026-11-23 15:10", people=5)) == 2
    with restored.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
    assert people(open_existing(kept)) == 4


def test_what_only_the_log_of_the_old_database_holds_is_kept_with_it_and_not_taken_for_the_new_ones(
    sqlite_engine, file, saved, taken
):
    """As after a poll that was killed: its snapshot stands in the log beside the file alone."""
    code = """
import os, sys
from sqlalchemy import text
from webexhist.store.opening.database import open_database
from webexhist.store.engine import writing
with writing(engine := open_database(sys.argv[1])) as connection:
    connection.execute(text("INSERT INTO note (day, text, step) VALUES ('2026-11-23', 'only in the log', 0)"))
os._exit(0)
"""
    sqlite_engine.dispose()
    subprocess.run([sys.executable, "-c", code, file], check=True)
    assert file.with_name(f"{file.name}-wal").stat().st_size
    kept = restore(engine_for(file), saved, NOW)
    with closing(sqlite3.connect(file)) as restored, closing(sqlite3.connect(kept)) as old:
        assert restored.execute("SELECT text FROM note").fetchall() == []
        assert old.execute("SELECT text FROM note").fetchall() == [("only in the log",)]


def test_a_database_that_is_no_database_any_more_is_replaced(sqlite_engine, file, saved):
    sqlite_engine.dispose()
    file.write_bytes(b"\xff" * 9000)
    kept = restore(engine_for(file), saved, NOW)
    assert people(open_existing(file)) == 3
    assert kept.read_bytes() == b"\xff" * 9000


def test_a_backup_is_brought_in_where_there_is_no_database(sqlite_engine, saved, tmp_path):
    file = tmp_path / "elsewhere" / "webexhist.db"
    assert restore(engine_for(file), saved, NOW) is None
    assert people(open_existing(file)) == 3


def foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE recipe (name TEXT)")


def of_a_later_version(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


def with_a_wrong_value(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE reading SET value = 30 WHERE value = 3")


def cut_off(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def test_a_copy_that_cannot_be_read_is_named_by_what_it_was_made_of(sqlite_engine, file, saved):
    sqlite_engine.dispose()
    with closing(sqlite3.connect(saved)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        (page,) = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    with saved.open("r+b") as opened:
        opened.seek((page - 1) * size)
        opened.write(b"\xff" * size)
    with pytest.raises(
        DamagedDatabaseError, match=f"^the database {re.escape(str(saved))} is damaged or no database"
    ):
        restore(engine_for(file), saved, NOW)
    assert people(open_existing(file)) == 3


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (foreign, NewerDatabaseError),
        (of_a_later_version, NewerDatabaseError),
        (with_a_wrong_value, DamagedDatabaseError),
        (cut_off, DatabaseError),
        (lambda file: file.write_text("no database"), DamagedDatabaseError),
        (lambda file: os.truncate(file, 0), ForeignDatabaseError),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(sqlite_engine, file, saved, taken, spoil, error):
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    sqlite_engine.dispose()
    if spoil is foreign:
        saved.unlink()
        error = ForeignDatabaseError
    spoil(saved)
    before = {path.name: path.read_bytes() for path in file.parent.iterdir()}
    with pytest.raises(error):
        restore(engine_for(file), saved, NOW)
    assert {path.name: path.read_bytes() for path in file.parent.iterdir()} == before


def test_a_database_that_another_process_has_open_is_waited_for_and_then_left(
    sqlite_engine, file, saved, monkeypatch
):
    monkeypatch.setattr(backup, "BUSY_SECONDS", 0.3)
    sqlite_engine.dispose()
    with closing(sqlite3.connect(file)) as reader:
        reader.execute("BEGIN").execute("SELECT * FROM reading").fetchone()
        with pytest.raises(BusyDatabaseError, match="end that process"):
            restore(engine_for(file), saved, NOW)
    assert people(open_existing(file)) == 3
    assert not list(file.parent.glob("*.before-restore-*"))


def test_a_poll_that_opened_the_database_before_it_was_replaced_stores_into_the_new_one(
    sqlite_engine, file, saved, taken
):
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    with sqlite_engine.connect() as connection:  # goes back to the pool, where it stays open
        connection.execute(text("SELECT 1"))
    moved = file.with_name("moved.db")
    shutil.copy(saved, moved)
    os.replace(moved, file)
    file.with_name(f"{file.name}-wal").unlink(missing_ok=True)
    file.with_name(f"{file.name}-shm").unlink(missing_ok=True)
    assert save(sqlite_engine, taken("2026-11-23 15:10", people=5)) == 2
    assert people(open_existing(file)) == 5


@pytest.mark.slow
@pytest.mark.parametrize("every", [3])
def test_a_restore_killed_at_any_line_leaves_the_one_or_the_other(sqlite_engine, file, saved, taken, every):
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    sqlite_engine.dispose()
    folder = file.parent / "killed"
    seen = set()
    for _ in killed_at_every_line(
        lambda: restore(engine_for(folder / file.name), saved, NOW), [backup, copies, private_files], every
    ):
        if folder.exists():
            seen.add(usable_people(folder / file.name, taken))
            shutil.rmtree(folder)
        folder.mkdir()
        shutil.copy(file, folder)
    assert seen == {3, 4}


@pytest.mark.slow
def test_a_restore_that_has_no_room_from_any_line_on_says_so_and_leaves_the_one_or_the_other(
    sqlite_engine, file, saved, taken
):
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    sqlite_engine.dispose()
    folder, seen = file.parent / "refused", set()
    for line in itertools.count(1):
        folder.mkdir()
        shutil.copy(file, folder)
        with room_to_lose() as take_all_room:
            work, done = functools.partial(restore, engine_for(folder / file.name), saved, NOW), False
            with contextlib.suppress(DatabaseError):
                done = not struck_at_line(work, restore, line, take_all_room)
        seen.add(usable_people(folder / file.name, taken))
        shutil.rmtree(folder)
        if done:
            break
    assert seen == {3, 4}


def disk_error():
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_where_nothing_can_take_its_place_the_database_has_its_one_name_again(sqlite_engine, file, saved, taken):
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    sqlite_engine.dispose()
    before = {path.name for path in file.parent.iterdir()}
    work = functools.partial(restore, engine_for(file), saved, NOW)
    with pytest.raises(UnusableDatabaseError, match=f"^{re.escape(str(file))} cannot be written"):
        struck_at_line(work, private_files.Draft.take_place, 1, disk_error)
    assert {path.name for path in file.parent.iterdir()} == before | {f"{file.name}.lock"}
    assert file.stat().st_nlink == 1
    assert people(open_existing(file)) == 4


def test_the_log_of_a_damaged_database_lies_beside_it_again_then(tmp_path):
    file, log = tmp_path / "webexhist.db", tmp_path / "webexhist.db-wal"
    file.write_bytes(b"\xff" * 9000)
    log.write_bytes(b"what was stored last")
    remarks: list[str] = []
    with (
        file.open("rb") as former,
        pytest.raises(OSError, match="Input"),
        backup._set_aside(file, former, NOW, remarks.append) as kept,
    ):
        assert {path.name for path in tmp_path.iterdir()} == {file.name, kept.name, f"{kept.name}-wal"}
        disk_error()
    assert {path.name: path.read_bytes()[-4:] for path in tmp_path.iterdir()} == {
        "webexhist.db": b"\xff" * 4,
        "webexhist.db-wal": b"last",
    }
    assert remarks == []


def test_who_interrupts_a_restore_hears_where_what_was_there_lies(tmp_path):
    """Nobody knows then whether the backup has its place already."""
    file = tmp_path / "webexhist.db"
    file.write_bytes(b"what was there")
    remarks: list[str] = []
    with (
        file.open("rb") as former,
        pytest.raises(KeyboardInterrupt),
        backup._set_aside(file, former, NOW, remarks.append) as kept,
    ):
        raise KeyboardInterrupt
    assert remarks == [f"what it was before is {kept}"]
    assert kept.read_bytes() == b"what was there"


def usable_people(file: Path, taken) -> int | None:
    """The people of the last poll in a database that is whole, and that the next poll can be stored in."""
    engine = open_existing(file)
    found = people(engine)
    assert find_damage(engine) == ()
    save(engine, taken("2026-11-23 16:00", people=found))
    assert people(engine) == found
    engine.dispose()
    return found


@pytest.mark.parametrize("every", [pytest.param(3, marks=pytest.mark.slow), 13])
def test_a_backup_killed_at_any_line_is_whole_or_not_there(sqlite_engine, file, taken, every):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    sqlite_engine.dispose()
    folder = file.parent / "kept"
    target = folder / "backup.db"
    folder.mkdir()
    for _ in killed_at_every_line(lambda: back_up(engine_for(file), target), [backup, copies, private_files], every):
        if target.exists():
            assert people(open_existing(target)) == 3
        # What killed ones left is looked at by the next one, which would take longer from kill to kill.
        shutil.rmtree(folder)
        folder.mkdir()
    assert people(open_existing(target)) == 3
