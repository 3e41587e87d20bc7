"""What disks, databases and rights can do to a poll: what is committed is never lost, and the reason is reported."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from handed_time import PATIENCE, SkippedTime
from shortages import largest_file, open_files
from sqlalchemy import text

from webexhist.simulator import Hang, Trouble
from webexhist.store.opening.database import open_database
from webexhist.store.opening.history import open_history

NOBODY = 65_534


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def unprivileged(host):
    """A host in a folder of a user who is not root, and whom this process is meanwhile."""
    host.poll()  # imports everything while it can still be read
    folder = Path(tempfile.mkdtemp(prefix="webexhist-faults-"))
    shutil.copy(host.database, folder)
    is_root = os.geteuid() == 0
    if is_root:
        for path in (folder, folder / host.database.name):
            os.chown(path, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield replace(host, folder=folder)
    if is_root:
        os.seteuid(0)
    folder.chmod(0o700)
    shutil.rmtree(folder)


ON_A_SMALL_DISK = """
import shutil, subprocess, sys
from datetime import datetime, timedelta
from pathlib import Path
from webexhist.cli import beside, clock
from webexhist.cli.main import main

beside.start = lambda *_: None  # whoever still writes beside a poll keeps the disk from becoming read-only
disk, config, moment = Path(sys.argv[1]), sys.argv[2], datetime.fromisoformat(sys.argv[3])

def mount(*options):
    subprocess.run(["mount", *options, "none", disk], check=True)

def poll():
    global moment
    moment += timedelta(minutes=5)
    sys.argv = ["webexhist", "poll", "--config", config]
    try:
        main()
    except SystemExit as end:
        sys.stdout = sys.__stdout__  # taken away behind a document
        print(end.code or 0)

def fill(file):
    with open(file, "wb", buffering=0) as filler:
        try:
            while filler.write(bytes(4096)):
                pass
        except OSError:
            pass

clock.host = lambda: moment
mount("-t", "tmpfs", "-o", "size=800k")
poll()
fill(disk / "filler")
poll()
(disk / "filler").unlink()
poll()
mount("-o", "remount,ro")
poll()
mount("-o", "remount,rw")
poll()
shutil.copytree(disk, disk.with_name("copy"))
"""
"""Polls on a disk with room, full, with room again, read-only, and as it was; prints documents and exit codes."""


@pytest.mark.slow
def test_a_disk_that_is_full_or_read_only_keeps_what_is_stored(host, tmp_path):
    """On a real file system of its own, as small as a database with its log."""
    disk = tmp_path / "disk"
    disk.mkdir()
    config = host.configure(database=disk / "webexhist.db", logging="False")
    namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
    trial = [*namespace, "mount", "-t", "tmpfs", "none", disk]
    if not shutil.which("unshare") or subprocess.run(trial, capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a file system of his own")
    words = [*namespace, sys.executable, "-c", ON_A_SMALL_DISK, disk, config, host.clock().isoformat()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=True)
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    documents, codes = printed[::2], printed[1::2]

    assert codes == [0, 1, 0, 1, 0]
    assert [document.get("status") for document in documents] == [None, 0, None, 0, None]
    assert "has space left" in documents[1]["msg"] or "free space on its disk" in documents[1]["msg"]
    assert "cannot be used (Read-only file system): name another place, or mount" in documents[3]["msg"]
    assert done.stderr.splitlines() == [f"webexhist: {documents[number]['msg']}" for number in (1, 3)]
    assert [documents[number]["People Change"] for number in (2, 4)] == [0, 0]
    with closing(sqlite3.connect(tmp_path / "copy" / "webexhist.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT number FROM snapshot").fetchall() == [(1,), (2,), (3,)]


ON_SMALL_BLOCKS = """
import os, shutil, subprocess, sys
from pathlib import Path
from webexhist.cli import beside
from webexhist.cli.main import main

