"""An index with other rows than its table gives readers other rows: found although all rows are as they were."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from every_table import fill_every_table

from webexhist.store.opening.read_only import opened_to_read
from webexhist.store.seals.indexes import indexed_otherwise
from webexhist.store.seals.sealing import RARELY_CHANGED
from webexhist.store.seals.tables import damaged_tables_of


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with rows in every table, in one file."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("whole") / "whole.db"))
    fill_every_table(file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def with_swapped_pages(file: Path, one: str, other: str) -> None:
    """Swaps the first pages of two tables or indexes, as a disk may that answers for another address."""
    with closing(sqlite3.connect(file)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        pages = dict(database.execute("SELECT name, rootpage FROM sqlite_master WHERE name IN (?, ?)", (one, other)))
    content = file.read_bytes()
    places = [slice((page - 1) * size, page * size) for page in (pages[one], pages[other])]
    swapped = bytearray(content)
    for place, source in zip(places, reversed(places), strict=True):
        swapped[place] = content[source]
    file.write_bytes(swapped)


def test_indexes_with_the_rows_of_their_tables_are_no_damage(whole):
    with opened_to_read(whole) as engine, engine.connect() as connection:
        assert indexed_otherwise(connection, None, RARELY_CHANGED) == set()


def test_indexes_that_changed_places_are_named_by_their_table(whole, tmp_path):
    file = Path(shutil.copy(whole, tmp_path / "swapped.db"))
    with_swapped_pages(file, "metric_of_license", "metric_of_organization")
    with opened_to_read(file) as engine, engine.connect() as connection:
        assert indexed_otherwise(connection, None, RARELY_CHANGED) == {(1, "metric"), (2, "metric")}
        assert indexed_otherwise(connection, (2, 0), RARELY_CHANGED) == {(2, "metric")}
        assert damaged_tables_of(connection, 1) == ("metric",)
