"""Whole copies of a SQLite database, made while others read and write it."""

import shutil
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

from webexhist.state.private_files import Draft
from webexhist.store.errors import DatabaseSpaceError, driver_errors_explained
from webexhist.store.opening.database_file import require_own_beside
from webexhist.store.opening.readable import connected, readable


def copy_into(draft: Draft, folder: Path, file: Path) -> Path:
    """Copies the database into a draft in that folder, as it is at one moment; returns where the draft lies.

    The draft begins under a random name, where nothing lies already that SQLite would follow or write into.
    """
    require_own_beside(file)
    place = folder / draft.name
    with driver_errors_explained(str(file)):
        with readable(file) as address, closing(connected(address)) as source, closing(connect(place)) as target:
            source.backup(target)
        # Without the log beside it that the original has: a copy is one file.
        with closing(connect(place)) as target:
            target.execute("PRAGMA journal_mode = DELETE")
    return place


def require_room(folder: Path, needed: int, purpose: str) -> None:
    """Raises `DatabaseSpaceError` where the folder has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise DatabaseSpaceError(
            f"{purpose} needs {needed / 1e6:,.0f} MB in {folder}; {free / 1e6:,.0f} MB are free",
            "free space on its disk",
        )
