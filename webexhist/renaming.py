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
WITHOUT_FLAGS = (errno.ENOSYS, errno.EINVAL)
"""What they say where they can rename and nothing more, as many that a process serves (FUSE)."""


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
        try:
            rename(folder, name, target, KEEP_WHAT_IS_THERE)
        except OSError as refused:
            if refused.errno not in WITHOUT_FLAGS:
                raise
            take_free_name_in_two_steps(folder, name, target)


def take_free_name_in_two_steps(folder: int, name: str, target: str) -> None:
    """Renames to a name that an empty file holds for a moment, which stays where this process is killed meanwhile."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder))
    try:
        os.rename(name, target, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(target, dir_fd=folder)
        raise


def rename(folder: int, one: str, other: str, flag: int) -> None:
    """Renames within an open folder. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if library.renameat2(folder, os.fsencode(one), folder, os.fsencode(other), flag):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), other)
