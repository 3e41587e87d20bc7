"""Files that a person names: none is read that lets the reading wait, and what rights a new one has."""

import errno
import os
import stat
from pathlib import Path


def content_of(file: Path, largest: int) -> bytes:
    """Returns what a file holds.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than so many bytes.
    """
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except ValueError as error:  # a NUL in its name
        raise OSError(errno.EINVAL, "this is no path") from error
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        content = opened.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"it is larger than {largest:,} bytes")
    return content


def current_umask() -> int:
    """The umask of this process, which can only be read by setting it."""
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
