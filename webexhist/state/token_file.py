"""Keeps the tokens of the last authorization or renewal in tokens.json, for the owner's eyes only."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.state.grant import Grant, grant_from_json
from webexhist.state.private_files import make_private_folder

RESERVED_BYTES = 16_384
"""More than a grant ever takes: the room on the disk is taken before Webex is asked for new tokens."""
STORE_SECONDS = 60.0
"""How long to wait for another process that is renewing the tokens."""


class TokenFileError(WebexhistError):
    """tokens.json or its folder cannot be read, written or locked."""


class TokenFile:
    """tokens.json in `state_dir`, with the lock that keeps two processes from renewing at once."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.state_dir
        self.path = settings.state_dir / "tokens.json"
        self.draft = settings.state_dir / "tokens.json.new"
        self.origin = origin_of(settings)

    def read(self) -> Grant | None:
        """The stored grant; None where there is none, or where the configuration has other tokens since.

        Raises:
            TokenFileError: the file cannot be read, or is damaged.
        """
        return self.grant_in(self.path)

    def grant_in(self, path: Path) -> Grant | None:
        """The grant in a file, which is closed to others if it was not."""
        try:
            text = path.read_text(encoding="utf-8")
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)
            stored = json.loads(text)
            return grant_from_json(stored) if stored["origin"] == self.origin else None
        except FileNotFoundError:
            return None
        except OSError as error:
            problem = f"cannot read the stored tokens {path} ({error.strerror})"
            raise TokenFileError(problem, "check the file's owner and rights") from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            problem = f"the stored tokens {path} are damaged"
            raise TokenFileError(problem, "authorize again: webexhist login") from error

    def store(self, grant: Grant) -> None:
        """Puts a grant in the place of the one before.

        Raises:
            TokenFileError: it cannot be written.
        """
        with self.locked(STORE_SECONDS), self.replacement() as place:
            place.store(grant)

    def check_writable(self) -> None:
        """Makes sure that a grant can be stored, before anybody takes the trouble to get one.

        Raises:
            TokenFileError: it cannot.
        """
        with self.locked(STORE_SECONDS), self.replacement():
            pass

    @contextmanager
    def locked(self, seconds: float) -> Iterator[None]:
        """Holds the lock that of all processes only one can hold; waits for it at most `seconds`.

        Raises:
            TokenFileError: the lock cannot be had.
        """
        from filelock import FileLock, Timeout

        try:
            make_private_folder(self.folder)
            lock = FileLock(self.folder / "tokens.lock", timeout=seconds, mode=0o600)
            lock.acquire()
        except Timeout as error:
            raise TokenFileError(
                f"another process has been renewing the tokens for {seconds:.0f} s", "the next poll tries again"
            ) from error
        except OSError as error:
            raise self.unwritable(error) from error
        try:
            self.recover()
            yield
        finally:
            lock.release()

    def recover(self) -> None:
        """Brings in the grant that a process wrote but, being killed, could not put into its place."""
        try:
            if self.grant_in(self.draft) is not None:
                self.draft.replace(self.path)
        except (TokenFileError, OSError):
            return  # a draft that was not finished

    @contextmanager
    def replacement(self) -> Iterator["Replacement"]:
        """Room for a new grant, secured on the disk; wants the lock. What is not stored leaves the file as it is.

        Raises:
            TokenFileError: there is no room, or no right to write.
        """
        try:
            with open(self.draft, "wb", opener=open_private) as file:
                place = Replacement(self, file)
                try:
                    place.reserve()
                    yield place
                finally:
                    self.draft.unlink(missing_ok=True)
        except OSError as error:
            raise self.unwritable(error) from error

    def unwritable(self, error: OSError) -> TokenFileError:
        return TokenFileError(
            f"cannot write tokens into {self.folder} ({error.strerror})",
            "check the folder's owner, its rights and the free space, or set state_dir",
        )


class Replacement:
    """A draft that takes the place of tokens.json in one step."""

    def __init__(self, target: TokenFile, file: IO[bytes]) -> None:
        self.target = target
        self.file = file

    def reserve(self) -> None:
        self.file.write(b" " * RESERVED_BYTES)
        self.sync()

    def store(self, grant: Grant) -> None:
        """Puts the grant in the place of the one before; it is on the disk when this returns."""
        content = {"origin": self.target.origin, **asdict(grant)}
        self.file.seek(0)
        self.file.write(json.dumps(content, default=datetime.isoformat).encode())
        self.file.truncate()
        self.sync()
        self.target.draft.replace(self.target.path)
        sync_folder(self.target.folder)

    def sync(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())


def origin_of(settings: Settings) -> str:
    """A fingerprint of the service and the configured tokens: stored tokens of another origin are not used."""
    origin = json.dumps([settings.base_url, settings.access_token, settings.refresh_token])
    return hashlib.sha256(origin.encode()).hexdigest()


def open_private(path: str, flags: int) -> int:
    """Opens a file for its owner only; whatever lies there, a link included, is not written to but replaced."""
    Path(path).unlink(missing_ok=True)
    return os.open(path, flags | os.O_EXCL, mode=0o600)


def sync_folder(folder: Path) -> None:
    """Makes a rename in the folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
