"""What the system has no more of, open files, room, memory, or what its disks are unable to.

It says so by a code, which libraries seldom hand on.
"""

import errno
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

ON_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})
SHORTAGES = {
    errno.ENOSPC: "free space on its disk (df, df -i)",
    errno.EDQUOT: "free space on its disk, or let this user have more of it (quota)",
    errno.EFBIG: "let this user write larger files (ulimit -f)",
    errno.EMFILE: "let this user open more files (ulimit -n)",
    errno.ENFILE: "let this host open more files",
    errno.ENOMEM: "free memory",
}
FAILURES = {
    errno.EIO: "see that its disk is well (dmesg)",
    errno.EUCLEAN: "let its file system be checked (fsck)",
    errno.ESTALE: "mount its file system anew",
    errno.EROFS: "name another place, or mount its file system to be written",
}
"""Of what lies beneath a file."""
NEXT_STEPS = SHORTAGES | FAILURES
"""What helps, by the code; no other right does, and seldom another place."""
MORE_THREADS = "let this user have more of them (ulimit -u, or TasksMax), or free memory"
"""What helps where no thread or process can be started: the system says the same where there is no memory for one."""
PROBES = 8
"""As many files as SQLite has open of two databases, one of which is copied: with log, index and folder each."""
PROBE_BYTES = 64 * 1024
"""Twice what SQLite's index beside a database takes."""


def shortage_behind(error: BaseException, steps: Mapping[int, str] = SHORTAGES) -> OSError | None:
    """The shortage that an error rests on, or another of those codes; None where it rests on none."""
    causes = chain_of_causes(error)
    return next((cause for cause in causes if isinstance(cause, OSError) and cause.errno in steps), None)


def what_helps(error: BaseException, otherwise: str) -> str:
    """The next step where an error rests on a shortage or a failure, for which no right helps; else that one."""
    found = shortage_behind(error, NEXT_STEPS)
    return NEXT_STEPS[found.errno or 0] if found else otherwise


def in_words(shortage: OSError) -> str:
    """What there is no more of, as the system says it."""
    return os.strerror(shortage.errno or 0)


def shortage_at(file: Path) -> OSError | None:
    """Why no more files could be made beside this one, as large as it or its log is, where rights are not the reason.

    SQLite keeps the system's reason to itself: that a file cannot be opened is also what it says where no more may
    be open, or the disk has no place for the name of another one; and that it cannot be read, where there is no
    memory for its index.
    """
    import mmap
    from tempfile import TemporaryFile  # no small module, and seldom needed

    try:
        parts = [part for end in ("", "-wal", "-journal") if (part := file.with_name(f"{file.name}{end}")).exists()]
        size = max((part.stat().st_size for part in parts), default=0)
        with ExitStack() as made:
            probes = [made.enter_context(TemporaryFile(dir=file.parent, buffering=0)) for _ in range(PROBES)]
            probe = probes[0]
            probe.seek(size)
            left = PROBE_BYTES
            while left:
                left -= probe.write(bytes(left))
            mmap.mmap(probe.fileno(), PROBE_BYTES).close()
    except OSError as error:
        return shortage_behind(error, NEXT_STEPS)
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
