"""How SQLite reads a file that its user may not write, or beside which he may make nothing."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import Connection, Error, connect
from tempfile import TemporaryDirectory

from webexhist.store.errors import BusyDatabaseError, DamagedDatabaseError, UnusableDatabaseError
from webexhist.store.index_room import has_room_for_index
from webexhist.store.opening.database_file import accepted_to_read, require_opened, swapped
from webexhist.store.waits import usual_patience

ROOT = 0
NOTHING_BESIDE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_SHM")
"""How SQLite's errors begin where the index beside the file cannot be made: not permitted, or the disk is full."""


@contextmanager
def readable(file: Path, patience: Callable[[], float] = usual_patience) -> Iterator[Callable[[], Connection]]:
    """What connects to the file to read it, as often as it is called.

    SQLite shares a file with those who write it by a log and an index beside it. Who may not make these, or has no
    room for them, reads the file alone, as one that nobody changes; and with a log beside it that is not empty, a
    copy of both.

    Raises `UnusableDatabaseError` where somebody may have led this user to the file, or it is another one when it is
    opened.
    """
    accepted = accepted_to_read(file)
    followed = file.resolve()  # beside it, and not beside a link to it, lies what belongs to it
    address = followed.as_uri()
    logs = [log for log in (_beside(followed, "wal"), _beside(followed, "journal")) if _is_filled(log)]
    by = partial(_connected, file, accepted, patience)
    if _is_shared(followed, partial(by, f"{address}?mode=ro")):
        yield partial(by, f"{address}?mode=ro")
    elif not logs:
        with _unchanged(file):
            yield partial(by, f"{address}?mode=ro&immutable=1")
    else:
        with ExitStack() as made:
            try:
                folder = Path(made.enter_context(TemporaryDirectory(prefix="webexhist-")))
                for part in (followed, *logs):
                    copied = _copy(part, folder / part.name)
                    if part == followed and not os.path.samestat(copied, accepted):
                        raise swapped(file)
            except OSError as error:
                raise UnusableDatabaseError(
                    f"the database {file} can be read only with the log beside it, and no copy of both can be made"
                    f" ({error.strerror})",
                    "see that this user may read both and has room for temporary files, or read a backup of it"
                    " (webexhist db backup)",
                ) from error
            yield partial(_connected, file, None, patience, (folder / followed.name).as_uri())


def _connected(
    file: Path, accepted: os.stat_result | None, patience: Callable[[], float], address: str
) -> Connection:
    """Connects by a URI. SQLAlchemy's pool hands connections from thread to thread."""
    connection = connect(address, uri=True, timeout=patience(), isolation_level=None, check_same_thread=False)
    require_opened(file, accepted, connection)
    return connection


def _is_shared(file: Path, connected: Callable[[], Connection]) -> bool:
    """Whether SQLite opens the file with what belongs beside it, which is there or may be made by this user."""
    is_complete = _beside(file, "wal").exists() and _beside(file, "shm").exists()
    is_owner = os.geteuid() in (ROOT, file.stat().st_uid)
    if not is_complete and not is_owner and os.access(file.parent, os.W_OK, effective_ids=True):
        return False  # it would belong to this user, and lock the owner's polls out
    if not has_room_for_index(file):
        return False
    try:
        with closing(connected()) as connection:
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except (Error, UnicodeDecodeError) as error:
        # Anything else that is wrong with it is met again by who reads it.
        return not getattr(error, "sqlite_errorname", "").startswith(NOTHING_BESIDE)
    return True


def _copy(part: Path, target: Path) -> os.stat_result:
    """Copies a file that is no link, as SQLite opens none either; returns which one that was."""
    with os.fdopen(os.open(part, os.O_RDONLY | os.O_NOFOLLOW), "rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        return os.fstat(source.fileno())


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


def _is_filled(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0
