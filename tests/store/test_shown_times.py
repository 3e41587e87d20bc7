"""Times as views show them, with types of their own on PostgreSQL, and bounds on them."""

import pytest
from histories import Poller, license_of
from sqlalchemy import Engine, text

from webexhist.metrics import Metric
from webexhist.store.dictionary import DICTIONARY, Kind

SUITE = license_of("Suite")
AT_SNAPSHOTS = ("snapshots", "counts", "count_deltas", "license_usage", "license_deltas")
BOUND = {"sqlite": "datetime('2026-11-01T10:00:00Z')", "postgresql": "'2026-11-01T10:00:00Z'"}
"""A time with T and Z, as each engine takes it."""


@pytest.fixture
def polled(engine: Engine) -> Engine:
    for hour in (8, 9, 10, 11):
        Poller(engine).poll(f"2026-11-01 {hour:02}:00", {SUITE: (100, 90 + hour)}, {Metric.PEOPLE: hour})
    return engine


def test_a_bound_on_the_time_of_a_view_reaches_the_index_by_time(polled):
    dialect = polled.dialect.name
    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN (COSTS OFF) "}[dialect]
    reached = {
        "sqlite": "SEARCH s USING INDEX snapshot_by_time (organization_id=? AND <expr>>? AND <expr><?)",
        "postgresql": "(to_timestamp((taken_at)::double precision) >= '2026-11-01 00:00:00+00'",
    }[dialect]
    with polled.connect() as connection:
        if dialect == "postgresql":  # which would read so few rows one after the other
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        for view in AT_SNAPSHOTS:
            query = f"SELECT * FROM {view} WHERE taken_at >= '2026-11-01' AND taken_at < '2026-11-02'"
            plan = "\n".join(str(row[-1]) for row in connection.execute(text(explain + query)))
            assert "snapshot_by_time" in plan, view
            assert reached in plan, view


def test_a_bound_with_t_and_z_is_that_moment(polled, rows):
    bound = BOUND[polled.dialect.name]
    for view in AT_SNAPSHOTS:
        found = rows(polled, f"SELECT DISTINCT snapshot FROM {view} WHERE taken_at >= {bound} ORDER BY 1")
        assert found == [(3,), (4,)], view


@pytest.mark.slow
def test_on_postgres_times_and_days_are_of_their_types(postgres_engine, rows):
    """Months are text: one is no day, and 2026-11 no date."""
    query = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    types = {(view, column): type_ for view, column, type_ in rows(postgres_engine, query)}
    named = {Kind.TIME: "timestamp with time zone", Kind.DAY: "date"}
    wanted = {
        (name, column.name): named[column.kind]
        for name, view in DICTIONARY.items()
        for column in view.columns
        if column.kind in named
    }
    assert len(wanted) > 25
    assert {key: types[key] for key in wanted} == wanted
    assert types["monthly_counts", "month"] == "text"
