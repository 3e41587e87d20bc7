"""A folder of a report appears whole or not at all: it is written aside, then swapped in.

Beside the folder `out` lies `.out.webexhist-` and some random letters while a report is written. A process that is
killed leaves it there, and the next report removes it; `out` itself is always the former report or the new one.
What somebody else keeps in `out` stays: it is linked into the new folder before the swap.
"""

import contextlib
import errno
import fcntl
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from webexhist.errors import UsageError, WebexhistError
from webexhist.files import current_umask, hand_over, require_beside_no_database
from webexhist.renaming import WITHOUT_FLAGS, WITHOUT_LINKS, exchange
from webexhist.utf8 import marked_utf8

MANIFEST = ".webexhist-report"
"""Lists the files of a report, a line each, and so marks its folder."""
OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
OPEN_TO_READ = 0o775
"""The most that others may do, whatever the umask lets them: not write what people decide by."""
RANDOM_BYTES = 8
FORMER = "-former"
FRESH_SECONDS = 5.0
"""A folder that was made this short a time ago may be about to be locked by its maker."""


class ReportError(WebexhistError):
    """The report cannot be written."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of a report; the path lies within the report's folder."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class BinaryFile:
    """A file of a report that is no text."""

    path: str
    content: bytes


ReportFile = TextFile | BinaryFile


def report_folder(out: str) -> Path:
    """The folder that `--out` names, as it really lies.

    Raises:
        UsageError: `out` is empty: it would be the folder that somebody happens to be in; or in nobody's home, or
            SQLite would take it for a part of a database.
    """
    if not out.strip():
        raise UsageError("--out is empty", "name a folder for the report, like webexhist-report")
    try:
        folder = Path(os.path.realpath(Path(out).expanduser()))
    except RuntimeError as error:
        raise UsageError(f"{out} lies in the home of nobody known here", "give a whole path, from / on") from error
    try:
        require_beside_no_database(folder)
    except OSError as error:
        raise UsageError(f"{out} can be no report ({error.strerror})", "name another folder with --out") from error
    return folder


def require_report_or_nothing(out: Path) -> None:
    """Makes sure that `out` is missing, empty, or the folder of a report.

    Raises:
        ReportError: somebody else keeps files there, or it cannot be read.
    """
    with os_errors_explained(out):
        if out.exists() and not out.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out))
        if out.is_dir() and not (out / MANIFEST).is_file() and any(out.iterdir()):
            raise ReportError(
                f"the folder {out} holds files that are no report",
                "choose another folder with --out, or keep them beside the report with --force",
            )


def write_folder(out: Path, files: Iterable[ReportFile]) -> tuple[Path, ...]:
    """Puts the files in the place of the report before, all at once; returns their paths.

    Raises:
        ReportError: they cannot be written; `out` is then as it was.
    """
    with os_errors_explained(out), aside(out) as draft:
        names = [write(draft, file) for file in files]
        write(draft, TextFile(MANIFEST, "".join(f"{name}\n" for name in names)))
        give_to_owner(draft, out)
        if out.is_dir():
            keep_foreign(out, draft)
        swap(draft, out)
    return tuple(out / name for name in names)


def add_files(out: Path, files: Iterable[ReportFile]) -> tuple[Path, ...]:
    """Puts the files into the folder beside what is there, all at once; returns their paths.

    The next report leaves them there.

    Raises:
        ReportError: they cannot be written; `out` is then as it was.
    """
    with os_errors_explained(out), aside(out) as draft:
        names = [write(draft, file) for file in files]
        if not (out / MANIFEST).exists():
            write(draft, TextFile(MANIFEST, ""))
        give_to_owner(draft, out)
        if out.is_dir():
            link_missing(out, draft, left_out=frozenset())
        swap(draft, out)
    return tuple(out / name for name in names)


@contextmanager
def aside(out: Path) -> Iterator[Path]:
    """A new folder beside `out`, closed to others while it is written; gone in the end, whatever it then holds."""
    if out.exists() and not out.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(out))
    out.parent.mkdir(parents=True, exist_ok=True)
    clear_abandoned(out)
    draft = out.with_name(f"{prefix_of(out)}{secrets.token_hex(RANDOM_BYTES)}")
    draft.mkdir(mode=0o700)
    folder = os.open(draft, OPEN_FOLDER)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # a folder that nobody holds is one that a killed process left
        yield draft
    finally:
        os.close(folder)
        shutil.rmtree(draft, ignore_errors=True)


def give_to_owner(draft: Path, out: Path) -> None:
    """Gives what was written the rights, and if root writes it the owner, of the folder that it replaces.

    A new folder has the rights that the umask leaves, but is never open to all, and the owner of the folder that it
    lies in.
    """
    model = (out if out.is_dir() else out.parent).stat()
    for path in (draft, *draft.rglob("*")):  # nobody else can reach into the draft yet
        hand_over(path, model)
    draft.chmod(model.st_mode & 0o7777 if out.is_dir() else OPEN_TO_READ & ~current_umask())


def prefix_of(out: Path) -> str:
    """How the names of folders begin in which a report for `out` is drafted."""
    return f".{out.name}.webexhist-"


def clear_abandoned(out: Path) -> None:
    """Removes what a report that was killed left beside the folder.

    What another process writes now stays, and so does what somebody else gave a name like theirs.
    """
    is_ours = re.compile(rf"{re.escape(prefix_of(out))}[0-9a-f]{{{2 * RANDOM_BYTES}}}({FORMER})?")
    for left in sorted(path for path in out.parent.iterdir() if is_ours.fullmatch(path.name)):
        with contextlib.suppress(OSError):
            folder = os.open(left, OPEN_FOLDER)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if left.name.endswith(FORMER) and not out.exists():
                    left.rename(out)
                elif time.time() - os.fstat(folder).st_mtime > FRESH_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)
            finally:
                os.close(folder)


def write(folder: Path, file: ReportFile) -> str:
    """Writes a file of the report; returns its path within the folder, with slashes.

    The byte order mark of CSV files makes spreadsheets read UTF-8.
    """
    path = folder / file.path
    path.parent.mkdir(mode=OPEN_TO_READ, parents=True, exist_ok=True)
    encoded = marked_utf8 if path.suffix == ".csv" else str.encode
    content = file.content if isinstance(file, BinaryFile) else encoded(file.text)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, OPEN_TO_READ & 0o666)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    return path.relative_to(folder).as_posix()


def read_manifest(folder: Path) -> list[str]:
    """The files of the report in a folder; none where it holds no report."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return (folder / MANIFEST).read_text(encoding="utf-8").splitlines()
    return []


