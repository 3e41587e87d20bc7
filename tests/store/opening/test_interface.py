"""A next version's views in a database that others work with: what they built stays, and nobody waits for long.

The next version has one column more in `counts`, and one view more.
"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text

from webexhist.resources import resource_folder
from webexhist.store.errors import (
    BusyDatabaseError,
    ForeignDatabaseError,
    OutdatedDatabaseError,
    UnusableDatabaseError,
)
from webexhist.store.opening.database import open_database, upgrade
from webexhist.store.opening.history import open_history
from webexhist.store.opening.migrate import PublicViews, Upgrade, bring_up_to_date
from webexhist.store.saving.save import save
from webexhist.store.schema import REVISION, VIEWS_VERSION
from webexhist.store.seals.damage import find_damage
from webexhist.store.views import VIEWS

NEXT = PublicViews(
    VIEWS_VERSION + 1,
    {
        **VIEWS,
        "counts": f"SELECT c.*, 2 * value AS doubled FROM ({VIEWS['counts']}) c",
        "peaks": "SELECT org, metric, max(value) AS peak FROM counts GROUP BY org, metric",
    },
)


def to_next(engine: Engine, views: PublicViews = NEXT) -> Upgrade:
    return bring_up_to_date(engine, resource_folder("migrations"), views)


def put_back(engine: Engine, version: int) -> None:
    """Lets the views be those of an earlier version."""
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE public_view SET version = {version}, digest = 'earlier'"))


@pytest.fixture
def polled(engine, taken) -> Engine:
    save(engine, taken("2026-11-23 15:00", people=3))
    return engine


def test_only_views_that_changed_are_made_anew_and_the_version_rises(polled, rows):
    assert rows(polled, "SELECT version, revision FROM schema_info") == [(VIEWS_VERSION, REVISION)]
    assert to_next(polled) == Upgrade(REVISION, REVISION, ("counts", "peaks"))
    assert rows(polled, "SELECT version, revision FROM schema_info") == [(VIEWS_VERSION + 1, REVISION)]
    assert rows(polled, "SELECT doubled FROM counts") == [(6,)]
    assert rows(polled, "SELECT peak FROM peaks") == [(3,)]
    newest = f"SELECT name FROM public_view WHERE version = {VIEWS_VERSION + 1} ORDER BY name"
    assert rows(polled, newest) == [("counts",), ("peaks",), ("schema_info",)]
    assert find_damage(polled) == ()
    assert to_next(polled).changed_views == ()


def test_the_version_before_goes_on_beside_the_views_of_the_next_one(polled, taken, rows):
    to_next(polled)
    again = open_database(polled.url.render_as_string(hide_password=False))
    assert save(again, taken("2026-11-23 15:05", people=4)) == 2
    assert rows(polled, "SELECT doubled FROM counts ORDER BY snapshot") == [(6,), (8,)]
    assert find_damage(again) == ()
    again.dispose()


def test_a_table_of_somebody_else_by_the_name_of_a_new_view_is_not_touched(polled, rows):
    with polled.begin() as connection:
        connection.execute(text("CREATE TABLE peaks (mine INTEGER)"))
    with pytest.raises(
        ForeignDatabaseError, match=r"holds a table or view peaks that is not webexhist's.*db upgrade"
    ):
        to_next(polled)
    assert rows(polled, "SELECT * FROM peaks") == []
    assert rows(polled, "SELECT version FROM schema_info") == [(VIEWS_VERSION,)]


def test_on_sqlite_views_and_triggers_of_others_survive(sqlite_engine, sqlite_location, taken):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    with closing(sqlite3.connect(sqlite_location)) as own:
        own.executescript("""
            CREATE VIEW my_people AS SELECT snapshot, value FROM counts WHERE metric = 'people';
            CREATE TABLE wishes (metric TEXT, value INTEGER);
            CREATE TRIGGER wish INSTEAD OF UPDATE ON Counts
              BEGIN INSERT INTO wishes VALUES (old.metric, new.value); END;
            CREATE TRIGGER wish_again INSTEAD OF INSERT ON counts
              BEGIN INSERT INTO wishes VALUES (new.metric, new.value); END;
        """)
        reader = sqlite3.connect(sqlite_location, isolation_level=None)
        reader.execute("BEGIN")
        columns = [name for name, *_ in reader.execute("SELECT * FROM counts").description]
        to_next(sqlite_engine)
        assert [name for name, *_ in reader.execute("SELECT * FROM counts").description] == columns
        reader.close()
        assert own.execute("SELECT value FROM my_people").fetchall() == [(3,)]
        own.execute("UPDATE counts SET value = 5 WHERE metric = 'people'")
        own.execute("INSERT INTO counts (metric, value) VALUES ('rooms', 9)")
        assert own.execute("SELECT * FROM wishes").fetchall() == [("people", 5), ("rooms", 9)]
    assert find_damage(sqlite_engine) == ()


def test_a_file_s_views_are_changed_without_a_copy(sqlite_engine, sqlite_location):
    to_next(sqlite_engine)
    assert not list(Path(sqlite_location).parent.glob("*.before-*"))


@pytest.fixture
def analyst(postgres_engine, taken) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A role of its own with a grant on `counts`, and a view of its own over it."""
    save(postgres_engine, taken("2026-11-23 15:00", people=3))
    role = f"analyst_of_{postgres_engine.url.database}"
    with postgres_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"CREATE SCHEMA own AUTHORIZATION {role}"))
        connection.execute(text(f"GRANT SELECT ON counts TO {role}"))
    host = postgres_engine.url.query["host"]
    with psycopg.connect(host=host, user=role, dbname=postgres_engine.url.database, autocommit=True) as connection:
        connection.execute("CREATE VIEW own.my_people AS SELECT snapshot, value FROM counts WHERE metric = 'people'")
        yield connection


