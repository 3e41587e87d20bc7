"""Reads and opens files in folders that others may write, and refuses what somebody may have planted there."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

ROOT = 0


class UntrustedFileError(OSError):
    """Something lies in a file's place that is no file of ours: a link, a device, somebody else's file."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(errno.EPERM, f"{what} lies in its place", str(path))


@contextmanager
def opened_folder(folder: Path) -> Iterator[int]:
    """The folder's descriptor: what is done by way of it is done in this folder, whatever takes its place.

    Raises:
        UntrustedFileError: it is a link that somebody else made, and that could lead anywhere.
        OSError: it cannot be opened.
    """
    is_link = folder.is_symlink()
    if is_link and folder.lstat().st_uid not in (os.geteuid(), ROOT):
        raise UntrustedFileError(folder, "somebody else's link")
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | (0 if is_link else os.O_NOFOLLOW))
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def read_trusted(path: Path, largest: int) -> bytes:
    """A file's content.

    Raises:
        FileNotFoundError: there is none.
        UntrustedFileError: something else lies there (see `require_trusted`), or more than `largest` bytes.
        OSError: it cannot be read.
    """
    with opened_to_read(path) as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise UntrustedFileError(path, f"more than {largest} bytes")
    return content


@contextmanager
def opened_to_read(path: Path) -> Iterator[IO[bytes]]:
    """The file, open; raises as `read_trusted`."""
    with opened_folder(path.parent) as folder, os.fdopen(opened_trusted(folder, path, os.O_RDONLY), "rb") as file:
        yield file


def opened_trusted(folder: int, path: Path, flags: int) -> int:
    """The descriptor of a file that is there; raises as `read_trusted`."""
    # O_NONBLOCK: the opening of a named pipe would wait for its other end.
    wanted = flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
    try:
        descriptor = os.open(path.name, wanted, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise UntrustedFileError(path, "a link") from error
        if error.errno in (errno.ENXIO, errno.ENODEV):
            raise UntrustedFileError(path, "no regular file") from error
        raise
    try:
        require_trusted(path, os.fstat(descriptor), os.fstat(folder), writes=flags & os.O_ACCMODE != os.O_RDONLY)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def require_trusted(path: Path, found: os.stat_result, folder: os.stat_result, *, writes: bool) -> None:
    """Accepts a regular file of this user's, of the folder's owner or, to be read, of root's.

    It may have no other name, under which it could be anybody's; except to be read, in a folder that only this user
    can write. Root writes into the folder of another user only what belongs to him.

    Raises:
        UntrustedFileError: it is none.
        IsADirectoryError: it is a folder.
    """
    own = os.geteuid()
    trusted = {folder.st_uid} if writes and own == ROOT else {folder.st_uid, own, *(() if writes else (ROOT,))}
    is_private = folder.st_uid == own and not folder.st_mode & 0o022
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise UntrustedFileError(path, "no regular file")
    if found.st_uid not in trusted:
        raise UntrustedFileError(path, "somebody else's file")
    if found.st_nlink != 1 and (writes or not is_private):
        raise UntrustedFileError(path, "a file that has other names too")


def require_unplanted(path: Path) -> os.stat_result:
    """Accepts what other programs will open by its path: a link only of this user's or root's, and to what is there.

    In the folder of another user no file is accepted that has other names too; root is no other user. Returns what
    was accepted: something else may lie there when it is opened.

    Raises:
        UntrustedFileError: it is not accepted.
        OSError: it cannot be looked at.
    """
    found, folder = path.lstat(), path.parent.stat()
    if stat.S_ISLNK(found.st_mode):
        if found.st_uid not in (os.geteuid(), ROOT):
            raise UntrustedFileError(path, "somebody else's link")
        if not path.exists():
            raise UntrustedFileError(path, "a link to nothing")
        return path.stat()
    if folder.st_uid not in (os.geteuid(), ROOT) and stat.S_ISREG(found.st_mode) and found.st_nlink != 1:
        raise UntrustedFileError(path, "a file that has other names too")
    return found


def require_led_to(path: Path) -> os.stat_result:
    """Accepts what other programs will only read by its path: by somebody else's link, what belongs to him.

    Else he would lead a user who may read more than himself to what he never saw. In the folder of another user the
    same goes for a file that has other names too. Returns what was accepted.

    Raises:
        UntrustedFileError: it is not accepted.
        OSError: it cannot be looked at.
    """
    place, folder, found = path.lstat(), path.parent.stat(), path.stat()
    if stat.S_ISLNK(place.st_mode):
        if place.st_uid not in (os.geteuid(), ROOT, found.st_uid):
            raise UntrustedFileError(path, "somebody else's link")
    elif found.st_nlink != 1 and folder.st_uid not in (os.geteuid(), ROOT, found.st_uid):
        raise UntrustedFileError(path, "a file that has other names too")
    return found


def is_open(accepted: os.stat_result) -> bool:
    """Whether this process has that very file open; true where the system does not say."""
    try:
        descriptors = list(Path("/proc/self/fd").iterdir())
    except OSError:
        return True
    for descriptor in descriptors:
        with suppress(OSError):  # it was closed meanwhile
            if os.path.samestat(descriptor.stat(), accepted):
                return True
    return False
