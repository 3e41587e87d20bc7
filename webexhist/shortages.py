"""What the system has no more of: open files, room, memory. It says so by a code, which libraries seldom hand on."""

import errno
import os
from contextlib import ExitStack
from pathlib import Path

ON_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
NEXT_STEPS = {
    errno.ENOSPC: "free space on its disk",
    errno.EDQUOT: "free space on its disk, or let this user have more of it",
    errno.EFBIG: "let this user write larger files (ulimit -f)",
    errno.EMFILE: "let this user open more files (ulimit -n)",
    errno.ENFILE: "let this host open more files",
    errno.ENOMEM: "free memory",
}
PROBES = 8
"""As many files as SQLite has open of two databases, one of which is copied: with log, index and folder each."""
PROBE_BYTES = 64 * 1024
"""Twice what SQLite's index beside a database takes."""


def shortage_behind(error: BaseException) -> OSError | None:
    """The shortage that an error rests on; None where it rests on none."""
    causes = chain_of_causes(error)
    return next((cause for cause in causes if isinstance(cause, OSError) and cause.errno in NEXT_STEPS), None)


def what_helps(error: BaseException, otherwise: str) -> str:
    """The next step where an error rests on a shortage, for which no other place or right helps; else that one."""
    shortage = shortage_behind(error)
    return NEXT_STEPS[shortage.errno or 0] if shortage else otherwise


def in_words(shortage: OSError) -> str:
    """What there is no more of, as the system says it."""
    return os.strerror(shortage.errno or 0)


def shortage_at(file: Path) -> OSError | None:
    """Why no more files could be made beside this one, as large as it is, where that is a shortage.

    SQLite keeps the system's reason to itself: that a file cannot be opened is also what it says where no more may
    be open, or the disk has no place for the name of another one.
    """
    from tempfile import TemporaryFile  # no small module, and seldom needed

    try:
        size = file.stat().st_size if file.exists() else 0
        with ExitStack() as made:
            probes = [made.enter_context(TemporaryFile(dir=file.parent, buffering=0)) for _ in range(PROBES)]
            probe = probes[0]
            probe.seek(size)
            left = PROBE_BYTES
            while left:
                left -= probe.write(bytes(left))
    except OSError as error:
        return shortage_behind(error)
    return None


def chain_of_causes(error: BaseException) -> list[BaseException]:
    """The error and all that lies behind it, whether chained or carried as its reason."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if isinstance(cause, BaseException) and cause not in found:
            found.append(cause)
            waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
    return found
