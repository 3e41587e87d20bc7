"""What can be wrong with a database, and the translation of the drivers' own errors into it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from webexhist.errors import WebexhistError
from webexhist.redact import without_secrets
from webexhist.shortages import ON_DISK, SHORTAGES, in_words, shortage_at, what_helps

ODD_ROWS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
    SQLAlchemyError,
)
"""What functions raise over values that cannot be: a month 13, a license without a name, a row that is missing."""


class DatabaseError(WebexhistError):
    """The database cannot be used as it was meant to be."""


class MissingDatabaseError(DatabaseError):
    """There is no database where one is to be read."""


class UnusableDatabaseError(DatabaseError):
    """The database cannot be opened, reached or written."""


class BusyDatabaseError(DatabaseError):
    """Another process kept the database locked for longer than we wait."""


class LostConnectionError(UnusableDatabaseError):
    """The server cannot be reached now, or ended the connection: it may be back at once."""


class ShortageError(UnusableDatabaseError):
    """The system has no more of what the database takes, other than room: open files, a larger file, memory."""


class DatabaseSpaceError(DatabaseError):
    """There is not enough room on the disk."""


class DamagedDatabaseError(DatabaseError):
    """The file is not, or no longer, a database. It is never replaced: it may be licensing evidence."""


class ForeignDatabaseError(DatabaseError):
    """The database holds somebody else's tables."""


class NewerDatabaseError(DatabaseError):
    """The database was made by a newer version of the program."""


class OutdatedDatabaseError(DatabaseError):
    """The database was made by an earlier version of the program; who only reads does not bring it up to date."""


class TrialDatabaseError(DatabaseError):
    """The database was made by a version from before the first release, whose tables were different."""


class OvertakenError(DatabaseError):
    """A poll that began later was stored already: its snapshot knows all that this one knows."""


class NoLaterMomentError(DatabaseError):
    """The last snapshot is of the end of all time, so that none can follow it."""


class ExistingFileError(DatabaseError):
    """A file lies already where a backup is to be made."""


class ServerDatabaseError(DatabaseError):
    """The database lies on a server, which does by its own tools what is asked for."""


DROP_THE_FUTURE = "look at the clock first: only if it is right, drop what is dated later: webexhist db trim"
"""What to do about a last snapshot that is dated later than now: of a clock that is behind it is a good one."""
RESTORE = "bring a backup in (webexhist db restore FILE)"
"""What to do about damage."""
WAITED_TOO_LONG = frozenset({"40001", "40P01", "55P03", "57014"})
"""What PostgreSQL says where a lock or a statement took longer than it was given, or two waited for each other."""
NO_ROOM = "53100"
"""What it says where its disk is full."""
READ_ONLY = "25006"
"""What it says on a standby, or to a user who may only read."""
ENDED = ("08", "25P03", "53300", "57P")
"""How its codes begin where it ended a connection, or has no room for one more: a later one may be let in."""

TOLD_OF_ALL_KINDS = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY")
"""How SQLite's errors begin that have many reasons, of rights, room, disks and memory ..."""
NOT_FOR_GOOD = "SQLITE_IOERR_FSYNC"
"""... and the one of them by which nobody knows what is stored, whatever the reason."""


def later_than(now: datetime, last: datetime) -> str:
    """Both times, of which either may be wrong."""
    shown, stored = (f"{at:%Y-%m-%d %H:%M} UTC" for at in (now, last))
    return f"the last snapshot is of {stored}, in the future: the clock shows {shown}"


def is_lost(error: BaseException, state: str | None) -> bool:
    """Whether the connection to a server is gone or was refused, by what PostgreSQL and its driver say."""
    return state.startswith(ENDED) if state else is_of_the_server(error)


def is_of_the_server(error: BaseException) -> bool:
    """Whether a driver says that the fault is the server's state, and not what it was asked (PEP 249)."""
    return "OperationalError" in {kind.__name__ for kind in type(error).__mro__}


@contextmanager
def driver_errors_explained(place: str) -> Iterator[None]:
    """Raises a `DatabaseError` that names `place` instead of what SQLAlchemy and the drivers raise."""
    try:
        yield
    except DBAPIError as error:
        raise explained(error.orig or error, place) from error
    except sqlite3.Error as error:
        raise explained(error, place) from error
    except UnicodeDecodeError as error:  # SQLite quotes what is damaged, which Python then fails to read
        raise DamagedDatabaseError(f"the database {place} is damaged (it holds no text)", RESTORE) from error