beside.start = lambda *_: None
disk, config, database, image = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
subprocess.run(["mount", "-o", "loop", image, disk], check=True)
for room in (10, 14, 24, 400):
    for left in disk.glob("[!l]*"):
        left.unlink()
    shutil.copy(database, disk / "webexhist.db")
    with open(disk / "filler", "wb", buffering=0) as filler:
        for step in (1 << 20, 1024):
            try:
                while filler.write(bytes(step)):
                    pass
            except OSError:
                pass
        os.fsync(filler)
        filler.truncate(filler.tell() - room * 1024)
        os.fsync(filler)
    for words in ("licenses", "poll"):
        if not (child := os.fork()):
            sys.argv = ["webexhist", words, "--config", config]
            sys.stdout = sys.stdout if words == "poll" else open(os.devnull, "w")
            main()
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""A reader and a poll on a disk of small blocks with ever more room; prints how each ended, the poll its document."""


@pytest.mark.slow
@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("mkfs.ext4"), reason="only root mounts what mkfs.ext4 makes"
)
def test_a_disk_of_small_blocks_that_is_full_ends_no_process(host, tmp_path):
    """SQLite writes its index by way of memory, where a disk without room is a signal and no error."""
    host.poll()
    disk, image = tmp_path / "disk", tmp_path / "image"
    disk.mkdir()
    image.write_bytes(b"")
    os.truncate(image, 8 * 1024 * 1024)
    subprocess.run(["mkfs.ext4", "-q", "-b", "1024", "-m", "0", image], check=True)
    trial = ["unshare", "--mount", "mount", "-o", "loop", image, disk]
    if subprocess.run(trial, capture_output=True, check=False).returncode:
        pytest.skip("this system has no loop devices")
    config = host.configure(database=disk / "webexhist.db", logging="False")
    words = ["unshare", "--mount", sys.executable, "-c", ON_SMALL_BLOCKS, disk, config, host.database, image]
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=True)
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    readers, documents, polls = printed[::3], printed[1::3], printed[2::3]
    assert readers == [0, 0, 0, 0]
    assert polls == [1, 1, 1, 0]
    assert all("has no room left" in document["msg"] for document in documents[:3])


@pytest.mark.slow
@pytest.mark.parametrize("size", [0, 5_000, 20_000, 60_000])
def test_a_database_that_cannot_be_finished_is_made_by_the_next_poll(host, size):
    host.configure()
    with largest_file(size):
        assert host.poll().code == 1
    assert host.poll().code == 0
    assert host.snapshots() == 1


def test_a_snapshot_for_which_there_is_no_room_is_not_stored_in_part(host):
    host.poll()
    before = rows(host.database)
    host.later(minutes=5)
    with largest_file(4_000):
        polled = host.poll()
    assert polled.code == 1
    assert f"the database {host.database} cannot be used (File too large)" in polled.message
    assert "let this user write larger files (ulimit -f)" in polled.message
    assert rows(host.database) == before
    assert host.poll().code == 0
    assert host.snapshots() == 2


def test_where_there_is_no_room_for_an_index_beside_it_a_database_is_read_all_the_same(host):
    host.poll()
    with largest_file(0), open_history(host.database) as history:
        assert history.connection.scalar(text("SELECT count(*) FROM snapshot")) == 1


@pytest.mark.parametrize(
    "words", ["db backup copy.db", "db restore copy.db", "db upgrade", "note add hello", "licenses"]
)
def test_with_too_few_open_files_a_command_says_so_and_changes_nothing(host, words, monkeypatch):
    host.poll()
    monkeypatch.chdir(host.folder)
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(host.database))
    host.command("db", "backup", "before.db")
    host.command(*words.split())  # imports what it needs
    before, refused = rows(host.database), 0
    for more in range(12):
        Path("copy.db").unlink(missing_ok=True)
        if "restore" in words:
            shutil.copy("before.db", "copy.db")
        with open_files(more):
            done = host.command(*words.split())
        if done.code == 0:
            break
        refused += 1
        assert "Too many open files" in done.line, more
        assert "let this user open more files (ulimit -n)" in done.line, more
        assert rows(host.database) == before, more
        assert not Path("copy.db").exists() or "restore" in words, more
    assert done.code == 0
    assert refused


def rows(file):
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def test_a_database_that_may_not_be_written_is_reported(unprivileged):
    file = unprivileged.folder / "webexhist.db"
    unprivileged.configure(database=file)
    file.chmod(0o400)
    unprivileged.folder.chmod(0o500)
    unprivileged.later(minutes=5)
    polled = unprivileged.poll(database=file)
    assert polled.code == 1
    assert "see that the file and its folder exist and that this user may write both" in polled.message


def test_a_folder_that_cannot_be_made_is_reported(unprivileged):
    database = unprivileged.folder / "new" / "webexhist.db"
    unprivileged.configure(database=database)
    unprivileged.folder.chmod(0o500)
    polled = unprivileged.poll(database=database)
    assert polled.code == 1
    assert "cannot be made or brought up to date (Permission denied)" in polled.message


@pytest.mark.slow
def test_a_database_that_another_process_writes_is_reported_once_the_budget_is_used_up(host):
    host.poll()
    host.later(minutes=5)
    host.server.faults.troubles.append(Trouble(Hang(3_600), path="/v1/roles", times=1))
    host.command.go_by(host.clock, SkippedTime(lambda: host.server.requests.by_path()["/v1/roles"] - 1))
    with closing(sqlite3.connect(host.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        polled = host.poll()
    assert polled.code == 1
    assert "is locked by another process (database is locked): end that process or try again later" in polled.message
    host.command.go_by(host.clock)
    assert host.poll().code == 0
    assert host.snapshots() == 2


def newer(file):
    open_database(file).dispose()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def foreign(file):
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE invoices (id)")


def cut(file):
    open_database(file).dispose()
    file.write_bytes(file.read_bytes()[:30_000])


def no_database(file):
    file.write_bytes(b"license;units\n" * 1_000)


@pytest.mark.parametrize(
    ("make", "reason", "next_step"),
    [
        (newer, "was made by another version of webexhist (revision 9999", "update webexhist"),
        (foreign, "holds tables of another program (invoices)", "choose another database"),
        (
            cut,
            "is damaged or no database",
            "which keeps the damaged file",
        ),
        (
            no_database,
            "is damaged or no database",
            "which keeps the damaged file",
        ),
        (Path.mkdir, "cannot be opened or written", "see that the file and its folder exist"),
    ],
)
def test_a_database_that_is_none_of_ours_is_reported_and_left_alone(host, make, reason, next_step):
    host.state.mkdir()
    make(host.database)
    before = host.database.is_file() and host.database.read_bytes()
    for options in ([], ["--stored"]):
        polled = host.poll(*options)
        assert polled.code == 1
        assert reason in polled.message
        assert next_step in polled.message
    assert (host.database.is_file() and host.database.read_bytes()) == before
    assert host.command("poll", "--quiet", "--config", host.configure()).stdout == ""
    assert set(host.server.requests.by_path()) <= {"/v1/organizations"}, "no count that cannot be stored"


def test_an_empty_file_becomes_the_database(host):
    host.state.mkdir()
    host.database.touch()
    assert host.poll().code == 0
    assert host.snapshots() == 1


@pytest.mark.slow
@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_nobody_else_can_read_or_change_what_a_poll_makes(host, mask):
    with umask(mask):
        host.poll(database=host.folder / "new" / "folder" / "history.db")
        host.poll()
    for folder in (host.state, host.folder / "new", host.folder / "new" / "folder"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not [path for path in host.state.iterdir() if path.stat().st_mode & 0o022]
    assert {stat.S_IMODE((host.state / name).stat().st_mode) for name in ("plugin_perf.log", "last_poll")} == {0o600}
