"""What SQLite says, as a person reads it."""

import sqlite3

import pytest

from webexhist.store.errors import UnusableDatabaseError, driver_errors_explained


def said(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "SQLITE_IOERR_FSYNC",
            "cannot be written for good (disk I/O error): what was being stored may be there or not: "
            "see that its disk is well and has space left, and what is there",
        ),
        (
            "SQLITE_IOERR_WRITE",
            "cannot be read or written (disk I/O error): see that its disk is well and has space left",
        ),
        (
            "SQLITE_IOERR_SHMMAP",
            "cannot be used (there is no memory for its index): "
            "free memory, or move it to where files can be mapped into memory",
        ),
    ],
)
def test_it_is_said_where_nobody_knows_whether_something_was_stored(tmp_path, name, line):
    file = tmp_path / "webexhist.db"
    with pytest.raises(UnusableDatabaseError) as told, driver_errors_explained(str(file)):
        raise said(name)
    assert str(told.value) == f"the database {file} {line}"