def keep_foreign(out: Path, draft: Path) -> None:
    """Links everything that is not of the former report into the new one."""
    link_missing(out, draft, left_out=frozenset({MANIFEST, *read_manifest(out)}))


def link_missing(source: Path, target: Path, left_out: frozenset[str]) -> None:
    """Links files of `source` into `target` unless something of their name is there; empty folders come along."""
    for place, folders, files in os.walk(source):
        here = Path(place).relative_to(source)
        for name in folders + files:
            inside = here / name
            if inside.as_posix() in left_out or os.path.lexists(target / inside):
                continue
            if name in files or (source / inside).is_symlink():
                (target / inside).parent.mkdir(parents=True, exist_ok=True)
                link(source / inside, target / inside)
            elif not any((source / inside).iterdir()):
                (target / inside).mkdir(parents=True)


def link(source: Path, target: Path) -> None:
    """Another name for a file; a copy where the system lets nobody link what belongs to others."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in (errno.EACCES, *WITHOUT_LINKS):
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def swap(draft: Path, out: Path) -> None:
    """Puts `draft` in the place of `out` in one step; what was there has the other name then."""
    if not out.exists():
        draft.rename(out)
        return
    try:
        exchange(draft, out)
    except OSError as error:
        if error.errno not in WITHOUT_FLAGS:
            raise
        swap_in_two_steps(draft, out)


def swap_in_two_steps(draft: Path, out: Path) -> None:
    """For file systems that cannot exchange: for a moment there is no folder `out`."""
    former = draft.with_name(f"{draft.name}{FORMER}")
    folder = os.open(out, OPEN_FOLDER)
    try:
        with contextlib.suppress(BlockingIOError):  # anybody who may read the folder can hold a lock on it
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)  # else another report puts it back meanwhile
        out.rename(former)
        try:
            draft.rename(out)
        except OSError:
            former.rename(out)
            raise
        shutil.rmtree(former, ignore_errors=True)
    finally:
        os.close(folder)


@contextmanager
def os_errors_explained(out: Path) -> Iterator[None]:
    """Raises a `ReportError` instead of the system's own."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.EBUSY, errno.EXDEV):
            raise ReportError(
                f"the folder {out} is a file system of its own and cannot be swapped",
                f"write the report into a folder within it: --out {out / 'report'}",
            ) from error
        named = f": {error.filename}" if error.filename not in (None, str(out)) else ""
        raise ReportError(
            f"cannot write the report to {out} ({error.strerror}{named})",
            "choose another folder with --out, one whose parent this user may write",
        ) from error
