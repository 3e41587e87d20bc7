"""Whole copies of a SQLite database, made while others read and write it."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, Error, connect

from webexhist.state.private_files import Draft, clear_abandoned_drafts
from webexhist.store.errors import DatabaseSpaceError, driver_errors_explained
from webexhist.store.index_room import connected_with_room
from webexhist.store.opening.readable import readable

OF_WRITING = frozenset(
    {
        "SQLITE_CANTOPEN",
        "SQLITE_FULL",
        "SQLITE_READONLY",
        "SQLITE_IOERR_WRITE",
        "SQLITE_IOERR_FSYNC",
        "SQLITE_IOERR_TRUNCATE",
        "SQLITE_IOERR_DELETE",
        "SQLITE_IOERR_DIR_FSYNC",
    }
)
"""What goes wrong with a file that is written alone: whatever it is copied from is open already, and only read."""


def copy_into(draft: Draft, folder: Path, file: Path) -> Path:
    """Copies the database into a draft in that folder, as it is at one moment; returns where the draft lies.

    The draft begins under a random name, where nothing lies already that SQLite would follow or write into.

    Raises a `DatabaseError` that names what failed: the database, or the file that the draft is to become.
    """
    place = folder / draft.name
    becomes = folder / draft.target
    with (
        driver_errors_explained(str(file)),
        readable(file) as connected,
        closing(connected()) as source,
    ):
        source.execute("SELECT 1 FROM sqlite_master").fetchone()  # opens what lies beside it too
        with _written(place, becomes) as target:
            source.backup(target)
    # Without the log beside it that the original has: a copy is one file.
    with driver_errors_explained(str(becomes)), closing(connected_with_room(place)) as target:
        target.execute("PRAGMA journal_mode = DELETE")
    return place


@contextmanager
def _written(place: Path, becomes: Path) -> Iterator[Connection]:
    """The draft; SQLite says of both files at once what is wrong, and only by its code with which."""
    with closing(connect(place)) as target:
        try:
            yield target
        except Error as error:
            if getattr(error, "sqlite_errorname", "") not in OF_WRITING:
                raise
            with driver_errors_explained(str(becomes)):
                raise


def require_room(folder: Path, needed: int, purpose: str) -> None:
    """Raises `DatabaseSpaceError` where the folder has no room for so many bytes, all abandoned drafts gone."""
    clear_abandoned_drafts(folder)
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DatabaseSpaceError(
            f"{purpose} needs {needed / 1e6:,.1f} MB in {folder}; {free / 1e6:,.1f} MB are free",
            "free space on its disk",
        )
