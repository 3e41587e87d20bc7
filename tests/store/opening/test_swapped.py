"""What takes the place of a database between the look at it and its opening is not opened for it."""

import shutil
import sys
from pathlib import Path

import pytest

from webexhist.store.errors import UnusableDatabaseError
from webexhist.store.opening.database import open_existing
from webexhist.store.opening.read_only import opened_to_read


class Swap:
    """Puts a link in the place of a file when SQLite is just about to open it, as its folder's owner may."""

    def __init__(self) -> None:
        self.place: Path | None = None
        self.target = Path()
        sys.addaudithook(self.met)

    def met(self, event: str, _arguments: object) -> None:
        if event == "sqlite3.connect" and self.place:
            place, self.place = self.place, None
            place.rename(place.with_name("away.db"))
            place.symlink_to(self.target)


@pytest.fixture(scope="module")
def swap():
    return Swap()


@pytest.fixture
def file(sqlite_template, tmp_path):
    (tmp_path / "state").mkdir()
    return Path(shutil.copy(sqlite_template, tmp_path / "state" / "history.db"))


def test_a_link_to_another_database_is_not_written_through(swap, file, sqlite_template, tmp_path):
    other = Path(shutil.copy(sqlite_template, tmp_path / "other.db"))
    before = other.read_bytes()
    swap.place, swap.target = file, other
    with pytest.raises(UnusableDatabaseError, match="another file took its place meanwhile"):
        open_existing(file)
    assert other.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"state", "other.db"}


def test_nothing_is_made_by_a_link_to_nothing(swap, file, tmp_path):
    swap.place, swap.target = file, tmp_path / "cron.d"
    with pytest.raises(UnusableDatabaseError, match="cannot be opened or written"):
        open_existing(file)
    assert {path.name for path in tmp_path.iterdir()} == {"state"}


def test_a_folder_in_the_place_of_the_folder_is_not_written_to(swap, file, sqlite_template, tmp_path):
    (tmp_path / "others").mkdir()
    other = Path(shutil.copy(sqlite_template, tmp_path / "others" / "history.db"))
    before = other.read_bytes()
    swap.place, swap.target = file.parent, other.parent
    with pytest.raises(UnusableDatabaseError, match="another file took its place meanwhile"):
        open_existing(file)
    assert other.read_bytes() == before
    assert {path.name for path in other.parent.iterdir()} == {"history.db"}


def test_a_link_to_another_database_is_not_read(swap, file, sqlite_template, tmp_path):
    other = Path(shutil.copy(sqlite_template, tmp_path / "other.db"))
    swap.place, swap.target = file, other
    with pytest.raises(UnusableDatabaseError, match="another file took its place meanwhile"), opened_to_read(file):
        pass
