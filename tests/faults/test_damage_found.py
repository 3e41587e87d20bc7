"""Damaged databases: `db check` finds whatever changes what is read, and whoever writes ends in one line."""

import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from histories import Poller, license_of
from mutations import MUTATIONS
from searching import examples

from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.seat_counts import GroupSeats, SeatCounts
from webexhist.store.errors import DatabaseError
from webexhist.store.opening.database import open_database
from webexhist.store.opening.read_only import opened_to_read
from webexhist.store.seals.damage import find_damage
from webexhist.store.views import VIEWS

SUITE, CALLING = license_of("Suite"), license_of("Calling", site="acme.webex.example")
COMMANDS = (
    "db check",
    "note add again --on 2026-10-01 --license suite",
    "contract price calling 9.50",
    "db void --count people --snapshot 2026-10-03 --note wrong",
    "db void --undo 1",
    "db trim --after 2026-10-05",
    "db backup backup.db",
    "db restore damaged.db",
    "report --out pages --force",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory, sqlite_template) -> Path:
    """A fortnight of polls with unknown counts and failures in it."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("whole") / "whole.db"))
    engine = open_database(file)
    poller = Poller(engine)
    for number in range(56):
        taken_at = datetime(2026, 9, 28, tzinfo=UTC) + timedelta(hours=6 * number)
        refused = number % 17 == 5
        poller.poll(
            taken_at,
            None if refused else {SUITE: (600, 400 + number), CALLING: (50, 20 + number % 3)},
            {Metric.PEOPLE: 430 + number // 2, Metric.ROOMS: None if number % 11 == 3 else 900 + number},
            messages=number % 7,
            since=taken_at - timedelta(hours=6),
            failed="403" if refused else None,
            seats=None if refused or number % 4 else seats_on(number),
        )
    engine.dispose()
    return file


def seats_on(number: int) -> tuple[GroupSeats, ...]:
    """How seats were used at a poll; of the last group nobody knows what is held from outside."""
    used = SeatCounts(active=300 + number, idle_30=60, idle_60=40, idle_90=30, idle_180=9, never_active=6, hidden=5)
    others = SeatCounts(active=7, pending=1, disabled=2, external=None)
    return tuple(
        GroupSeats(each.webex_id, group, counts)
        for each in (SUITE, CALLING)
        for group, counts in (("Sales", used), ("others", others))
    )


@pytest.fixture
def prepared(webexhist, whole, tmp_path) -> Path:
    """The same with something entered in every table."""
    file = Path(shutil.copy(whole, tmp_path / "prepared.db"))
    webexhist.monkeypatch.setenv("WEBEXHIST_DATABASE", str(file))
    for words in (
        "note add hello --on 2026-10-03 --license suite",
        "contract price suite 12.50",
        "contract set Sub100001 --starts 2027-01-01",
        "db void --license calling --snapshot 2026-10-02 --note wrong",
    ):
        assert webexhist(*words.split()).code == 0
    assert webexhist("db", "check").code == 0
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def views_of(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        return {view: sorted(database.execute(f"SELECT * FROM {view}"), key=repr) for view in VIEWS}


def is_damage_found(file: Path) -> bool:
    """What `db check` finds, without the time that a command takes."""
    try:
        with opened_to_read(str(file)) as engine:
            return bool(find_damage(engine))
    except DatabaseError:
        return True


@pytest.mark.search
@pytest.mark.timeout(3600)
def test_damage_that_changes_what_is_read_is_found(webexhist, prepared):
    mutations = range(examples(8, 1_300))
    as_stored = views_of(prepared)
    changed = 0
    for number in mutations:
        file = prepared.with_name("damaged.db")
        for beside in prepared.parent.glob("damaged.db*"):
            beside.unlink()
        shutil.copy(prepared, file)
        chance = random.Random(number)
        chance.choice(MUTATIONS)(chance, file)
        try:
            is_changed = views_of(file) != as_stored
        except (sqlite3.Error, UnicodeDecodeError):
            is_changed = True
        changed += is_changed
        is_found = is_damage_found(file)
        assert is_found or not is_changed, number
        webexhist.monkeypatch.setenv("WEBEXHIST_DATABASE", str(file))
        words = COMMANDS[number % len(COMMANDS)]
        done = webexhist(*words.split())
        assert done.code in (0, 1, 2), (number, words)
        assert done.code == 0 or done.stdout or done.line, (number, words)
        assert words != "db check" or done.code == is_found, number
        Path("backup.db").unlink(missing_ok=True)
    assert changed > len(mutations) // 4


@pytest.mark.slow
@pytest.mark.search
@pytest.mark.timeout(3600)
def test_a_poll_into_any_damage_stores_or_ends_in_one_line(simulated):
    mutations = range(examples(15, 300))
    polled = simulated()
    for _ in range(4):
        polled.poll()
        polled.later(minutes=5)
    file = polled.folder / "webexhist.db"
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sound = file.read_bytes()
    refused = 0
    for number in mutations:
        for beside in polled.folder.glob("webexhist.db*"):
            beside.unlink()
        file.write_bytes(sound)
        chance = random.Random(number)
        chance.choice(MUTATIONS)(chance, file)
        try:
            polled.poll(budget_seconds="10")
        except WebexhistError as error:
            refused += 1
            assert str(error)
    assert refused
