"""Readers of a database of which an index lost its rows: nothing is gone in silence, and nothing breaks."""

import re
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from every_table import fill_every_table
from imported_histories import history, seats

EMPTY_PAGE_OF_AN_INDEX = b"\x0a\x00\x00\x00\x00"
"""How the page begins: a leaf without free blocks and rows; where its rows begin follows, and no fragment."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory, sqlite_template) -> Path:
    """A database with rows in every table, in one file."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("whole") / "whole.db"))
    fill_every_table(file)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def indexes_of(file: Path) -> dict[str, int]:
    """The first page of each index beside the tables' own keys."""
    with closing(sqlite3.connect(file)) as database:
        found = "SELECT name, rootpage FROM sqlite_master WHERE type = 'index' AND rootpage > 0"
        return {
            name: page
            for name, page in database.execute(found)
            if database.execute("SELECT 1 FROM pragma_index_info(?)", (name,)).fetchone()
        }


def with_emptied_page(file: Path, page: int) -> None:
    """As a disk leaves it that kept a page of an earlier day."""
    with closing(sqlite3.connect(file)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
    content = bytearray(file.read_bytes())
    empty = EMPTY_PAGE_OF_AN_INDEX + size.to_bytes(2, "big") + b"\x00"
    content[(page - 1) * size : page * size] = empty.ljust(size, b"\x00")
    file.write_bytes(content)


@pytest.mark.parametrize(
    "command",
    ["contract export", "contract list", "note list", "export license_usage"],
)
def test_an_index_that_lost_its_rows_is_told_by_whoever_reads_by_it(webexhist, monkeypatch, tmp_path, whole, command):
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(whole))
    as_stored = webexhist(*command.split())
    assert (as_stored.code, as_stored.stderr) == (0, "")
    for name, page in indexes_of(whole).items():
        file = Path(shutil.copy(whole, tmp_path / f"{name}.db"))
        with_emptied_page(file, page)
        monkeypatch.setenv("WEBEXHIST_DATABASE", str(file))
        assert webexhist("db", "check").code == 1, name
        ran = webexhist(*command.split())
        assert ran.code in (0, 1), name
        assert ran.stderr.count("\n") <= 1, name
        told = ran.stdout + ran.stderr
        assert (ran.code, ran.stdout) == (0, as_stored.stdout) or "damaged" in told or "db check" in told, name


@pytest.fixture
def polled_daily(webexhist, monkeypatch, tmp_path) -> Path:
    """A database in one file, with a poll at noon of each day of September and October."""
    lines = history("2026-09-01 12:00", "2026-10-31 12:00", lambda at: [seats(500, 410)], every=timedelta(days=1))
    file = tmp_path / "polls.db"
    monkeypatch.setenv("WEBEXHIST_DATABASE", str(file))
    imported = tmp_path / "history.jsonl"
    imported.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert webexhist("import", imported).code == 0
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


def test_a_poll_that_cannot_be_found_by_its_time_is_told_on_every_page_of_the_period(
    webexhist, tmp_path, polled_daily
):
    """Of 31 polls of October at noon one has the year 9026 in the index by times."""
    content = polled_daily.read_bytes()
    assert content.count(b"2026-10-09 12:00:00") == 1
    polled_daily.write_bytes(content.replace(b"2026-10-09 12:00:00", b"9026-10-09 12:00:00"))

    report = ("report", "--month", "2026-10", "--out", tmp_path / "report")
    told = webexhist(*report)
    assert told.code == 0
    assert "what is kept in snapshot" in told.stderr
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Figures may be wrong: what is kept in snapshot was changed by something else than webexhist." in page


@pytest.mark.slow
def test_who_finds_the_newest_polls_by_an_index_that_hides_them_is_told(webexhist, polled_daily):
    """All of October have the year 9026 there."""
    content = polled_daily.read_bytes()
    moved, polls = re.subn(rb"2026(-10-.. 12:00:00)", rb"9026\1", content)
    assert polls == 31
    polled_daily.write_bytes(moved)

    newest = webexhist("licenses", "--on", "2026-11-01").stderr
    assert "2026-10: what is kept in snapshot was changed by something else than webexhist" in newest
    by_time = webexhist("sql", "SELECT max(taken_at) AS last FROM snapshots WHERE taken_at < '2026-12-01'", "--json")
    assert by_time.json == [{"last": "2026-09-30 12:00:00"}]
    assert "on 2026-10-01 to 2026-10-31 was changed by something else than webexhist" in by_time.stderr
    status = webexhist("status", "--json").json["database"]["state"]
    assert status == "damaged: Acme Example, 2026-10-30 was changed"