def test_on_postgres_grants_and_views_of_others_survive(postgres_engine, analyst):
    """Also where somebody has made a schema since that comes first in the search path."""
    with postgres_engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA webexhist"))
    assert to_next(postgres_engine).changed_views == ("counts", "peaks")
    assert analyst.execute("SELECT value FROM own.my_people").fetchall() == [(3,)]
    assert analyst.execute("SELECT doubled FROM counts").fetchall() == [(6,)]


def test_a_transaction_that_reads_another_view_is_in_nobody_s_way(postgres_engine, analyst):
    with postgres_engine.connect() as reader:
        assert reader.execute(text("SELECT * FROM daily_counts")).all()
        assert to_next(postgres_engine).changed_views == ("counts", "peaks")


def test_an_idle_transaction_on_a_changed_view_is_named_and_nothing_is_changed(postgres_engine, analyst, taken, rows):
    impatient = create_engine(postgres_engine.url, execution_options={"patience": lambda: 0.05})
    analyst.execute("BEGIN")
    analyst.execute("SELECT * FROM counts")
    process = analyst.info.backend_pid
    with pytest.raises(BusyDatabaseError) as raised:
        to_next(impatient)
    assert str(raised.value).endswith(
        f"could not be brought up to date: process {process} ({analyst.info.user}, idle in transaction) holds counts:"
        f" let it end its transaction, or end it (SELECT pg_terminate_backend({process})), then: webexhist db upgrade"
    )
    assert save(postgres_engine, taken("2026-11-23 15:05", people=4)) == 2
    assert rows(postgres_engine, "SELECT version FROM schema_info") == [(VIEWS_VERSION,)]
    analyst.execute("COMMIT")
    assert to_next(impatient).changed_views == ("counts", "peaks")
    impatient.dispose()


@pytest.mark.slow
def test_a_poll_goes_on_with_old_views_and_a_reader_reads_how_to_have_the_new_ones(postgres_engine, analyst, taken):
    location = postgres_engine.url.render_as_string(hide_password=False)
    put_back(postgres_engine, VIEWS_VERSION - 1)
    analyst.execute("BEGIN")
    analyst.execute("SELECT * FROM counts")
    poller = open_database(location, lambda: 1.0)
    assert save(poller, taken("2026-11-23 15:05", people=4)) == 2
    poller.dispose()
    with pytest.raises(OutdatedDatabaseError, match=r"views .* of an earlier version of webexhist: .* db upgrade"):
        open_history(location).__enter__()
    analyst.execute("COMMIT")
    assert upgrade(location).changed_views == tuple(VIEWS)
    with open_history(location) as history:
        assert history.connection.scalar(text("SELECT version FROM schema_info")) == VIEWS_VERSION


