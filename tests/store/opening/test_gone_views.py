"""Views that somebody dropped by hand: `db check` names them, `db upgrade` makes them again."""

import pytest
from sqlalchemy import text

from webexhist.store.errors import ForeignDatabaseError
from webexhist.store.opening.database import open_database, upgrade
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage

REMEDY = "make it again: webexhist db upgrade"


@pytest.fixture
def dropped(engine, taken):
    """A database without the view `counts`, and how it is reached."""
    save(engine, taken("2026-11-23 15:00", people=3))
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW counts"))
    return engine.url.render_as_string(hide_password=False)


def test_a_view_that_was_dropped_is_named_and_made_again(engine, dropped, rows):
    before = rows(engine, "SELECT * FROM public_view ORDER BY name")
    (gone,) = find_damage(engine)
    assert (gone.what, gone.next_step) == ("the view counts is gone", REMEDY)
    assert upgrade(dropped).changed_views == ("counts",)
    assert rows(engine, "SELECT value FROM counts") == [(3,)]
    assert rows(engine, "SELECT * FROM public_view ORDER BY name") == before
    assert find_damage(engine) == ()
    assert upgrade(dropped).changed_views == ()


def test_polls_are_stored_without_it(engine, dropped, taken):
    poller = open_database(dropped)
    assert save(poller, taken("2026-11-23 15:05", people=4)) == 2
    poller.dispose()


def test_a_table_of_somebody_else_in_its_place_is_not_touched(engine, dropped, rows):
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counts (mine INTEGER)"))
    with pytest.raises(ForeignDatabaseError, match="holds a table or view counts that is not webexhist's"):
        upgrade(dropped)
    assert rows(engine, "SELECT mine FROM counts") == []


def test_another_view_that_was_changed_meanwhile_is_not_taken_for_right(sqlite_engine, taken, rows):
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    with sqlite_engine.begin() as connection:
        connection.execute(text("DROP VIEW counts"))
        connection.execute(text("DROP VIEW daily_counts"))
        connection.execute(text("CREATE VIEW daily_counts AS SELECT 1 AS mine"))
    upgrade(sqlite_engine.url.render_as_string(hide_password=False))
    assert [damage.what for damage in find_damage(sqlite_engine)] == ["the table sqlite_master was changed"]


@pytest.mark.slow
def test_views_of_ours_that_went_with_it_are_made_again_too(postgres_engine, taken, rows):
    save(postgres_engine, taken("2026-11-23 15:00", people=3))
    before = rows(postgres_engine, "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1")
    with postgres_engine.begin() as connection:
        connection.execute(text("DROP VIEW schema_info, counts, licenses, daily_counts CASCADE"))
    assert len(find_damage(postgres_engine)) >= 4
    assert len(upgrade(postgres_engine.url.render_as_string(hide_password=False)).changed_views) >= 4
    after = rows(postgres_engine, "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1")
    assert after == before
    assert find_damage(postgres_engine) == ()
