"""Many rows at once, and what is said where a database refuses one of them."""

import pytest
from sqlalchemy import Engine

from webexhist.store.engine import engine_for, place_of, writing
from webexhist.store.errors import DatabaseError, driver_errors_explained
from webexhist.store.many_rows import count_rows, insert_rows

COLUMNS = ("organization_id", "source", "event", "kept_until")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_texts_arrive_as_they_are_and_a_refused_row_takes_the_others_with_it(kind, request, rows):
    engine: Engine = request.getfixturevalue(f"{kind}_engine")
    texts = ["tab\tbackslash\\n", "line\nbreak", "\\N", "grün ✓", ""]
    with writing(engine) as connection:
        insert_rows(connection, "organization", ("id", "uuid", "webex_id", "name"), [(1, "u", "w", texts[0])])
        insert_rows(connection, "unplaced_event", COLUMNS, ((1, "events", each, "2026") for each in texts))
    assert sorted(row[0] for row in rows(engine, "SELECT event FROM unplaced_event")) == sorted(texts)
    twice = [(1, "audit", "a", "2026"), (1, "audit", "a", "2026")]
    with (
        pytest.raises(DatabaseError, match="refused a statement"),
        driver_errors_explained(place_of(engine)),
        writing(engine) as connection,
    ):
        insert_rows(connection, "unplaced_event", COLUMNS, twice)
    assert rows(engine, "SELECT count(*) FROM unplaced_event") == [(len(texts),)]


def test_a_server_that_is_gone_when_all_is_stored_turns_nothing_into_a_failure(unused_port):
    count_rows(engine_for(f"postgresql+psycopg://nobody@127.0.0.1:{unused_port}/none"))
