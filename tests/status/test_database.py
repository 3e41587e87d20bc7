"""What is known of the database and of the polls that fill it."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from polling import NOON

from webexhist.errors import WebexhistError
from webexhist.state.last_run import POLL, note_run
from webexhist.status.database import poll_status, stored_status
from webexhist.store.errors import RESTORE

QUARTER = timedelta(minutes=15)


@pytest.fixture
def polled(simulated):
    return simulated()


def database(polled):
    return stored_status(polled.settings(), NOON).database


def polls(polled):
    return poll_status(polled.settings(), database(polled).last_snapshot_at, polled.clock(), QUARTER)


def test_a_sound_database_says_what_it_holds(polled):
    polled.poll()
    polled.later(minutes=5)
    polled.poll()
    status = database(polled)
    file = polled.folder / "webexhist.db"
    assert (status.place, status.state, status.to_do) == (str(file), "sound", "")
    assert (status.snapshots, status.last_snapshot_at) == (2, NOON + timedelta(minutes=5))
    assert status.bytes >= file.stat().st_size


def test_a_database_that_is_not_there_is_reported_and_not_made(polled):
    assert "there is no database" in database(polled).state
    assert "webexhist poll" in database(polled).to_do
    assert list(polled.folder.iterdir()) == []


def test_damage_that_no_poll_meets_is_found(polled):
    polled.poll()
    change_price_page(polled.folder / "webexhist.db", slice(7, 8), b"\x3c")  # claims free bytes that are not there
    assert polled.poll()
    status = database(polled)
    assert status.state.startswith("damaged: ")
    assert status.to_do == f"see webexhist db check; {RESTORE}, which keeps the damaged file"


def test_damage_that_ends_the_search_itself_is_reported(polled):
    polled.poll()
    change_price_page(polled.folder / "webexhist.db", slice(0, 4096), b"\xff" * 4096)
    status = database(polled)
    assert "is damaged or no database" in status.state
    assert "webexhist db restore FILE" in status.to_do


def test_a_file_that_is_no_database_is_reported_with_its_next_step(polled):
    (polled.folder / "webexhist.db").write_bytes(b"no database\n" * 500)
    status = database(polled)
    assert "is damaged or no database" in status.state
    assert "webexhist db restore FILE" in status.to_do


def test_the_password_of_a_server_is_not_shown(polled):
    url = f"postgresql+psycopg://webexhist:planted-secret@/history?host={polled.folder}"
    status = stored_status(polled.settings(database=url), NOON).database
    assert status.to_do == "see that the server runs and lets this user in"
    assert "planted-secret" not in f"{status}{polled.settings(database=url)}"
    assert status.place.startswith("postgresql+psycopg://webexhist:***@/history")


def test_polls_go_on_until_one_fails_or_none_is_stored(polled):
    assert (polls(polled).state, polls(polled).to_do) == ("never", "webexhist poll")
    polled.poll()
    assert (polls(polled).state, polls(polled).to_do) == ("done", "")
    polled.later(minutes=15)
    assert polls(polled).to_do == ""
    polled.later(seconds=1)
    assert polls(polled).state == "none was stored for more than 900 s"
    assert "see that the agent or a timer runs" in polls(polled).to_do

    note_run(polled.folder, POLL, WebexhistError("the token\nis refused", "webexhist login"))
    assert (polls(polled).state, polls(polled).to_do) == ("failed: the token is refused", "webexhist login")
    note_run(polled.folder, POLL, None)
    polled.poll()
    assert polls(polled).state == "done"


def test_a_clock_that_was_ahead_is_reported(polled):
    polled.poll()
    polled.later(days=-1)
    assert (polls(polled).state, polls(polled).to_do) == (
        "the last snapshot is of 2026-11-23 12:00 UTC, in the future: the clock shows 2026-11-22 12:00 UTC",
        "look at the clock first: only if it is right, drop what is dated later: webexhist db trim",
    )


def test_a_note_that_cannot_be_written_or_read_is_no_error(polled):
    (polled.folder / POLL).mkdir()
    note_run(polled.folder, POLL, None)
    polled.poll()
    assert polls(polled).state == "done"


def change_price_page(file, place, content):
    """Overwrites a part of the page that holds the table of prices."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'price'").fetchone()
    start = (page - 1) * 4096
    changed = bytearray(file.read_bytes())
    changed[start + place.start : start + place.stop] = content
    file.write_bytes(changed)
