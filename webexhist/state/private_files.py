"""Files and folders for one user's eyes, safe in folders that others may write.

A file is made under a random name, where nothing can lie already, and renamed into its place; rights and owner are
set on the open file, never by its path. So nothing that somebody planted is followed, written to or given away.
What root makes belongs to the owner of the folder, who can go on with it.
"""

import errno
import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO

from webexhist.files import BESIDE_A_DATABASE, hand_over, require_beside_no_database
from webexhist.remarks import remarking
from webexhist.renaming import take_free_name
from webexhist.state.trusted_files import opened_folder, opened_trusted

DRAFT = ".webexhist-"
"""How the name of a file begins that has not taken its place yet."""
RANDOM = "[0-9a-f]{16}"
"""How it ends, as a regular expression."""
IS_DRAFT = re.compile(rf"{re.escape(DRAFT)}(installing-)?{RANDOM}({'|'.join(BESIDE_A_DATABASE)})?")
"""The name of one, or of what SQLite keeps beside it."""
ABANDONED_SECONDS = 24 * 3600
LOOK_SECONDS = 0.05
"""How often a lock that another process holds is tried again."""


def make_private_folder(folder: Path) -> None:
    """Makes the folder, and those above it that are missing, for its owner only; leaves existing ones as they are."""
    make_folder(folder, 0o700)


def make_folder(folder: Path, mode: int) -> None:
    """Makes the folder and those above it that are missing; what root makes belongs to the owner of the one above."""
    missing = [step for step in (folder, *folder.parents) if not step.exists()]
    for step in reversed(missing):
        with opened_folder(step.parent) as above:
            make_one_folder(above, step.name, mode)


def make_one_folder(above: int, name: str, mode: int) -> None:
    """Makes a folder in an open one; its owner is that of the one above. One that is there stays as it is."""
    try:
        os.mkdir(name, mode, dir_fd=above)  # a killed process leaves one that the next can go on with
    except FileExistsError:  # another process was faster
        return
    give_back_own_rights(above, name)
    descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    try:
        # Somebody who may write the folder above could have put another one in its place meanwhile.
        if os.fstat(descriptor).st_uid == os.geteuid() and not any(os.scandir(descriptor)):
            hand_over(descriptor, os.fstat(above))
            os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


def give_back_own_rights(above: int, name: str) -> None:
    """Lets this user into the folder that it has just made, where the umask took that right."""
    found = os.open(name, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=above)
    try:
        state = os.fstat(found)
        if state.st_uid == os.geteuid() and state.st_mode & 0o700 != 0o700:
            Path(f"/proc/self/fd/{found}").chmod(0o700)  # a descriptor of this kind has no rights itself
    finally:
        os.close(found)


def write_private(
    path: Path, content: bytes, *, mode: int = 0o600, prefix: str = DRAFT, owned_as: Path | None = None
) -> None:
    """Puts a file into its place in one step, for the owner of `owned_as`, else of the folder, where root makes it.

    Raises:
        OSError: it cannot be written; what lay in its place still does.
    """
    with nameless_draft_of(path, mode=mode, prefix=prefix, owned_as=owned_as) as draft:
        draft.file.write(content)
        draft.take_place()


def write_new(path: Path, content: bytes, *, owned_as: Path | None = None) -> None:
    """Makes a file where there is none, for the owner of `owned_as` where root makes it.

    Raises:
        FileExistsError: something lies there.
        OSError: it cannot be written, or would be taken for a part of a database.
    """
    require_beside_no_database(path)
    with draft_of(path, owned_as=owned_as) as draft:
        draft.file.write(content)
        draft.take_free_place()


