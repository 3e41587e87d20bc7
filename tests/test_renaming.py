"""A name is taken only where it is free, also where a file can have one name only."""

import ctypes
import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reading import read

from webexhist.renaming import WITHOUT_LINKS, exchange, take_free_name
from webexhist.report.folder import MANIFEST, TextFile, write_folder
from webexhist.state.private_files import write_new
from webexhist.store.engine import engine_for
from webexhist.store.mending.backup import back_up, restore
from webexhist.store.opening.database import open_existing
from webexhist.store.rows.latest import latest
from webexhist.store.saving.save import save
from webexhist.store.seals.damage import find_damage


def people(engine) -> int | None:
    (snapshot,) = read(engine, latest)
    return next(count.value for count in snapshot.counts if count.metric == "people")


def refuse_links(monkeypatch, code):
    """Lets no file have a second name, as on memory sticks and in some shared folders."""

    def refuse(*_names, **_folders):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)


NAMES_ALONE = "names alone"


@pytest.fixture(
    params=[None, *WITHOUT_LINKS, NAMES_ALONE], ids=lambda code: errno.errorcode.get(code, code or "with links")
)
def links(request, monkeypatch):
    """File systems with and without second names, and one that can rename and nothing more."""
    if request.param == NAMES_ALONE:
        refuse_links(monkeypatch, errno.EPERM)
        monkeypatch.setattr(ctypes, "CDLL", lambda *_name, **_options: None)  # a library without renameat2
    elif request.param is not None:
        refuse_links(monkeypatch, request.param)


@pytest.mark.usefixtures("links")
def test_a_free_name_is_taken_and_what_is_there_stays(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    folder = os.open(tmp_path, os.O_RDONLY)
    take_free_name(folder, "one", "free")
    assert (tmp_path / "free").read_text() == "one"
    with pytest.raises(FileExistsError):
        take_free_name(folder, "two", "free")
    os.close(folder)
    assert (tmp_path / "free").read_text() == "one"


@pytest.mark.usefixtures("links")
def test_backups_new_files_and_reports_beside_other_files_are_made_there(sqlite_engine, tmp_path):
    back_up(sqlite_engine, tmp_path / "backup.db")
    write_new(tmp_path / "new", b"new")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "theirs").write_text("theirs")
    write_folder(tmp_path / "out", [TextFile("index.html", "pages")])
    assert {path.name for path in tmp_path.iterdir()} >= {"backup.db", "new", "out"}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert sorted(os.listdir(tmp_path / "out")) == [MANIFEST, "index.html", "theirs"]


def test_a_backup_is_brought_in_there_and_the_database_of_before_kept_whole(
    sqlite_engine, sqlite_location, taken, monkeypatch
):
    refuse_links(monkeypatch, errno.EPERM)
    file = Path(sqlite_location)
    save(sqlite_engine, taken("2026-11-23 15:00", people=3))
    back_up(sqlite_engine, file.with_name("backup.db"))
    save(sqlite_engine, taken("2026-11-23 15:05", people=4))
    sqlite_engine.dispose()
    kept = restore(engine_for(file), file.with_name("backup.db"), datetime(2026, 11, 25, 9, 30, tzinfo=UTC))
    assert [people(open_existing(each)) for each in (file, kept)] == [3, 4]
    assert find_damage(open_existing(kept)) == ()
    assert kept.stat().st_mode == file.stat().st_mode


def test_two_names_change_places(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "one", tmp_path / "two")
    assert (os.listdir(tmp_path / "one"), os.listdir(tmp_path / "two")) == (["two"], ["one"])
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "three")