def is_no_damage(error: DatabaseError, *, is_file: bool) -> bool:
    """Whether a sound database is kept from being read: by others, a shortage, a server that is gone or forbids it.

    Of a file SQLite also says that it is unusable where it reads that it should need more memory than there is.
    """
    return isinstance(error, BusyDatabaseError | DatabaseSpaceError | ShortageError) or (
        not is_file and isinstance(error, UnusableDatabaseError)
    )


def explained(error: BaseException, place: str) -> DatabaseError:
    """What a driver says, as a `DatabaseError` that names `place`."""
    reason = without_secrets(str(error).strip().partition("\n")[0])
    named = f"the database {place}"
    if shortage := _told_by_sqlite_as_another_error(error, place):
        return shortage
    match getattr(error, "sqlite_errorname", "").split("_"):
        case ["SQLITE", "CORRUPT" | "NOTADB", *_]:
            return DamagedDatabaseError(
                f"{named} is damaged or no database ({reason})",
                f"{RESTORE}, which keeps the damaged file, or choose another path",
            )
        case ["SQLITE", "BUSY" | "LOCKED", *_]:
            return BusyDatabaseError(
                f"{named} is locked by another process ({reason})", "end that process or try again later"
            )
        case ["SQLITE", "FULL", *_]:
            return DatabaseSpaceError(f"{named} has no room left ({reason})", "free space on its disk")
        case ["SQLITE", "IOERR", "FSYNC"]:  # all of it is written, and may outlast what happens to the disk, or not
            return UnusableDatabaseError(
                f"{named} cannot be written for good ({reason}): what was being stored may be there or not",
                "see that its disk is well and has space left, and what is there",
            )
        case ["SQLITE", "IOERR", "SHMMAP"]:
            return ShortageError(
                f"{named} cannot be used (there is no memory for its index)",
                "free memory, or move it to where files can be mapped into memory",
            )
        case ["SQLITE", "IOERR", *_]:
            return UnusableDatabaseError(
                f"{named} cannot be read or written ({reason})", "see that its disk is well and has space left"
            )
        case ["SQLITE", "READONLY" | "CANTOPEN" | "PERM" | "AUTH", *_]:
            return UnusableDatabaseError(
                f"{named} cannot be opened or written ({reason})",
                "see that the file and its folder exist and that this user may write both",
            )
        case ["SQLITE", "NOMEM" | "TOOBIG" | "PROTOCOL", *_]:
            return UnusableDatabaseError(
                f"{named} cannot be used ({reason})", "try again; else see webexhist db check"
            )
        case [""] if isinstance(error, sqlite3.OperationalError):  # the driver's own: a text that is none
            return DamagedDatabaseError(f"{named} is damaged ({reason})", RESTORE)
    if "invalid connection option" in reason or 'missing "="' in reason:
        return UnusableDatabaseError(f"{named} cannot be used ({reason})", "correct its URL")
    if type(error).__name__ == "InsufficientPrivilege":
        return UnusableDatabaseError(
            f"{named} is not open to this user ({reason})", "let its owner grant what is needed"
        )
    state = getattr(error, "sqlstate", None)
    if state == NO_ROOM:
        return DatabaseSpaceError(f"{named} has no room left ({reason})", "free space on the disk of its server")
    if state == READ_ONLY:
        return UnusableDatabaseError(
            f"{named} can only be read ({reason})", "name the server that is written to, or a user who may write"
        )
    if state in WAITED_TOO_LONG:
        return BusyDatabaseError(f"{named} kept others waiting too long ({reason})", "try again later")
    if not isinstance(error, sqlite3.Error) and is_lost(error, state):
        return LostConnectionError(
            f"{named} cannot be used ({reason})", "see that the server runs and lets this user in"
        )
    if is_of_the_server(error) and not isinstance(error, sqlite3.Error):
        return UnusableDatabaseError(
            f"{named} cannot be used ({reason})", "see that the server runs and lets this user in"
        )
    return DatabaseError(
        f"{named} refused a statement ({reason})",
        "see what another program changed: webexhist db check",
    )


def _told_by_sqlite_as_another_error(error: BaseException, place: str) -> DatabaseError | None:
    """The shortage that keeps SQLite from its files, or the failure beneath them, where there is one."""
    name = getattr(error, "sqlite_errorname", "")
    if not name.startswith(TOLD_OF_ALL_KINDS) or name == NOT_FOR_GOOD:
        return None
    found = shortage_at(Path(place))
    if found is None:
        return None
    kind: type[DatabaseError] = UnusableDatabaseError
    if found.errno in SHORTAGES:
        kind = DatabaseSpaceError if found.errno in ON_DISK else ShortageError
    return kind(f"the database {place} cannot be used ({in_words(found)})", what_helps(found, ""))