class Draft:
    """A file that is being written, beside the place that it is to take."""

    def __init__(self, folder: int, name: str, target: str, file: IO[bytes]) -> None:
        self.folder = folder
        self.name = name
        self.target = target
        self.file = file

    def sync(self) -> None:
        """Brings what was written onto the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())

    def take_place(self) -> None:
        """Replaces what lies in the place, in one step."""
        self.file.flush()
        os.rename(self.name, self.target, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def take_place_for_good(self) -> None:
        """The same, through a power cut too; where that is not sure, it has its place all the same, and that is said.

        Raises:
            OSError: it cannot be written, or it may not last.
        """
        self.file.flush()
        with remarking() as remark:
            try:
                os.fsync(self.file.fileno())
            finally:
                self.take_place()
                remark("what was written is there, but may not outlast a power cut")
            self.sync_place()

    def take_free_place(self) -> None:
        """Takes the place, in one step.

        Raises:
            FileExistsError: something lies there.
        """
        self.file.flush()
        take_free_name(self.folder, self.name, self.target)

    def take_free_place_for_good(self) -> None:
        """The same, through a power cut too; where that is not sure, nothing is left there.

        Raises:
            FileExistsError: something lies there.
        """
        self.take_free_place()
        is_for_good = False
        try:
            self.sync_place()
            is_for_good = True
        finally:
            if not is_for_good:
                with suppress(OSError):
                    os.unlink(self.target, dir_fd=self.folder)

    def sync_place(self) -> None:
        """Makes the replacement last through a power cut."""
        folder = os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self.folder)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class NamelessDraft(Draft):
    """A draft that lies in no folder yet: nothing is left of it where this process is killed."""

    def take_place(self) -> None:
        """Replaces what lies in the place, in one step; only where something does has it another name just before."""
        try:
            self.take_free_place()
        except FileExistsError:
            self.link_as(self.name)
            super().take_place()

    def take_free_place(self) -> None:
        """Takes the place, in one step. Raises FileExistsError where something lies there."""
        self.file.flush()
        self.link_as(self.target)

    def link_as(self, name: str) -> None:
        """Gives the file a name."""
        os.link(f"/proc/self/fd/{self.file.fileno()}", name, dst_dir_fd=self.folder, follow_symlinks=True)


@contextmanager
def draft_of(path: Path, *, prefix: str = DRAFT, mode: int = 0o600, owned_as: Path | None = None) -> Iterator[Draft]:
    """A new file beside the path, named `prefix` and something random; gone at the end where it took no place.

    So is what SQLite kept beside it. What root makes belongs to the owner of `owned_as`, else of the folder.
    """
    clear_abandoned_drafts(path.parent)
    with opened_folder(path.parent) as folder:
        model = os.fstat(folder) if owned_as is None else owned_as.stat()
        name = f"{prefix}{secrets.token_hex(8)}"
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
        with (
            os.fdopen(descriptor, "w+b") as file,
            made_ready(Draft(folder, name, path.name, file), model, mode) as draft,
        ):
            yield draft


def clear_abandoned_drafts(folder: Path) -> None:
    """Removes the drafts of processes that were killed: whoever still writes one has written within a day.

    What cannot be removed stays; that is no reason to fail.
    """
    with suppress(OSError), opened_folder(folder) as opened:
        for name in filter(IS_DRAFT.fullmatch, [path.name for path in folder.iterdir()]):
            with suppress(OSError):
                written_at = os.stat(name, dir_fd=opened, follow_symlinks=False).st_mtime
                if time.time() - written_at > ABANDONED_SECONDS:
                    os.unlink(name, dir_fd=opened)


@contextmanager
def nameless_draft_of(
    path: Path, *, prefix: str = DRAFT, mode: int = 0o600, owned_as: Path | None = None
) -> Iterator[Draft]:
    """The same without a name meanwhile; with one where the file system has no files without."""
    with opened_folder(path.parent) as folder:
        descriptor = opened_nameless(folder)
        if descriptor is None:
            with draft_of(path, prefix=prefix, mode=mode, owned_as=owned_as) as named:
                yield named
            return
        with os.fdopen(descriptor, "w+b") as file:
            clear_abandoned_drafts(path.parent)
            model = os.fstat(folder) if owned_as is None else owned_as.stat()
            nameless = NamelessDraft(folder, f"{prefix}{secrets.token_hex(8)}", path.name, file)
            with made_ready(nameless, model, mode) as draft:
                yield draft


@contextmanager
def made_ready(draft: Draft, model: os.stat_result, mode: int) -> Iterator[Draft]:
    """The draft with its owner and rights; its name is gone at the end where it took no place.

    One that cannot be removed is a later draft's to clear: what was done stays done, and what failed is told.
    """
    try:
        hand_over(draft.file.fileno(), model)
        os.fchmod(draft.file.fileno(), mode)
        yield draft
    finally:
        for end in ("", *BESIDE_A_DATABASE):
            with suppress(OSError):
                os.unlink(f"{draft.name}{end}", dir_fd=draft.folder)


def opened_nameless(folder: int) -> int | None:
    """A new file without a name; None where there is none such, or it could not be named later."""
    with suppress(OSError):  # each file system has its own error for that; whatever else is wrong a name meets too
        if Path("/proc/self/fd").exists():
            return os.open(".", os.O_TMPFILE | os.O_RDWR, 0o600, dir_fd=folder)
    return None


def opened_to_append(path: Path) -> TextIOWrapper:
    """A text file to be added to, made where it is missing.

    Raises:
        OSError: it cannot be written, or something else lies in its place.
    """
    with opened_folder(path.parent) as folder:
        descriptor = made_or_trusted(folder, path, os.O_WRONLY | os.O_APPEND, 0o600)
    return TextIOWrapper(os.fdopen(descriptor, "ab"), encoding="utf-8")


def make_missing(path: Path, mode: int) -> None:
    """Makes an empty file where there is nothing; rights as `mode` and the umask have it.

    Raises:
        OSError: it cannot be made.
    """
    with opened_folder(path.parent) as folder, suppress(FileExistsError):
        os.close(made(folder, path.name, os.O_RDONLY, mode))


def made_or_trusted(folder: int, path: Path, flags: int, mode: int) -> int:
    """The descriptor of a file that is there, or else of one that is made."""
    while True:
        with suppress(FileNotFoundError):
            return opened_trusted(folder, path, flags)
        with suppress(FileExistsError):
            return made(folder, path.name, flags, mode)


def made(folder: int, name: str, flags: int, mode: int) -> int:
    """The descriptor of a new file, which belongs to the folder's owner where root makes it."""
    descriptor = os.open(name, flags | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode, dir_fd=folder)
    hand_over(descriptor, os.fstat(folder))
    return descriptor


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Holds a lock file, which only one process can hold; waits for it at most `seconds`.

    Raises:
        TimeoutError: another process holds it.
        OSError: it cannot be opened or made.
    """
    end = time.monotonic() + seconds
    with opened_folder(path.parent) as folder:
        descriptor = made_or_trusted(folder, path, os.O_RDONLY, 0o600)
        try:
            while not is_taken(descriptor):
                if time.monotonic() >= end:
                    raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT), str(path))
                time.sleep(LOOK_SECONDS)
            yield
        finally:
            os.close(descriptor)


def is_taken(descriptor: int) -> bool:
    """Takes the lock of an open file; false where another process holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
