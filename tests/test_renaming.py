"""A name is taken only where it is free, also where a file can have one name only."""

import errno
import os

import pytest

from webexhist.renaming import WITHOUT_LINKS, exchange, take_free_name
from webexhist.report.folder import MANIFEST, TextFile, write_folder
from webexhist.state.private_files import write_new
from webexhist.store.mending.backup import back_up


@pytest.fixture(params=[None, *WITHOUT_LINKS], ids=lambda code: errno.errorcode.get(code, "with links"))
def links(request, monkeypatch):
    """File systems with and without second names: those of memory sticks and of some shared folders have none."""

    def refuse(*_names, **_folders):
        raise OSError(request.param, os.strerror(request.param))

    if request.param is not None:
        monkeypatch.setattr(os, "link", refuse)


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


def test_two_names_change_places(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    exchange(tmp_path / "one", tmp_path / "two")
    assert (os.listdir(tmp_path / "one"), os.listdir(tmp_path / "two")) == (["two"], ["one"])
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "three")
