"""A database on PostgreSQL that is spread over partitions by hash of the organization."""

import pytest
from histories import Poller, license_of
from reading import read
from sqlalchemy import Engine, text

from webexhist.errors import UsageError
from webexhist.metrics import Metric
from webexhist.snapshot import Organization
from webexhist.store.engine import engine_for
from webexhist.store.mending.copying import copy
from webexhist.store.opening.database import open_database, upgrade
from webexhist.store.rows.latest import latest
from webexhist.store.schema import metadata
from webexhist.store.seals.damage import find_damage

SUITE = license_of("Suite")
COUNTS = "SELECT org, snapshot, taken_at, value FROM counts ORDER BY org, snapshot"


def poll(engine: Engine, organizations: int) -> None:
    for number in range(organizations):
        poller = Poller(engine, Organization(f"id-{number}", f"Customer {number}"))
        for hour, people in ((8, 10), (9, 10), (10, 12)):
            poller.poll(f"2026-11-01 {hour:02}:00", {SUITE: (100, 90)}, {Metric.PEOPLE: people + number})


@pytest.mark.slow
def test_polls_fill_the_parts_and_views_answer_as_without_them(postgres_location, sqlite_engine, rows):
    upgrade(postgres_location, parts=3)
    engine = open_database(postgres_location)
    for each in (engine, sqlite_engine):
        poll(each, 6)
    assert rows(engine, COUNTS) == rows(sqlite_engine, COUNTS)
    assert [each.organization.name for each in read(engine, latest)] == [f"Customer {number}" for number in range(6)]
    assert rows(engine, "SELECT count(DISTINCT tableoid) > 1, count(*) FROM snapshot") == [(True, 18)]
    spread = "SELECT count(*) FROM pg_partitioned_table"
    keys = [next(iter(table.primary_key)).name for table in metadata.tables.values()]
    assert rows(engine, spread) == [(keys.count("organization_id"),)]
    assert find_damage(engine) == ()
    upgrade(postgres_location)
    with pytest.raises(UsageError, match="holds its tables already"):
        upgrade(postgres_location, parts=3)
    engine.dispose()


@pytest.mark.slow
def test_a_history_is_carried_into_a_partitioned_database_row_for_row(postgres_location, sqlite_engine, rows):
    poll(sqlite_engine, 3)
    upgrade(postgres_location, parts=2)
    engine = engine_for(postgres_location)
    copy(sqlite_engine, engine)
    assert rows(engine, COUNTS) == rows(sqlite_engine, COUNTS)
    with engine.begin() as connection, pytest.raises(Exception, match="foreign key"):
        connection.execute(text("INSERT INTO metric VALUES (9, 1, 'people', 'gauge', NULL, NULL, 1)"))
    engine.dispose()


def test_a_sqlite_file_has_no_partitions(sqlite_engine, sqlite_location):
    with pytest.raises(UsageError, match="no partitions"):
        upgrade(sqlite_location, parts=4)


@pytest.mark.slow
@pytest.mark.parametrize("parts", [1, 257])
def test_a_number_of_parts_that_makes_no_sense_is_refused(postgres_location, parts):
    with pytest.raises(UsageError, match="2 to 256 parts"):
        upgrade(postgres_location, parts=parts)
