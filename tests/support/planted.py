"""What others may plant where this program will write or read, and another user to plant it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

NOBODY = 65_534
"""A user who is neither root nor the one who runs the tests."""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes root, who alone can act for two users")


def link(place: Path, target: Path) -> None:
    place.symlink_to(target)


def dangling_link(place: Path, target: Path) -> None:
    place.symlink_to(target.with_name("not-there"))


def other_name(place: Path, target: Path) -> None:
    os.link(target, place)


def pipe(place: Path, _target: Path) -> None:
    os.mkfifo(place)


PLANTS: dict[str, Callable[[Path, Path], None]] = {
    "link": link,
    "dangling link": dangling_link,
    "other name": other_name,
    "pipe": pipe,
}


class Target:
    """A file that nobody but its owner should touch."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "innocent"
        self.file.write_text("untouched")
        self.file.chmod(0o644)
        self.before = self.state

    @property
    def state(self) -> tuple[str, int, int, set[str]]:
        found = self.file.stat()
        beside = {path.name for path in self.file.parent.iterdir()}
        return self.file.read_text(), found.st_uid, found.st_mode, beside

    def require_untouched(self) -> None:
        assert self.state == self.before


def owned_by_nobody(folder: Path) -> Path:
    """The folder, made for another user who can reach it."""
    folder.mkdir(parents=True)
    os.chown(folder, NOBODY, NOBODY)
    return folder


def give_to_nobody(path: Path) -> None:
    """As if another user had made it."""
    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)


def owners(folder: Path) -> dict[str, int]:
    """Who owns what lies in a folder."""
    return {path.name: path.lstat().st_uid for path in folder.iterdir()}
