"""A query prints what it executes."""

import sqlite3

import pytest
from reading import read

from webexhist.metrics import Metric
from webexhist.months import Month, Period
from webexhist.store.numbers import NumberRange
from webexhist.store.opening.history import History
from webexhist.store.query import Query, grouped
from webexhist.store.rows.organization_queries import Extent, organization_queries
from webexhist.store.rows.organization_rows import organization_rows
from webexhist.store.rows.polls import polled_organizations
from webexhist.store.saving.save import save
from webexhist.time_zones import UTC_DAYS


def test_a_value_cannot_end_its_literal():
    values = {"name": "a'b :c %s \\", "ones": ["x'", "y"]}
    query = Query("Odd names", "SELECT :name AS name, 1 IN :ones AS found", values, tuple)
    assert sqlite3.connect(":memory:").execute(query.printed).fetchone() == ("a'b :c %s \\", 0)


def test_rows_become_what_the_query_makes_of_them(engine):
    query = Query(
        "Ones and twos", "SELECT :one AS one, :two AS two", {"one": 1, "two": 2}, lambda row: row.one + row.two
    )
    assert read(engine, History.read, query) == (3,)


def test_pairs_are_grouped_by_their_first():
    assert grouped([("a", 1), ("b", 2), ("a", 3)]) == {"a": (1, 3), "b": (2,)}


@pytest.fixture
def extent():
    november = Period(Month(2026, 11), Month(2026, 11))
    return Extent(
        period=november,
        numbers=NumberRange(1, 2),
        numbers_read=NumberRange(1, 2),
        licenses_since=Month(2026, 11),
        gauges=(Metric.PEOPLE,),
        counters=(Metric.MESSAGES_CREATED,),
        counters_since=november.first_day,
        zone=UTC_DAYS,
    )


def test_everything_that_is_printed_runs_on_both_and_reads_the_same(engine, taken, extent):
    save(engine, taken("2026-11-23 15:00", people=3, messages_created=2))
    save(engine, taken("2026-11-23 15:05", people=4, messages_created=5))
    (acme,) = read(engine, polled_organizations)
    rows = read(engine, organization_rows, acme, extent)
    assert [(day.last, day.lowest) for day in rows.gauges_by_day[Metric.PEOPLE]] == [(4, 3)]
    assert [day.amount for day in rows.activity_by_day[Metric.MESSAGES_CREATED]] == [7]
    queries = organization_queries(acme.id, extent)
    with engine.connect() as connection:
        counted = {
            name: len(connection.exec_driver_sql(getattr(queries, name).printed).all()) for name in queries.__slots__
        }
    assert {name: count for name, count in counted.items() if count} == {
        "gauges_by_day": 1,
        "gauges_by_month": 1,
        "activity_by_day": 1,
        "poll_times": 2,
        "polls_by_day": 1,
        "last_list": 1,
        "counted_at": 3,
        "imported": 1,
    }
