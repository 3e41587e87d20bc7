"""Files that a person names: none is read that lets the reading wait, none made that would be taken for a database's.

And whose a new one is, with what rights.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

ROOT = 0
NOT_TO_GIVE = (errno.EPERM, errno.EINVAL)
"""What the system says to root without that right, and where it does not know the owner."""
BESIDE_A_DATABASE = ("-wal", "-shm", "-journal")
"""How SQLite names the files that belong to a database; without its log a database is damaged."""
LOCK = ".lock"
"""How the file is named by which processes keep each other from bringing a database up to date."""
BEGINS_A_DATABASE = b"SQLite format 3\0"


def opened_at_once(file: Path) -> BinaryIO:
    """The file, open to be read: the opening of a named pipe does not wait until somebody writes into it.

    One that nobody writes into is empty; from one that somebody has open, what he writes is waited for.

    Raises:
        OSError: it cannot be opened.
    """

    def without_waiting(path: str, flags: int) -> int:
        return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)

    try:
        opened = open(file, "rb", opener=without_waiting)  # noqa: SIM115  (the caller closes it)
    except ValueError as error:  # a NUL in its name
        raise OSError(errno.EINVAL, "this is no path") from error
    os.set_blocking(opened.fileno(), True)
    return opened


def content_of(file: Path, largest: int) -> bytes:
    """Returns what a file holds.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than so many bytes.
    """
    with opened_at_once(file) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EINVAL, f"it is larger than {largest:,} bytes")
    return content


def current_umask() -> int:
    """The umask of this process, which can only be read by setting it."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask


def hand_over(made: int | Path, model: os.stat_result) -> None:
    """Gives what root has just made to the owner of the model; root who may not, as in a container, keeps it."""
    if os.geteuid() == ROOT and (model.st_uid, model.st_gid) != (ROOT, ROOT):
        try:
            os.chown(made, model.st_uid, model.st_gid, follow_symlinks=isinstance(made, int))
        except OSError as error:
            if error.errno not in NOT_TO_GIVE:
                raise


def require_beside_no_database(file: Path) -> None:
    """Makes sure that SQLite takes nothing of that name for a part of a database: it would write there, or delete it.

    Raises:
        OSError: the name belongs to a database, or it cannot be seen whether it does.
    """
    if database := database_beside(file):
        raise OSError(errno.EPERM, f"that name belongs to the database {database.name} beside it", str(file))


def database_beside(file: Path) -> Path | None:
    """The database in the same folder to which a file of that name belongs; None where it belongs to none.

    In whatever letters: to some file systems they are one name. Raises OSError where it cannot be read.
    """
    for end in (*BESIDE_A_DATABASE, LOCK):
        name = file.name[: -len(end)]
        if name and file.name.lower().endswith(end) and begins_a_database(file.with_name(name)):
            return file.with_name(name)
    return None


def begins_a_database(file: Path) -> bool:
    """Whether there is a file that begins as SQLite's do. Raises OSError where it cannot be read."""
    if not file.is_file():
        return False
    with opened_at_once(file) as opened:
        return opened.read(len(BEGINS_A_DATABASE)) == BEGINS_A_DATABASE
