"""What is dropped after a backup, and cannot be: the line that says why names the backup, which takes room."""

import os
import shutil
import signal
import sys
from contextlib import suppress

import pytest
from histories import ACME, Poller, license_of
from killed import struck_at_line
from shortages import room_to_lose

from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.mending import deletion, prune, trim
from webexhist.store.seals.damage import find_damage

WAYS = {
    "trim": (trim._trim, "db trim --after 2026-11-02"),
    "prune": (prune._prune, "db prune --before 2026-11-03"),
    "delete": (deletion._deleted, "organization delete Beta --yes"),
}


def no_memory():
    raise MemoryError


def typed(ended, webexhist, words, database):
    """Runs a command, and keeps how it ended."""
    return lambda: ended.append(webexhist(*words.split(), "--database", database))


@pytest.fixture
def database(sqlite_engine):
    for day in (1, 2, 3):
        for organization in (ACME, Organization("beta", "Beta")):
            poller = Poller(sqlite_engine, organization)
            poller.poll(f"2026-11-0{day} 12:00", {license_of("Suite"): (100, 50 + day)}, {Metric.PEOPLE: day})
    return sqlite_engine.url.database


FAILURES = {
    "no room": (
        1,
        "the database {0} cannot be used (File too large); {1}: let this user write larger files (ulimit -f)",
        None,
    ),
    "no memory": (1, "there is not enough memory; {1}: free memory, or set fewer workers", no_memory),
    "Ctrl-C": (130, "stopped; {1}", lambda: signal.raise_signal(signal.SIGINT)),
    "SIGTERM": (143, "stopped; {1}", lambda: signal.raise_signal(signal.SIGTERM)),
}


@pytest.mark.parametrize("purpose", WAYS)
@pytest.mark.parametrize(("code", "line", "strike"), FAILURES.values(), ids=FAILURES)
def test_the_backup_is_named(webexhist, sqlite_engine, database, rows, purpose, code, line, strike):
    of, words = WAYS[purpose]
    ended = []
    with room_to_lose() as take_all_room:
        assert struck_at_line(typed(ended, webexhist, words, database), of, 1, strike or take_all_room)
    backup = f"{database}.before-{purpose}-20261125-120000"
    (done,) = ended
    assert (done.code, done.stdout) == (code, "")
    assert done.line == line.format(database, f"the backup that was made before is {backup}")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, "later ones end the process at once"
    assert os.path.exists(backup)
    assert rows(sqlite_engine, "SELECT count(*) FROM snapshot") == [(6,)]
    assert find_damage(sqlite_engine) == ()
    done = webexhist(*words.split(), "--database", database)
    assert done.stdout.count(f"What it was before: {backup}-2\n") == 1


def test_one_that_was_not_made_is_not_named(webexhist, database):
    done = webexhist("db", "trim", "--after", "2026-11-09", "--database", database)
    assert done.line == "no snapshot was taken after 2026-11-09 23:59:59 UTC: see webexhist status"


def test_what_was_dropped_before_the_file_could_not_be_written_anew_is_said(webexhist, database, rows, sqlite_engine):
    ended = []
    with room_to_lose() as take_all_room:
        run = typed(ended, webexhist, WAYS["prune"][1], database)
        assert struck_at_line(run, prune.free_room, 1, take_all_room)
    (done,) = ended
    backup = f"{database}.before-prune-20261125-120000"
    dropped = "1 snapshot and 7 values dropped, 2026-11-01 12:00:00 to before 2026-11-02 12:00:00 UTC."
    assert done.code == 1
    assert done.stdout == f"Acme Example: {dropped}\nBeta: {dropped}\nWhat it was before: {backup}\n"
    assert done.line == (
        f"the database {database} cannot be used (File too large); what was to be dropped is dropped, "
        "only the file has its room still: let this user write larger files (ulimit -f)"
    )
    assert rows(sqlite_engine, "SELECT count(*) FROM snapshot") == [(4,)]
    assert find_damage(sqlite_engine) == ()


@pytest.fixture
def long(sqlite_engine, database):
    """A database whose name is so long that another with more behind it is too long for a file."""
    sqlite_engine.dispose()
    folder, name = os.path.split(database)
    return shutil.move(database, os.path.join(folder, name.rjust(230, "x")))


@pytest.mark.parametrize("purpose", WAYS)
def test_where_it_cannot_be_written_it_can_be_made_elsewhere(webexhist, long, tmp_path, purpose):
    words = WAYS[purpose][1].split()
    done = webexhist(*words, "--database", long)
    assert (done.code, done.stdout) == (1, "")
    assert done.line == (
        f"{long}.before-{purpose}-20261125-120000 cannot be written (File name too long): "
        "make one elsewhere with webexhist db backup FILE, then say so with --backed-up"
    )
    assert webexhist("db", "backup", tmp_path / "elsewhere.db", "--database", long).code == 0
    assert webexhist(*words, "--backed-up", "--database", long).code == 0


def test_a_history_that_cannot_be_set_aside_stays_and_its_backup_is_brought_in_elsewhere(webexhist, long, tmp_path):
    backup = tmp_path / "backup.db"
    webexhist("db", "backup", backup, "--database", long)
    done = webexhist("db", "restore", backup, "--database", long)
    assert (done.code, done.stdout) == (1, "")
    assert done.line == (
        f"{long} cannot be written (File name too long): "
        "let this user write into its folder, or bring the backup into another one with --database"
    )
    assert webexhist("db", "check", "--database", long).code == 0
    assert webexhist("db", "restore", backup, "--database", tmp_path / "other.db").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_a_command_that_made_no_backup_yet_hears_nothing_of_one(webexhist, database, number):
    ended = []
    run = typed(ended, webexhist, WAYS["trim"][1], database)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        assert struck_at_line(run, trim._cut, 1, lambda: signal.raise_signal(number))
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (ended[0].code, ended[0].stdout, ended[0].stderr) == (130, "", "")
    assert not [name for name in os.listdir(os.path.dirname(database)) if "before" in name]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")
@pytest.mark.parametrize("purpose", WAYS)
def test_what_is_dropped_and_cannot_be_said_names_the_backup_too(webexhist, database, monkeypatch, purpose):
    full = open("/dev/full", "w")  # noqa: SIM115  (what it was given it still has when it is closed)
    monkeypatch.setattr(sys, "stdout", full)
    done = webexhist(*WAYS[purpose][1].split(), "--database", database)
    with suppress(OSError):
        full.close()
    assert done.code == 1
    assert done.stderr.splitlines()[-1] == (
        "webexhist: cannot read or write the output (No space left on device); "
        f"what it was before is {database}.before-{purpose}-20261125-120000: free space on its disk (df, df -i)"
    )
