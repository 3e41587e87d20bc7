"""What is dropped after a backup, and cannot be: the line that says why names the backup, which takes room."""

import os

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


@pytest.mark.parametrize("purpose", WAYS)
@pytest.mark.parametrize(
    ("reason", "next_step"),
    [
        ("the database {0} cannot be used (File too large)", "let this user write larger files (ulimit -f)"),
        ("there is not enough memory", "free memory, or set fewer workers"),
    ],
)
def test_the_backup_is_named(webexhist, sqlite_engine, database, rows, purpose, reason, next_step):
    of, words = WAYS[purpose]
    ended = []
    with room_to_lose() as take_all_room:
        strike = no_memory if "memory" in reason else take_all_room
        assert struck_at_line(typed(ended, webexhist, words, database), of, 1, strike)
    backup = f"{database}.before-{purpose}-20261125-120000"
    (done,) = ended
    assert (done.code, done.stdout) == (1, "")
    assert done.line == f"{reason.format(database)}; the backup that was made before is {backup}: {next_step}"
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
