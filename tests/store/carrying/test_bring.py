"""Lines brought in among polls: nothing that polls stored is lost, counted twice or numbered wrongly."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imported_histories import ACME, brought, line, seats
from killed import killed_at_every_line
from sqlalchemy import Engine, event, text

from webexhist.carried import RefusedLineError
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.carrying import bring, join, ledger, tail
from webexhist.store.errors import DamagedDatabaseError, DatabaseSpaceError
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.opening.database import open_database
from webexhist.store.saving.past_days import add_past_days
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
POLLED = Organization(ACME["id"], "Acme Example")
ANNA = Author("anna", NOW, "wrong")


def at(moment: str, people: int | None = None, messages: int | None = None, **others) -> str:
    taken_at = moment.replace(" ", "T") + ":00Z"
    counts = {} if people is None else {"people": people}
    activity = {} if messages is None else {"messages_created": messages}
    return line(taken_at, [seats(500, 431)], counts=counts, activity=activity, **others)


@pytest.fixture
def polls(taken, window):
    """Two polls an hour apart into a database, which count messages from 10:00 on."""

    def write(engine: Engine) -> None:
        for moment, opened, messages in (("10:05", "10:00", 3), ("11:05", "10:05", 40)):
            windows = [window("events", f"2026-01-05 {opened}", f"2026-01-05 {moment}")]
            polled = taken(
                f"2026-01-05 {moment}", people=100, messages_created=messages, windows=windows, organization=POLLED
            )
            save(engine, polled)

    return write


def test_polls_keep_what_they_counted_behind_what_comes_in_before_and_between_them(engine, polls, rows):
    polls(engine)
    there_already = line("2026-01-05T10:05:00Z", None, counts={"people": 100})
    (found,) = brought(engine, at("2026-01-05 10:30", 101), at("2026-01-04 06:00", 90, 500), there_already)
    assert (found.new, found.there_already) == (2, 1)
    assert rows(engine, "SELECT snapshot, taken_at, source FROM snapshots ORDER BY snapshot")[0][2] == "import"
    changes = "SELECT snapshot, metric, value, change FROM count_deltas ORDER BY metric, snapshot"
    assert rows(engine, changes) == [
        (1, "messages_created", 500, None),
        (2, "messages_created", 503, 3),
        (3, "messages_created", None, None),
        (4, "messages_created", 543, 40),
        (1, "people", 90, None),
        (2, "people", 100, 10),
        (3, "people", 101, 1),
        (4, "people", 100, -1),
    ]
    assert find_damage(engine) == ()


def test_an_activity_inside_a_window_of_polls_is_refused(sqlite_engine, polls, rows):
    polls(sqlite_engine)
    with pytest.raises(RefusedLineError, match="line 1: messages_created of 2026-01-05 10:30:00 UTC is counted"):
        brought(sqlite_engine, at("2026-01-05 10:30", 101, 7))
    assert rows(sqlite_engine, "SELECT count(*) FROM snapshots") == [(2,)]


def test_an_activity_of_a_day_of_the_past_that_was_counted_is_refused(sqlite_engine, polls):
    polls(sqlite_engine)
    day = datetime(2026, 1, 3, tzinfo=UTC).date()
    add_past_days(sqlite_engine, POLLED.webex_id, "events", {day: {Metric.MESSAGES_CREATED: 12}})
    with pytest.raises(RefusedLineError, match="backfill has counted the messages_created of 2026-01-03"):
        brought(sqlite_engine, at("2026-01-03 06:00", 101, 7))


def test_what_was_set_aside_before_comes_back_as_it_was_counted(sqlite_engine, polls, rows):
    polls(sqlite_engine)
    second = datetime(2026, 1, 5, 11, 5, tzinfo=UTC)
    void(sqlite_engine, Subject(), second, second, ANNA)
    brought(sqlite_engine, at("2026-01-04 06:00", 90, 500))
    undo(sqlite_engine, 1, ANNA)
    totals = "SELECT value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot"
    assert rows(sqlite_engine, totals) == [(500,), (503,), (543,)]
    assert find_damage(sqlite_engine) == ()


def test_a_new_line_among_what_is_set_aside_is_refused(sqlite_engine, polls):
    polls(sqlite_engine)
    void(sqlite_engine, Subject(), datetime(2026, 1, 5, 10, tzinfo=UTC), datetime(2026, 1, 5, 12, tzinfo=UTC), ANNA)
    with pytest.raises(RefusedLineError, match="lies among readings that correction 1 set aside: webexhist db void"):
        brought(sqlite_engine, at("2026-01-05 10:30"))


def test_what_is_held_is_held_behind_other_numbers(sqlite_engine, taken, rows):
    save(sqlite_engine, taken("2026-01-05 10:05", people=100, organization=POLLED))
    held = taken("2026-01-05 11:05", people=None, organization=POLLED)
    save(sqlite_engine, replace(held, held=frozenset({"people"})))
    brought(sqlite_engine, at("2026-01-04 06:00", 90), at("2026-01-05 10:30", 95))
    as_of = "SELECT snapshot, value, as_of FROM counts WHERE metric = 'people' ORDER BY snapshot"
    assert rows(sqlite_engine, as_of) == [
        (1, 90, "2026-01-04 06:00:00"),
        (2, 100, "2026-01-05 10:05:00"),
        (3, 95, "2026-01-05 10:30:00"),
        (4, 100, "2026-01-05 10:05:00"),
    ]
    assert find_damage(sqlite_engine) == ()


def test_an_organization_is_called_what_it_was_called_then(sqlite_engine, polls, rows):
    polls(sqlite_engine)
    brought(sqlite_engine, at("2026-01-04 06:00", organization={"id": ACME["id"].upper(), "name": "Acme Former"}))
    names = rows(sqlite_engine, "SELECT number, name FROM organization_version ORDER BY number")
    assert names == [(1, "Acme Former"), (2, "Acme Example")]
    assert rows(sqlite_engine, "SELECT name FROM organization") == [("Acme Example",)]


def test_damage_is_never_taken_for_what_was_stored(sqlite_engine, polls):
    polls(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE reading SET value = 99 WHERE value = 100"))
    with pytest.raises(DamagedDatabaseError, match="of 2026-01-05 was changed by something else"):
        brought(sqlite_engine, at("2026-01-04 06:00"))


@pytest.mark.slow
def test_a_full_history_is_not_told_as_the_folder_for_temporary_files(sqlite_engine, sqlite_location, polls, rows):
    polls(sqlite_engine)
    ((pages,),) = rows(sqlite_engine, "PRAGMA page_count")
    lines = [at(f"2026-01-04 {hour:02}:{minute:02}", minute) for hour in range(6) for minute in range(60)]
    sqlite_engine.dispose()
    event.listen(sqlite_engine, "connect", lambda made, _: made.execute(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(DatabaseSpaceError, match=f"the database {sqlite_location} has no room left"):
        brought(sqlite_engine, *lines)
    assert rows(sqlite_engine, "SELECT count(*) FROM snapshots") == [(2,)]


def test_a_poll_goes_on_behind_what_came_in(sqlite_engine, polls, taken, window, rows):
    polls(sqlite_engine)
    brought(sqlite_engine, at("2026-01-04 06:00", 90, 500), at("2026-01-06 06:00", 110))
    windows = [window("events", "2026-01-05 11:05", "2026-01-07 06:00")]
    save(
        sqlite_engine,
        taken("2026-01-07 06:00", people=120, messages_created=60, windows=windows, organization=POLLED),
    )
    totals = "SELECT snapshot, value FROM counts WHERE metric = 'messages_created' ORDER BY snapshot"
    assert rows(sqlite_engine, totals) == [(1, 500), (2, 503), (3, 543), (4, None), (5, 603)]
    assert find_damage(sqlite_engine) == ()


def test_a_license_is_described_as_it_was_at_each_time(sqlite_engine, rows):
    def named(moment: str, name: str) -> str:
        return line(moment, [seats(5, 3, name=name, id_="a")])

    brought(sqlite_engine, named("2026-01-03T06:00:00Z", "New"), named("2026-01-04T06:00:00Z", "New"))
    brought(sqlite_engine, named("2026-01-01T06:00:00Z", "Old"), named("2026-01-02T06:00:00Z", "Old"))
    versions = rows(sqlite_engine, "SELECT number, name FROM license_version ORDER BY number")
    assert versions == [(1, "Old"), (3, "New")]
    assert rows(sqlite_engine, "SELECT name FROM license") == [("New",)]


@pytest.mark.parametrize("every", [pytest.param(60, marks=pytest.mark.slow), 1_000])
def test_an_import_killed_at_any_line_is_whole_or_not_there(sqlite_engine, polls, rows, every):
    polls(sqlite_engine)
    file = Path(sqlite_engine.url.database)
    sqlite_engine.dispose()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    as_polled = file.read_bytes()
    lines = [at("2026-01-04 06:00", 90, 500), at("2026-01-05 10:30", 101), at("2026-01-06 06:00", 102)]

    def import_once() -> None:
        engine = open_database(file)
        brought(engine, *lines)
        engine.dispose()

    for _ in killed_at_every_line(import_once, [bring, join, ledger, tail], every):
        assert find_damage(sqlite_engine) == ()
        assert rows(sqlite_engine, "SELECT count(*) FROM snapshots") in ([(2,)], [(5,)])
        sqlite_engine.dispose()
        for beside in file.parent.glob(f"{file.name}-*"):
            beside.unlink()
        file.write_bytes(as_polled)
    assert rows(sqlite_engine, "SELECT count(*) FROM snapshots") == [(5,)]
    assert find_damage(sqlite_engine) == ()
