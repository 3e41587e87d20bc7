"""Rows that refer to nothing: a server refuses them, unless it was told not to mind, as some copy rows."""

import pytest
from histories import Poller, license_of
from sqlalchemy import text

from webexhist.store.seals.damage import find_damage


@pytest.mark.slow
def test_rows_that_refer_to_nothing_are_found_on_a_server(postgres_engine):
    Poller(postgres_engine).poll("2026-10-01 12:00", {license_of("Webex Suite"): (100, 60)})
    assert find_damage(postgres_engine) == ()
    with postgres_engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("INSERT INTO day SELECT 77, day, first_number, last_number, checksum FROM day"))
    assert [found.in_words for found in find_damage(postgres_engine)] == [
        "the table day holds rows that refer to nothing"
    ]
