"""Who may only read reads everything, and leaves nothing behind that would keep its owner from polling."""

import os
import shlex
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from histories import license_of
from planted import NOBODY, needs_root

from webexhist.metrics import Metric

pytestmark = needs_root
SUITE = license_of("Webex Meetings Suite")
READERS = [
    "licenses",
    "check --warning 99",
    "history people",
    "history 'Webex Meetings Suite'",
    "report --force",
    "status --json",
    "poll --stored --max-age 31536000",
    "note list",
    "contract list",
    "db void --list",
    "db check",
    "db metadata",
    "decisions",
    "plan",
    "organization list",
    "succession list",
    "metrics",
    "sql 'SELECT * FROM counts'",
    "export counts",
    "export snapshots",
]


@contextmanager
def as_nobody():
    """As another user, who is in no group of root's."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


@pytest.fixture
def owner(poller):
    """Polls that are still in the log beside the file, whose owner has it open."""
    for day in ("2026-10-01", "2026-11-25"):
        poller.poll(f"{day} 06:00", {SUITE: (250, 200)}, {Metric.PEOPLE: 430})
    return poller


@pytest.fixture
def folder():
    """A folder that others can look into, but not write."""
    made = Path(tempfile.mkdtemp(prefix="webexhist-read-only-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


def copied(owner, folder, *kinds):
    for kind in ("", *kinds):
        source = Path(f"{owner.engine.url.database}{kind}")
        assert source.stat().st_size, "the log holds what was polled"
        shutil.copy(source, folder / f"history.db{kind}")
        (folder / f"history.db{kind}").chmod(0o644)


def whole(owner, folder):
    """One file, as a backup is."""
    with closing(sqlite3.connect(owner.engine.url.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copied(owner, folder)


def with_its_log(owner, folder):
    copied(owner, folder, "-wal")


def with_log_and_index(owner, folder):
    copied(owner, folder, "-wal", "-shm")


def with_an_empty_log(owner, folder):
    whole(owner, folder)
    (folder / "history.db-wal").touch(0o644)


@pytest.fixture(
    params=[
        with_its_log,
        *(pytest.param(kind, marks=pytest.mark.slow) for kind in (whole, with_log_and_index, with_an_empty_log)),
    ]
)
def database(request, owner, folder):
    request.param(owner, folder)
    return folder / "history.db"


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
def test_a_user_who_may_only_read_sees_what_the_owner_sees(webexhist, owner, database, reader, tmp_path_factory):
    out = Path(tempfile.mkdtemp(prefix="webexhist-out-"))
    os.chown(out, NOBODY, NOBODY)
    words = [*shlex.split(reader), *(["--out", out] if reader.startswith("report") else [])]
    expected = webexhist(*words, "--database", owner.engine.url.database)
    assert expected.code == (1 if reader.startswith("status") else 0)
    before = contents(database.parent)
    if words[0] == "report":
        shutil.rmtree(out)
        out.mkdir()
        os.chown(out, NOBODY, NOBODY)
    with as_nobody():
        done = webexhist(*words, "--database", database)
    assert (done.code, done.stderr) == (expected.code, "")
    if words[0] == "status":
        assert done.json["database"] | {"place": 0, "bytes": 0} == expected.json["database"] | {
            "place": 0,
            "bytes": 0,
        }
    else:
        assert done.stdout == expected.stdout
    assert contents(database.parent) == before
    shutil.rmtree(out)


def test_a_user_who_may_only_read_makes_a_backup(webexhist, database, tmp_path_factory):
    out = Path(tempfile.mkdtemp(prefix="webexhist-out-"))
    os.chown(out, NOBODY, NOBODY)
    before = contents(database.parent)
    with as_nobody():
        done = webexhist("db", "backup", out / "backup.db", "--database", database)
    assert (done.code, done.stderr) == (0, "")
    assert webexhist("history", "people", "--database", out / "backup.db").stdout.count("430")
    assert contents(database.parent) == before
    shutil.rmtree(out)


def test_a_reader_beside_the_owners_polls_sees_the_last_one_and_stops_none(webexhist, owner, folder):
    whole(owner, folder)
    file = folder / "history.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("UPDATE organization SET name = 'Acme Renamed'")
        with as_nobody():
            assert "Acme Renamed" in webexhist("licenses", "--database", file).stdout
        writer.execute("UPDATE organization SET name = 'Acme Again'")
    with as_nobody():
        assert "Acme Again" in webexhist("licenses", "--database", file).stdout


def test_a_reader_in_a_folder_that_all_may_write_makes_no_file_there(webexhist, owner, folder):
    """A log or an index of another user's would keep the owner from polling."""
    whole(owner, folder)
    folder.chmod(0o777)
    with as_nobody():
        assert webexhist("licenses", "--database", folder / "history.db").code == 0
    assert [path.name for path in folder.iterdir()] == ["history.db"]


def test_what_may_not_be_read_is_one_line(webexhist, owner, folder):
    with_its_log(owner, folder)
    file = folder / "history.db"
    (folder / "history.db-wal").chmod(0o600)
    with as_nobody():
        done = webexhist("licenses", "--database", file)
    assert done.code == 1
    assert done.line.startswith(f"the database {file} can be read only with the log beside it, and no copy")
    file.chmod(0o600)
    with as_nobody():
        assert "may not be read by this user" in webexhist("licenses", "--database", file).line
    folder.chmod(0o700)
    with as_nobody():
        assert "cannot be reached (Permission denied)" in webexhist("licenses", "--database", file).line


def test_without_a_place_for_temporary_files_that_is_said(webexhist, owner, folder, monkeypatch):
    """As in a container that may write nowhere."""
    with_its_log(owner, folder)
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: ["/nowhere"])
    with as_nobody():
        done = webexhist("licenses", "--database", folder / "history.db")
    assert done.code == 1
    assert "no copy of both can be made (No usable temporary directory found in ['/nowhere'])" in done.line


def test_a_reader_brings_no_database_up_to_date(webexhist, owner, folder):
    whole(owner, folder)
    file = folder / "history.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of the past'")
        connection.commit()
    before = file.read_bytes()
    done = webexhist("licenses", "--database", file)
    assert (done.code, file.read_bytes()) == (1, before)
    assert "was made by another version of webexhist" in done.line


def test_by_a_link_what_is_still_in_the_log_beside_the_file_is_read_too(webexhist, owner, folder):
    with_its_log(owner, folder)
    own = Path(tempfile.mkdtemp(prefix="webexhist-own-"))
    os.chown(own, NOBODY, NOBODY)
    (own / "link.db").symlink_to(folder / "history.db")
    before = contents(folder)
    with as_nobody():
        done = webexhist("history", "people", "--database", own / "link.db")
    assert (done.code, done.stdout.count("430") > 0) == (0, True)
    assert contents(folder) == before
    shutil.rmtree(own)
