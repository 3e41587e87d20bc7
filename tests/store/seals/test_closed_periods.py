"""Months of counts and days of products that are over are kept, and whatever changes the past is seen in them."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest
from databases import ACME
from entering import enter
from histories import Poller, license_of
from reading import read
from sqlalchemy import Engine, delete, insert, select, text

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.reviewing import review_month
from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract, CountedLicense, remove_contract
from webexhist.store.entered.organizations import enter_timezone
from webexhist.store.mending.corrections import Author, Subject, undo, void
from webexhist.store.mending.prune import prune
from webexhist.store.mending.trim import trim
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.schema import metadata
from webexhist.store.seals.damage import find_damage
from webexhist.store.seals.newest import newest_damage
from webexhist.time_zones import TimeZone

A, B = (license_of("Suite", subscription=name) for name in ("Sub1", "Sub2"))
NOW = datetime(2026, 11, 2, tzinfo=UTC)
ANNA = Signature(NOW, "Anna")
VIEWS = {
    "daily_counts": "day, metric",
    "monthly_counts": "month, metric",
    "daily_products": "day, product",
    "monthly_products": "month, product",
}
KEPT = ("count_day", "count_month", "product_day")


@pytest.fixture
def polled(engine) -> Engine:
    """Polls at the ends of September and October, and on the first of November."""
    poller = Poller(engine, ACME)
    poller.poll("2026-09-29 12:00", {A: (100, 60), B: (50, 40)}, {Metric.PEOPLE: 10}, messages=1)
    poller.poll("2026-09-30 12:00", {A: (100, 70), B: (50, 40)}, {Metric.PEOPLE: 13}, messages=2)
    poller.poll("2026-09-30 23:30", None, {Metric.PEOPLE: None}, messages=3)
    poller.poll("2026-10-31 12:00", {A: (100, 75), B: (50, 41)}, {Metric.PEOPLE: 14}, messages=4)
    poller.poll("2026-11-01 12:00", {A: (100, 80), B: (50, 41)}, {Metric.PEOPLE: 15}, messages=5)
    return engine


def figures(engine: Engine, rows) -> dict[str, list[tuple[object, ...]]]:
    return {view: rows(engine, f"SELECT * FROM {view} ORDER BY {order}") for view, order in VIEWS.items()}


def kept(engine: Engine, rows) -> tuple[list[object], list[object]]:
    """The months of counts and the days of products that are kept."""
    months = rows(engine, "SELECT DISTINCT month FROM count_month ORDER BY month")
    days = rows(engine, "SELECT DISTINCT day FROM product_day ORDER BY day")
    return [month for (month,) in months], [str(day) for (day,) in days]


def require_worked_out(engine: Engine, rows) -> None:
    """What views show is what they show with nothing kept; then it is kept again."""
    shown = figures(engine, rows)
    assert all(shown.values())
    assert find_damage(engine) == ()
    with engine.begin() as connection:
        for table in KEPT:
            connection.execute(text(f"DELETE FROM {table}"))
    assert figures(engine, rows) == shown
    enter(engine, [Contract("Sub1", term=12)])


def test_the_first_poll_of_a_day_keeps_what_is_over(polled, rows):
    assert kept(polled, rows) == (["2026-09", "2026-10"], ["2026-09-29", "2026-09-30", "2026-10-31"])
    people = "SELECT month, first, last, min, max, mean, samples FROM monthly_counts WHERE metric = 'people'"
    assert rows(polled, f"{people} ORDER BY month") == [
        ("2026-09", 10, 13, 10, 13, 11.5, 2),
        ("2026-10", 14, 14, 14, 14, 14.0, 1),
        ("2026-11", 15, 15, 15, 15, 15.0, 1),
    ]
    suite = "SELECT month, purchased, assigned_first, assigned_last, assigned_mean, samples FROM monthly_products"
    assert rows(polled, f"{suite} ORDER BY month") == [
        ("2026-09", 150, 100, 110, 105.0, 2),
        ("2026-10", 150, 116, 116, 116.0, 1),
        ("2026-11", 150, 121, 121, 121.0, 1),
    ]
    require_worked_out(polled, rows)


def test_whatever_changes_the_past_is_shown_at_once(polled, rows):
    before = figures(polled, rows)
    noon = datetime(2026, 9, 30, 12, tzinfo=UTC)
    number = void(polled, Subject(organization=1), noon, noon, Author("Anna", NOW, "wrong"))
    assert rows(polled, "SELECT last, samples FROM monthly_counts WHERE month = '2026-09' AND metric = 'people'") == [
        (10, 1)
    ]
    assert rows(polled, "SELECT assigned_last, samples FROM daily_products WHERE day = '2026-09-30'") == [(None, 0)]
    require_worked_out(polled, rows)
    undo(polled, number, Author("Anna", NOW, ""))
    assert figures(polled, rows) == before
    enter_timezone(polled, 1, TimeZone("Europe/Berlin"), ANNA)  # half past eleven is there the first of October
    assert kept(polled, rows) == (["2026-09", "2026-10"], ["2026-09-29", "2026-09-30", "2026-10-01", "2026-10-31"])
    require_worked_out(polled, rows)
    enter(polled, [Contract("Sub2", apart=True)])
    assert kept(polled, rows)[1][0] == "2026-09-29"
    of_b = "SELECT assigned_last FROM daily_products WHERE product LIKE '%Sub2' AND day = '2026-10-31'"
    assert rows(polled, of_b) == [(41,)]
    require_worked_out(polled, rows)
    remove_contract(polled, "Sub2")
    enter(polled, [CountedLicense(StoredLicense(1, 2, "Acme", B.webex_id, "Suite", "Sub2", None), False)])
    assert rows(polled, "SELECT assigned_last FROM daily_products WHERE day = '2026-10-31'") == [(75,)]
    require_worked_out(polled, rows)
    prune(polled, date(2026, 10, 1), None, None, NOW)
    assert kept(polled, rows)[1][0] == "2026-09-30"
    require_worked_out(polled, rows)
    trim(polled, datetime(2026, 10, 31, 12, tzinfo=UTC), None, None, NOW)
    assert kept(polled, rows) == (["2026-09"], ["2026-09-30", "2026-10-01"])
    require_worked_out(polled, rows)


def test_a_day_of_a_count_that_changed_often_is_kept(engine, rows):
    """More than 24 times: 26 polls, each with a room more and as many people."""
    poller, noon = Poller(engine, ACME), datetime(2026, 10, 30, 12, tzinfo=UTC)
    for number in range(1, 28):
        at = noon + (number - 1) * timedelta(minutes=5) if number < 27 else "2026-10-31 12:00"
        poller.poll(at, {A: (100, 60)}, {Metric.PEOPLE: 10 + number // 27, Metric.ROOMS: number})
    kept_days = "SELECT k.day, m.name FROM count_day k JOIN metric m ON m.id = k.metric_id"
    of_rooms = "SELECT first, last, min, max, mean, samples FROM daily_counts WHERE metric = 'rooms'"
    assert [(str(day), name) for day, name in rows(engine, kept_days)] == [("2026-10-30", "rooms")]
    assert rows(engine, f"{of_rooms} AND day = '2026-10-30'") == [(1, 26, 1, 26, 13.5, 26)]
    require_worked_out(engine, rows)
    last = noon + 25 * timedelta(minutes=5)
    void(engine, Subject(organization=1), last, last, Author("Anna", NOW, "wrong"))
    assert rows(engine, f"{of_rooms} AND day = '2026-10-30'") == [(1, 25, 1, 25, 13.0, 25)]
    assert len(rows(engine, kept_days)) == 1  # it became unknown at that poll
    require_worked_out(engine, rows)
    undo(engine, 1, Author("Anna", NOW, ""))
    with engine.begin() as connection:
        connection.execute(text("UPDATE count_day SET mean = mean + 1"))
    assert [each.table for each in find_damage(engine)] == ["count_day"]
    with engine.connect() as connection:
        assert newest_damage(connection) == ("Acme, count_day",)
    enter_timezone(engine, 1, TimeZone("Pacific/Kiritimati"), ANNA)  # fourteen hours on: from ten o'clock the 31st
    assert [str(day) for day, _ in rows(engine, kept_days)] == ["2026-10-31"]
    assert [(str(day), *others) for day, *others in rows(engine, f"SELECT day, {of_rooms[7:]} ORDER BY day")] == [
        ("2026-10-31", 1, 26, 1, 26, 13.5, 26),
        ("2026-11-01", 27, 27, 27, 27, 27.0, 1),
    ]
    require_worked_out(engine, rows)
    trim(engine, noon + 24 * timedelta(minutes=5), None, None, NOW)
    assert rows(engine, kept_days) == []
    assert rows(engine, of_rooms) == [(1, 25, 1, 25, 13.0, 25)]


def test_a_license_that_is_counted_otherwise_from_a_poll_on_belongs_to_other_sums(polled, rows):
    free = license_of("Suite", subscription="Sub2", counted=False)
    Poller(polled, ACME).poll("2026-11-02 12:00", {A: (100, 80), free: (50, 41)}, {Metric.PEOPLE: 15}, messages=5)
    assert rows(polled, "SELECT assigned_last FROM daily_products WHERE day = '2026-10-31'") == [(75,)]
    require_worked_out(polled, rows)


def test_what_is_kept_and_was_changed_by_something_else_is_found(sqlite_engine, sqlite_location):
    for day in ("2026-09-30", "2026-10-01"):
        Poller(sqlite_engine, ACME).poll(f"{day} 12:00", {A: (100, 60)}, {Metric.PEOPLE: 10})
    for table, column in (("count_month", "mean"), ("product_day", "assigned_max")):
        with closing(sqlite3.connect(sqlite_location)) as database, database:
            database.execute(f"UPDATE {table} SET {column} = {column} + 1")
        assert [each.in_words for each in find_damage(sqlite_engine)] == [
            f"Acme, the table {table} holds other figures than the readings give"
        ]
        assert read(sqlite_engine, lambda history: newest_damage(history.connection)) == (
            ("Acme, product_day",) if table == "product_day" else ()
        )
        with closing(sqlite3.connect(sqlite_location)) as database, database:
            database.execute(f"UPDATE {table} SET {column} = {column} - 1")
    enter_timezone(sqlite_engine, 1, TimeZone("UTC"), ANNA)
    assert find_damage(sqlite_engine) == ()


def test_a_review_says_that_a_month_it_rests_on_was_changed_by_something_else(polled):
    def damaged(month: Month) -> tuple[str, ...]:
        review = read(polled, lambda history: review_month(history, month, 2, NOW))
        return review.organizations[0].damaged_tables

    assert damaged(Month(2026, 10)) == ()
    with polled.begin() as connection:
        connection.execute(text("UPDATE count_month SET greatest = greatest + 1 WHERE month = '2026-09'"))
    assert (damaged(Month(2026, 10)), damaged(Month(2026, 11))) == (("count_month",), ())


def test_two_damages_are_both_named(sqlite_engine, sqlite_location):
    for day in ("2026-09-30", "2026-10-01"):
        Poller(sqlite_engine, ACME).poll(f"{day} 12:00", {A: (100, 60)}, {Metric.PEOPLE: 10})
    with closing(sqlite3.connect(sqlite_location)) as database, database:
        database.execute("INSERT INTO alembic_version VALUES ('other')")
        database.execute("UPDATE count_month SET mean = 11")
    assert [each.in_words for each in find_damage(sqlite_engine)] == [
        "the table alembic_version was changed",
        "Acme, the table count_month holds other figures than the readings give",
    ]


@pytest.mark.parametrize("those", ["=", "<=", ">="])
@pytest.mark.parametrize(("table", "period"), [("count_month", "month"), ("product_day", "day")])
def test_rows_that_are_gone_are_found_unless_the_views_work_them_out_again(polled, rows, table, period, those):
    """The last may be missing, and all: polls close what is over bit by bit."""
    before, stored = figures(polled, rows), metadata.tables[table]
    with polled.connect() as connection:
        kept_rows = [dict(row) for row in connection.execute(select(stored)).mappings()]
    assert len({row[period] for row in kept_rows}) > 1
    for gone in sorted({row[period] for row in kept_rows}):
        with polled.begin() as connection:
            connection.execute(delete(stored).where(stored.c[period].op(those)(gone)))
        found = {each.table for each in find_damage(polled)}
        assert found == {table} or figures(polled, rows) == before
        with polled.begin() as connection:
            connection.execute(delete(stored))
            connection.execute(insert(stored), kept_rows)


def test_a_day_of_products_that_is_gone_before_others_is_missed(polled, rows):
    before = figures(polled, rows)
    with polled.begin() as connection:
        connection.execute(text("DELETE FROM product_day WHERE day = (SELECT min(day) FROM product_day)"))
    assert figures(polled, rows) != before
    assert [each.table for each in find_damage(polled)] == ["product_day"]
