"""What a PostgreSQL server refuses is told by what it says, and what the URL asks of it is asked."""

import pytest
from sqlalchemy import make_url, text

from webexhist.store.engine import engine_for, writing
from webexhist.store.errors import (
    BusyDatabaseError,
    DatabaseSpaceError,
    LostConnectionError,
    UnusableDatabaseError,
    driver_errors_explained,
)
from webexhist.store.opening.database import open_database
from webexhist.store.opening.read_only import opened_to_read
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage


@pytest.fixture
def url(postgres_engine):
    return make_url(postgres_engine.url.render_as_string(hide_password=False))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("53100", DatabaseSpaceError, "free space on the disk of its server"),
        ("25006", UnusableDatabaseError, "name the server that is written to, or a user who may write"),
        ("40P01", BusyDatabaseError, "try again later"),
        ("53300", LostConnectionError, "see that the server runs and lets this user in"),
        ("53200", UnusableDatabaseError, "see that the server runs and lets this user in"),
        ("58030", UnusableDatabaseError, "see that the server runs and lets this user in"),
        ("25P03", LostConnectionError, "see that the server runs and lets this user in"),
    ],
)
def test_what_a_server_says_is_told_by_its_code(postgres_engine, code, kind, words):
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'as others word it' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(kind, match=words), driver_errors_explained("x"), postgres_engine.begin() as connection:
        connection.execute(text(raising))


@pytest.mark.slow
def test_what_the_url_or_the_environment_asks_of_a_server_holds_for_writers_and_readers(url, monkeypatch):
    asked = url.update_query_dict({"options": "-c statement_timeout=4321ms -c jit=on"})
    show = text("SELECT current_setting('statement_timeout'), current_setting('jit')")
    for _ in range(2):
        engine = engine_for(asked.render_as_string(hide_password=False))
        with engine.connect() as connection:
            assert tuple(connection.execute(show).one()) == ("4321ms", "off")
        with opened_to_read(asked.render_as_string(hide_password=False)) as reader, reader.connect() as connection:
            assert tuple(connection.execute(show).one()) == ("4321ms", "off")
        monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=4321ms")
        asked = url


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_hold_every_name_is_refused_and_left_empty(url, webexhist, encoding):
    name = f"encoded_{encoding.lower()}"
    with engine_for(url).connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.execute(text(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"))
    asked = url.set(database=name).render_as_string(hide_password=False)
    for words in (("licenses",), ("note", "add", "hello"), ("db", "upgrade")):
        done = webexhist(*words, "--database", asked)
        assert done.code == 1
        assert done.line.startswith(f"the database {name} is encoded in {encoding}, which cannot hold every name: ")


@pytest.mark.slow
def test_a_server_that_is_only_read_says_so_to_who_writes(url):
    asked = url.update_query_dict({"options": "-c default_transaction_read_only=on"})
    engine = engine_for(asked.render_as_string(hide_password=False))
    with (
        pytest.raises(UnusableDatabaseError, match="can only be read"),
        driver_errors_explained("x"),
        writing(engine) as connection,
    ):
        connection.execute(text("UPDATE note SET text = ''"))


@pytest.mark.slow
def test_who_waits_for_a_lock_of_anothers_is_told_after_a_while(url, postgres_engine, webexhist):
    with opened_to_read(url.render_as_string(hide_password=False)) as reader, reader.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "30s"
    asked = url.update_query_dict({"options": "-c lock_timeout=50ms"}).render_as_string(hide_password=False)
    with postgres_engine.begin() as other:
        other.execute(text("LOCK TABLE note IN ACCESS EXCLUSIVE MODE"))
        for words in (("note", "list"), ("note", "add", "hello")):
            done = webexhist(*words, "--database", asked)
            assert (done.code, done.line.endswith("(canceling statement due to lock timeout): try again later")) == (
                1,
                True,
            )


@pytest.mark.slow
def test_what_keeps_a_sound_database_from_being_read_is_no_damage(url, postgres_engine, taken):
    save(postgres_engine, taken("2026-11-23 15:05", people=3))
    assert find_damage(postgres_engine) == ()
    with postgres_engine.connect() as other:
        impatient = url.update_query_dict({"options": "-c lock_timeout=200ms"})
        engine = engine_for(impatient.render_as_string(hide_password=False))
        other.execute(text("LOCK TABLE reading IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(BusyDatabaseError, match="kept others waiting too long"):
            find_damage(engine)
    engine.dispose()
    assert find_damage(engine) == ()
    engine.dispose()
    with postgres_engine.begin() as owner:
        owner.execute(text("CREATE ROLE half_permitted"))
        owner.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO half_permitted"))
        owner.execute(text("REVOKE SELECT ON reading FROM half_permitted"))
    engine = engine_for(
        url.update_query_dict({"options": "-c role=half_permitted"}).render_as_string(hide_password=False)
    )
    try:
        with pytest.raises(UnusableDatabaseError, match="is not open to this user"):
            find_damage(engine)
    finally:
        engine.dispose()
        with postgres_engine.begin() as owner:
            owner.execute(text("DROP OWNED BY half_permitted"))
            owner.execute(text("DROP ROLE half_permitted"))


@pytest.mark.slow
def test_a_user_without_a_schema_reads_why_and_is_not_told_that_the_database_is_empty(url):
    nowhere = url.update_query_dict({"options": "-c search_path=nowhere"}).render_as_string(hide_password=False)
    why = r"no schema for this user \(search_path is nowhere\): let search_path name the schema of its tables"
    with pytest.raises(UnusableDatabaseError, match=why):
        open_database(nowhere)
    with pytest.raises(UnusableDatabaseError, match=why), opened_to_read(nowhere):
        pass


@pytest.mark.slow
def test_what_a_server_says_of_itself_is_repeated_without_what_it_was_sent(url):
    with engine_for(url).connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.execute(text("CREATE DATABASE repeating ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"))
    nowhere = url.set(password="nowhere").update_query_dict({"options": "-c search_path=nowhere"})
    for asked, words in (
        (nowhere, "search_path is"),
        (url.set(password="LATIN1", database="repeating"), "encoded in"),
    ):
        with (
            pytest.raises(UnusableDatabaseError, match=rf"{words} \*\*\*"),
            opened_to_read(asked.render_as_string(hide_password=False)),
        ):
            pass
