"""What lies where a SQLite database is meant to be, before SQLite opens it."""

import os
import stat
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from webexhist.files import BESIDE_A_DATABASE, require_beside_no_database
from webexhist.state.trusted_files import UntrustedFileError, is_open, require_led_to, require_unplanted
from webexhist.store.errors import UnusableDatabaseError


def is_there(file: Path) -> bool:
    """Whether there is a file; raises `UnusableDatabaseError` where something else is.

    SQLite waits for ever for what a pipe or a device has to say.
    """
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise _unreachable(file, error) from error
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "a pipe or a device"
        raise UnusableDatabaseError(
            f"the database {file} cannot be opened or written (it is {what})",
            "see that the file and its folder exist and that this user may write both",
        )
    return True


def require_own(file: Path) -> os.stat_result | None:
    """Returns what lies there; None where nothing does.

    Raises `UnusableDatabaseError` where somebody may have planted what is to be written, or SQLite takes the file for
    a part of another database.
    """
    try:
        require_beside_no_database(file)
    except OSError as error:
        raise UnusableDatabaseError(f"{file} can be no database ({error.strerror})", "name another one") from error
    accepted = _require_unplanted(file, file, "")
    require_own_beside(file)
    return accepted


def accepted_to_read(file: Path) -> os.stat_result:
    """Returns what lies there to be read.

    Raises `UnusableDatabaseError` where somebody may have led this user there, or nothing can be looked at.
    """
    try:
        accepted = require_led_to(file)
    except UntrustedFileError as error:
        raise _planted(file, "", error) from error
    except OSError as error:
        raise _unreachable(file, error) from error
    require_own_beside(file)
    return accepted


def require_opened(
    file: Path, accepted: os.stat_result | None, connection: DBAPIConnection | SqliteConnection
) -> None:
    """Closes the connection, and raises `UnusableDatabaseError`, where it is not to the file that was looked at.

    SQLite opens by the path: who may write a folder above could have put a link there meanwhile.
    """
    if accepted is None or is_open(accepted):
        return
    connection.close()
    raise swapped(file)


def swapped(file: Path) -> UnusableDatabaseError:
    """The error of a database that is another file than the one that was looked at."""
    return UnusableDatabaseError(
        f"the database {file} is not opened (another file took its place meanwhile)",
        "see who else may write its folder, and try again",
    )


def connected_to_own(
    dialect: Dialect, _entry: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
) -> DBAPIConnection:
    """Connects to a file that is there, and that nobody may have planted; a listener of an engine that writes.

    Nothing is made by way of a link that came between the look and the opening.
    """
    file = Path(arguments[0])
    accepted = require_own(file)
    connection = dialect.connect(f"{file.as_uri()}?mode=rw", *arguments[1:], **options | {"uri": True})
    require_opened(file, accepted, connection)
    return connection


def require_own_beside(file: Path) -> None:
    """The same for what SQLite opens beside the file, for readers too: it writes there, and gives it to its owner.

    It waits there as well for what a pipe or a device has to say.
    """
    followed = file.resolve()
    for end in BESIDE_A_DATABASE:
        beside = followed.with_name(f"{followed.name}{end}")
        found = _require_unplanted(file, beside, f"{beside.name}: ")
        if found and not stat.S_ISREG(found.st_mode):
            raise _planted(file, f"{beside.name}: ", UntrustedFileError(beside, "no regular file"))


def _require_unplanted(file: Path, place: Path, which: str) -> os.stat_result | None:
    try:
        return require_unplanted(place)
    except UntrustedFileError as error:
        raise _planted(file, which, error) from error
    except OSError:  # it is missing, or cannot be reached: the driver says so
        return None


def _planted(file: Path, which: str, error: UntrustedFileError) -> UnusableDatabaseError:
    return UnusableDatabaseError(
        f"the database {file} is not opened ({which}{error.strerror})", "take that away, or name another database"
    )


def _unreachable(file: Path, error: OSError) -> UnusableDatabaseError:
    return UnusableDatabaseError(
        f"the database {file} cannot be reached ({error.strerror})", "name one that this user may reach"
    )
