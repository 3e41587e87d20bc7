"""How SQLite reads a file that its user may not write, or beside which he may make nothing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection, Error, connect
from tempfile import TemporaryDirectory

from webexhist.store.engine import BUSY_SECONDS
from webexhist.store.errors import BusyDatabaseError, DamagedDatabaseError, UnusableDatabaseError

ROOT = 0


def connected(address: str) -> Connection:
    """Connects to a SQLite database by its URI. SQLAlchemy's pool hands connections from thread to thread."""
    return connect(address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


@contextmanager
def readable(file: Path) -> Iterator[str]:
    """The URI by which SQLite reads the file.

    SQLite shares a file with those who write it by a log and an index beside it. A user who may not make these reads
    the file alone, as one that nobody changes; and with a log beside it that is not empty, a copy of both.
    """
    address = file.absolute().as_uri()
    logs = [log for log in (_beside(file, "wal"), _beside(file, "journal")) if log.exists() and log.stat().st_size]
    if _is_shared(file, address):
        yield f"{address}?mode=ro"
    elif not logs:
        with _unchanged(file):
            yield f"{address}?mode=ro&immutable=1"
    else:
        with TemporaryDirectory(prefix="webexhist-") as folder:
            try:
                for part in (file, *logs):
                    shutil.copyfile(part, Path(folder) / part.name)
            except OSError as error:
                raise UnusableDatabaseError(
                    f"the database {file} can be read only with the log beside it, and no copy of both can be made"
                    f" ({error.strerror})",
                    "see that this user may read both and has room for temporary files, or read a backup of it"
                    " (webexhist db backup)",
                ) from error
            yield (Path(folder) / file.name).as_uri()


def _is_shared(file: Path, address: str) -> bool:
    """Whether SQLite opens the file with what belongs beside it, which is there or may be made by this user."""
    is_complete = _beside(file, "wal").exists() and _beside(file, "shm").exists()
    is_owner = os.geteuid() in (ROOT, file.stat().st_uid)
    if not is_complete and not is_owner and os.access(file.parent, os.W_OK, effective_ids=True):
        return False  # it would belong to this user, and lock the owner's polls out
    try:
        with closing(connected(f"{address}?mode=ro")) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except (Error, UnicodeDecodeError) as error:
        # Anything else that is wrong with it is met again by who reads it.
        return not getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY"))
    return True


@contextmanager
def _unchanged(file: Path) -> Iterator[None]:
    """Raises `BusyDatabaseError` where the file is written while it is read without a lock."""
    before = _stamp(file)
    try:
        yield
    except DamagedDatabaseError:
        if _stamp(file) == before:
            raise
    if _stamp(file) != before:
        raise BusyDatabaseError(f"the database {file} was written while it was read", "try again")


def _stamp(file: Path) -> tuple[int, int, int]:
    found = file.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _beside(file: Path, kind: str) -> Path:
    return file.with_name(f"{file.name}-{kind}")
