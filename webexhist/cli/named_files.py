"""Files that a person names to be written: whole or not at all, and never in the place of a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from webexhist.errors import WebexhistError
from webexhist.files import begins_a_database, current_umask, database_beside
from webexhist.state.private_files import nameless_draft_of

OPEN_TO_READ = 0o644


class NamedFileError(WebexhistError):
    """The file cannot be written, or something lies there that is not to be replaced."""


@contextmanager
def drafted(file: Path, mode: int | None = None) -> Iterator[IO[bytes]]:
    """A file to write, which takes its place once it is whole; else what lies there is left, and nothing of it.

    Its rights are `mode`, else those of the file that it replaces, or what the umask leaves of a new one.
    Raises NamedFileError.
    """
    with written_into(file):
        if file.exists() and not file.is_file():
            raise NamedFileError(f"{file} is no regular file", "name another file, or none to have it printed")
        require_no_database(file)
        with nameless_draft_of(file, mode=rights_for(file) if mode is None else mode) as draft:
            yield draft.file
            draft.take_place()


def rights_for(file: Path) -> int:
    """The rights of the file that lies there; of a new one, or in the place of a link, what the umask leaves."""
    if file.is_file() and not file.is_symlink():
        return file.stat().st_mode & 0o777
    return OPEN_TO_READ & ~current_umask()


@contextmanager
def written_into(place: Path) -> Iterator[None]:
    """Raises NamedFileError where the place cannot be written."""
    try:
        yield
    except OSError as error:
        raise NamedFileError(
            f"cannot write {place} ({error.strerror})", "name a place that this user may write"
        ) from error


def require_no_database(file: Path) -> None:
    """Raises NamedFileError where the file is a database of SQLite, or one of those that belong to it."""
    if begins_a_database(file) or database_beside(file):
        raise NamedFileError(f"{file} belongs to a database, which is not replaced", "name another file")
