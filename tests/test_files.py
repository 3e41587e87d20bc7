"""Names that belong to a database: SQLite would write to what lies there, or delete it with the next poll."""

import os
import shutil

import pytest

from webexhist.files import database_beside

NAMES = ("history.db-wal", "history.db-shm", "history.db-journal", "history.db.lock")
WAYS = {
    "db backup {place} --database {database}": 1,
    "db copy {place} --database {database}": 1,
    "db restore {backup} --database {place}": 1,
    "db upgrade --database {place}": 1,
    "report --out {place} --database {database}": 2,
    "export counts --out {place} --database {database}": 1,
    "config init --out {place}": 1,
}
"""How each of them is typed, and ends."""


@pytest.fixture
def database(sqlite_template, tmp_path):
    return shutil.copy(sqlite_template, tmp_path / "history.db")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("words", WAYS)
def test_nothing_is_made_under_a_name_that_belongs_to_a_database(webexhist, database, tmp_path, name, words):
    place, backup = tmp_path / name, shutil.copy(database, tmp_path / "backup.db")
    if "upgrade" in words:
        shutil.copy(database, place)
    before = contents(tmp_path)
    done = webexhist(*words.format(place=place, backup=backup, database=database).split())
    assert (done.code, done.stdout) == (WAYS[words], "")
    assert "belongs to the database history.db" in done.line or "belongs to a database" in done.line
    assert contents(tmp_path) == before


def contents(folder):
    """What lies in a folder, but for what SQLite keeps there while it reads."""
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return {name: content for name, content in kept.items() if content and not name.endswith("-shm")}


def test_letters_count_for_nothing_where_the_database_answers_to_them(database):
    assert database_beside(database.with_name("history.db-WAL")) == database
    assert database_beside(database.with_name("history.db-Journal")) == database
    assert database_beside(database.with_name("HISTORY.DB-WAL")) is None, "another file, on this file system"
    os.link(database, database.with_name("HISTORY.DB"))  # as on one that takes both for one
    assert database_beside(database.with_name("HISTORY.DB-WAL")) == database.with_name("HISTORY.DB")


def test_beside_what_is_no_database_such_a_name_is_free(tmp_path):
    (tmp_path / "notes").write_text("no database")
    for name in ("notes-wal", "-wal", "gone.db-wal"):
        assert database_beside(tmp_path / name) is None
