"""What Linux can do with names in one step, and Python has no function for (renameat2(2), Linux 3.15)."""

import ctypes
import errno
import os
from pathlib import Path

KEEP_WHAT_IS_THERE, EXCHANGE = 1, 2
"""RENAME_NOREPLACE and RENAME_EXCHANGE."""
CURRENT_FOLDER = -100
"""AT_FDCWD of openat(2)."""
WITHOUT_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS)
"""What file systems say where a file has one name only, as on a memory stick."""


def exchange(one: Path, other: Path) -> None:
    """Lets two names change places at once. Raises OSError."""
    rename(CURRENT_FOLDER, str(one), str(other), EXCHANGE)


def take_free_name(folder: int, name: str, target: str) -> None:
    """Gives a file of an open folder a name that nothing has there; whether it keeps the other one is left open.

    Raises:
        FileExistsError: something has that name.
        OSError: it cannot be given.
    """
    try:
        os.link(name, target, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except OSError as error:
        if error.errno not in WITHOUT_LINKS:
            raise
        rename(folder, name, target, KEEP_WHAT_IS_THERE)


def rename(folder: int, one: str, other: str, flag: int) -> None:
    """Renames within an open folder. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if library.renameat2(folder, os.fsencode(one), folder, os.fsencode(other), flag):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), other)