def test_db_upgrade_says_what_it_did(webexhist, sqlite_engine, sqlite_location):
    put_back(sqlite_engine, VIEWS_VERSION - 1)
    done = webexhist("db", "upgrade", "--database", sqlite_location)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout == (f"Views made or changed: {', '.join(VIEWS)}.\n{sqlite_location} is up to date.\n")
    assert webexhist("db", "upgrade", "--database", sqlite_location).stdout == f"{sqlite_location} is up to date.\n"


@pytest.mark.slow
def test_whatever_analysts_built_on_views_of_a_server_survives(postgres_engine, analyst, rows):
    """Views over two of ours, a materialized one with an index, grants of columns and of one view, an open cursor."""
    role, database = analyst.info.user, postgres_engine.url.database
    narrow = f"narrow_{database}"
    with postgres_engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {narrow} LOGIN"))
        connection.execute(text(f"GRANT SELECT (metric, value) ON counts TO {narrow}"))
        connection.execute(text(f"GRANT SELECT ON daily_counts, licenses TO {role} WITH GRANT OPTION"))
        connection.execute(
            text(
                "CREATE VIEW licenses_too AS SELECT c.value, d.max FROM counts c JOIN daily_counts d"
                " ON d.org_id = c.org_id AND d.metric = c.metric"
            )
        )
    analyst.execute(
        "CREATE VIEW own.both AS SELECT c.value, d.max FROM counts c"
        " JOIN daily_counts d ON d.org_id = c.org_id AND d.metric = c.metric"
    )
    analyst.execute("CREATE MATERIALIZED VIEW own.peaks AS SELECT metric, max(value) AS peak FROM counts GROUP BY 1")
    analyst.execute("CREATE UNIQUE INDEX peaks_by_metric ON own.peaks (metric)")
    as_analyst = psycopg.connect(host=analyst.info.host, user=role, dbname=database)
    with as_analyst as reader, reader.cursor("open") as cursor:
        cursor.execute("SELECT day, max FROM daily_counts")
        assert to_next(postgres_engine).changed_views == ("counts", "peaks")
        assert to_next(postgres_engine).changed_views == ()
        assert cursor.fetchall()[0][1] == 3
    assert analyst.execute("SELECT * FROM own.both").fetchall() == [(3, 3)]
    analyst.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY own.peaks")
    assert analyst.execute("SELECT * FROM own.peaks").fetchall() == [("people", 3)]
    assert rows(postgres_engine, "SELECT * FROM licenses_too") == [(3, 3)]
    with psycopg.connect(host=analyst.info.host, user=narrow, dbname=database, autocommit=True) as other:
        assert other.execute("SELECT metric, value FROM counts").fetchall() == [("people", 3)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            other.execute("SELECT doubled FROM counts")
    assert find_damage(postgres_engine) == ()


@pytest.mark.slow
def test_who_does_not_own_the_views_reads_whose_they_are_and_polls_on(postgres_engine, analyst, taken):
    role = analyst.info.user
    with postgres_engine.begin() as connection:
        connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    put_back(postgres_engine, VIEWS_VERSION - 1)
    by_role = postgres_engine.url.set(username=role).render_as_string(hide_password=False)
    with pytest.raises(UnusableDatabaseError) as raised:
        upgrade(by_role)
    assert str(raised.value).endswith(
        "belong to webexhist, and no other role can change them: let webexhist do it: webexhist db upgrade"
    )
    poller = open_database(by_role)
    assert save(poller, taken("2026-11-23 15:05", people=4)) == 2
    poller.dispose()
    analyst.execute("CREATE VIEW own.peaks AS SELECT 1 AS mine")  # in a schema of its own it is in nobody's way
    assert "peaks" in to_next(postgres_engine).changed_views
    assert analyst.execute("SELECT mine FROM own.peaks").fetchall() == [(1,)]


@pytest.mark.slow
def test_two_upgrades_at_once_are_one(postgres_engine, analyst):
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(to_next, [postgres_engine, create_engine(postgres_engine.url)]))
    assert sorted(each.changed_views for each in done) == [(), ("counts", "peaks")]
