"""Dropping the newest snapshots: as if they had not been taken, but what they counted stays counted."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from histories import Poller, license_of
from hypothesis import given, settings
from hypothesis import strategies as st
from killed import killed_at_every_line
from searching import examples
from sqlalchemy import text

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.store.errors import DamagedDatabaseError
from webexhist.store.mending import rewriting
from webexhist.store.mending import trim as trim_module
from webexhist.store.mending.backup import backup_beside
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.mending.trim import trim
from webexhist.store.opening.database import open_database, open_existing
from webexhist.store.saving.past_days import add_past_days
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

BEGIN = datetime(2026, 10, 1, 20, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
SUITE, EVENTS = license_of("Webex Suite"), license_of("Webex Events")


def hour(number: int) -> datetime:
    return BEGIN + timedelta(hours=number)


def column(engine, query: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


@pytest.fixture
def history(poller):
    """Eight hours over midnight; a license and a counter appear in the sixth."""
    for number in range(8):
        licenses = {SUITE: (600, 450 + number)} | ({EVENTS: (10, 1)} if number >= 5 else {})
        poller.poll(hour(number), licenses, {Metric.PEOPLE: 430 + number}, messages=number * 10)
    return poller


def test_the_newest_snapshots_are_dropped_and_everything_else_stays(history):
    (trimmed,) = trim(history.engine, hour(4), None, None, NOW)
    assert (trimmed.organization, trimmed.snapshots) == ("Acme Example", 3)
    assert (trimmed.first_at, trimmed.last_at) == (hour(5), hour(7))
    assert column(history.engine, "SELECT value FROM counts WHERE metric = 'people'") == [430, 431, 432, 433, 434]
    assert column(history.engine, "SELECT DISTINCT license FROM license_usage") == ["Webex Suite"]
    assert column(history.engine, "SELECT name FROM license") == ["Webex Suite"]
    assert column(history.engine, "SELECT last_number FROM day ORDER BY day") == [4, 5]
    assert find_damage(history.engine) == ()


def test_what_dropped_polls_counted_is_not_known_of_totals_that_something_else_changed(history):
    with history.engine.begin() as connection:
        # Of 0 + 10 + … + 70 messages until the last poll.
        assert connection.execute(text("UPDATE reading SET value = 281 WHERE value = 280")).rowcount == 1
    found = find_damage(history.engine)
    with pytest.raises(DamagedDatabaseError, match=r"^what is stored of 2026-10-02 was changed by something else"):
        trim(history.engine, hour(4), None, None, NOW)
    assert find_damage(history.engine) == found
    assert column(history.engine, "SELECT count(*) FROM snapshot") == [8]


def test_what_dropped_polls_counted_is_neither_lost_nor_counted_twice(history):
    (trimmed,) = trim(history.engine, hour(4), None, None, NOW)
    assert trimmed.kept_counts == {"messages_created": 50 + 60 + 70}
    history.poll(hour(5), {SUITE: (600, 455)}, messages=8, since=hour(7))
    totals = column(history.engine, "SELECT value FROM counts WHERE metric = 'messages_created'")
    assert totals == [0, 10, 30, 60, 280, 288]
    assert column(history.engine, "SELECT sum(amount) FROM daily_activity") == [288]
    assert column(history.engine, "SELECT count(*) FROM collection WHERE status IN ('gap', 'failed')") == [0]


def test_polls_go_on_with_the_next_number(history, taken):
    trim(history.engine, hour(4), None, None, NOW)
    history.poll(hour(5), {SUITE: (600, 455), EVENTS: (12, 3)})
    assert column(history.engine, "SELECT number FROM snapshot") == [1, 2, 3, 4, 5, 6]
    assert column(history.engine, "SELECT id FROM license ORDER BY id") == [1, 2]
    assert column(history.engine, "SELECT assigned FROM license_usage WHERE license = 'Webex Events'") == [3]
    assert find_damage(history.engine) == ()


@pytest.mark.parametrize("every", [pytest.param(3, marks=pytest.mark.slow), 17])
def test_a_trim_killed_at_any_line_is_whole_or_not_there(history, every):
    file = Path(history.engine.url.database)
    history.engine.dispose()
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    as_polled = file.read_bytes()

    def trim_once() -> None:
        engine = open_database(file)
        trim(engine, hour(4), None, None, NOW)
        engine.dispose()

    for _ in killed_at_every_line(trim_once, [trim_module, rewriting], every):
        assert find_damage(history.engine) == ()
        assert column(history.engine, "SELECT count(*) FROM snapshot")[0] in (8, 5)
        history.engine.dispose()
        for beside in file.parent.glob(f"{file.name}-*"):
            beside.unlink()
        file.write_bytes(as_polled)
    assert column(history.engine, "SELECT count(*) FROM snapshot") == [5]


def test_a_backup_is_made_first(history):
    backup = backup_beside(history.engine, "trim", NOW)
    trim(history.engine, hour(4), None, backup, NOW)
    assert column(open_existing(backup), "SELECT count(*) FROM snapshot") == [8]


def test_what_cannot_be_meant_changes_nothing(history):
    with pytest.raises(UsageError, match="no snapshot was taken after 2026-10-02 03:00:00 UTC"):
        trim(history.engine, hour(7), None, None, NOW)
    with pytest.raises(UsageError, match="would have no snapshot left"):
        trim(history.engine, hour(-1), None, None, NOW)
    void(history.engine, Subject(), hour(3), hour(4), Author("anna", NOW, "wrong"))
    with pytest.raises(UsageError, match="set aside by correction 1"):
        trim(history.engine, hour(4), None, None, NOW)
    assert column(history.engine, "SELECT count(*) FROM snapshot") == [8]
    assert find_damage(history.engine) == ()


def test_corrections_end_with_what_is_left(history):
    anna = Author("anna", NOW, "wrong")
    void(history.engine, Subject(metric=Metric.PEOPLE), hour(3), hour(6), anna)
    void(history.engine, Subject(metric=Metric.PEOPLE), hour(7), hour(7), anna)
    trim(history.engine, hour(4), None, None, NOW)
    undo(history.engine, 1, anna)
    assert column(history.engine, "SELECT value FROM counts WHERE metric = 'people'") == [430, 431, 432, 433, 434]
    assert find_damage(history.engine) == ()
    with pytest.raises(
        UsageError, match="correction 2 can no longer be undone: webexhist db trim dropped its readings at"
    ):
        undo(history.engine, 2, anna)


def test_a_license_keeps_the_name_that_it_had(poller):
    renamed = license_of("Webex Suite")
    for number, name in enumerate(("Webex Suite", "Suite by Webex")):
        object.__setattr__(renamed, "name", name)
        poller.poll(hour(number), {renamed: (600, 450)})
    trim(poller.engine, hour(0), None, None, NOW)
    assert column(poller.engine, "SELECT name FROM license") == ["Webex Suite"]
    assert find_damage(poller.engine) == ()


def test_an_organization_is_named_as_it_was_asked_for(poller):
    poller.poll(hour(0))
    Poller(poller.engine, replace(poller.organization, name="Globex")).poll(hour(1))
    (trimmed,) = trim(poller.engine, hour(0), None, None, NOW)
    assert trimmed.organization == "Globex"
    assert column(poller.engine, "SELECT name FROM organization") == ["Acme Example"]


def test_days_that_were_brought_in_later_stay(poller):
    for number in range(3):
        poller.poll(hour(number), {SUITE: (600, 450)})
    day = {Metric.MESSAGES_CREATED: 90}
    add_past_days(poller.engine, poller.organization.webex_id, "events", {hour(-48).date(): day})
    assert find_damage(poller.engine) == ()
    trim(poller.engine, hour(1), None, None, NOW)
    assert column(poller.engine, "SELECT amount FROM daily_activity") == [90]
    assert find_damage(poller.engine) == ()


@given(st.integers(0, 11), st.integers(0, 11))
@settings(max_examples=examples(3, 40))
def test_a_history_that_was_trimmed_and_polled_again_is_the_one_of_those_polls(
    tmp_path_factory, sqlite_template, kept, length
):
    """Beside another history that never had the dropped polls, every table has the same rows."""

    def polls(poller: Poller, numbers, shift: int = 0) -> None:
        for number in numbers:
            wave = (number * 7 + shift) % 5
            poller.poll(
                hour(number), None if wave == 4 else {SUITE: (600, 450 + wave)}, {Metric.PEOPLE: wave or None}
            )

    folder = tmp_path_factory.mktemp("trimmed")
    engines = [open_database(shutil.copy(sqlite_template, folder / name)) for name in ("trimmed.db", "never.db")]
    polls(Poller(engines[0]), range(kept + 1))
    polls(Poller(engines[0]), range(kept + 1, kept + 2 + length), shift=3)
    trim(engines[0], hour(kept), None, None, NOW)
    polls(Poller(engines[0]), range(kept + 1, 12))
    polls(Poller(engines[1]), range(12))
    for table in (
        "snapshot",
        "day",
        "reading",
        "collection",
        "license",
        "license_version",
        "metric",
        "table_checksum",
    ):
        of_both = []
        for engine in engines:
            with engine.connect() as connection:
                of_both.append(sorted(map(tuple, connection.execute(text(f"SELECT * FROM {table}"))), key=repr))
        assert of_both[0] == of_both[1], table
    for engine in engines:
        engine.dispose()


def test_the_newest_snapshots_of_one_organization_on_a_server(postgres_engine, taken, window):
    other = taken("2026-10-01 15:00").organization.__class__("other", "Other")
    for minute in range(4):
        moment = f"2026-10-01 15:0{minute}"
        counted = window("events", f"2026-10-01 14:5{minute}", f"2026-10-01 14:5{minute + 1}")
        save(postgres_engine, taken(moment, people=minute, messages_created=1, windows=[counted]))
        save(postgres_engine, taken(moment, people=minute, organization=other))
    trim(postgres_engine, datetime(2026, 10, 1, 15, 1, tzinfo=UTC), 1, None, NOW)
    assert column(postgres_engine, "SELECT count(*) FROM snapshot GROUP BY organization_id ORDER BY 1") == [2, 4]
    assert column(postgres_engine, "SELECT max(value) FROM counts WHERE metric = 'messages_created'") == [4]
    assert find_damage(postgres_engine) == ()
