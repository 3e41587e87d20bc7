"""Room on the disk for the index that SQLite keeps beside a database that several processes use.

It lies in memory that stands for the file `-shm`. Where the disk has no room for what is written there, no error
comes: the kernel ends the process (SIGBUS). SQLite writes a byte of each 4,096 beforehand, which takes too little
where blocks are smaller, as on small ext4 file systems.
"""

import ctypes
import errno
import os
import sqlite3
from pathlib import Path
from typing import Any

FIRST_BYTES = 32 * 1024
"""What SQLite makes of the index at once: enough for a log of 4,096 pages."""
TAKEN_AT_ONCE = 4096
"""What SQLite takes by one byte."""
UNIT = 512
"""What st_blocks counts in (stat(2))."""


def index_of(file: Path) -> Path:
    """Where the index of a database lies."""
    followed = file.resolve()
    return followed.with_name(f"{followed.name}-shm")


def has_room_for_index(file: Path) -> bool:
    """Whether the index can be made, or is there already; true where that is not known."""
    try:
        disk = os.statvfs(file.parent)
    except OSError:
        return True
    if not has_small_blocks(disk):
        return True
    try:
        taken = index_of(file).stat().st_blocks * UNIT
    except OSError:
        taken = 0
    return disk.f_bavail * disk.f_frsize >= FIRST_BYTES - taken


def has_small_blocks(disk: os.statvfs_result) -> bool:
    """Whether one byte takes less than SQLite means to; false where the file system says nothing of itself."""
    return disk.f_blocks > 0 and disk.f_frsize < TAKEN_AT_ONCE


def require_room_for_index(file: Path) -> None:
    """Raises what SQLite raises where a disk is full, while there is no room for the index."""
    if not has_room_for_index(file):
        raise full()


def connected_with_room(file: Path, **options: Any) -> sqlite3.Connection:
    """A connection to a database that may have an index. Raises as `require_room_for_index`."""
    require_room_for_index(file)
    connection: sqlite3.Connection = sqlite3.connect(file, **options)
    return connection


def take_room_for_index(file: Path) -> None:
    """Takes all blocks of the index that this process has open, before SQLite writes there.

    By the descriptor that SQLite has: to close another one would end its locks. Raises as `require_room_for_index`.
    """
    try:
        index = index_of(file).stat()
        if index.st_blocks * UNIT >= FIRST_BYTES or not has_small_blocks(os.statvfs(file.parent)):
            return
        descriptors = [int(each.name) for each in Path("/proc/self/fd").iterdir()]
    except OSError:  # a database that one process uses alone has no index, and not every system has such a list
        return
    # Not posix_fallocate(3): where a file system cannot, it writes by itself, over what others write meanwhile.
    allocate = getattr(ctypes.CDLL(None, use_errno=True), "fallocate64", None)
    for opened in descriptors:
        try:
            is_index = os.path.samestat(os.fstat(opened), index)
        except OSError:  # it was the listing's own
            continue
        if is_index and allocate and allocate(opened, 0, ctypes.c_int64(0), ctypes.c_int64(FIRST_BYTES)):
            if ctypes.get_errno() in (errno.ENOSPC, errno.EDQUOT):
                raise full()
            return


def full() -> sqlite3.OperationalError:
    """What SQLite raises where a disk is full."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    return error
