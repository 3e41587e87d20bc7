"""Keeps the tokens of the last authorization or renewal in tokens.json, for the owner's eyes only."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from webexhist.config import Settings
from webexhist.errors import WebexhistError, remarks_on
from webexhist.remarks import add_notes
from webexhist.state.grant import Grant, grant_from_json, grant_to_json
from webexhist.state.private_files import RANDOM, Draft, draft_of, locked, make_private_folder
from webexhist.state.trusted_files import UntrustedFileError, opened_to_read

RESERVED_BYTES = 262_144
"""More than a grant ever takes: the room on the disk is taken before Webex is asked for new tokens."""
DRAFT = "tokens.json.new"
"""How the name of a draft begins."""
IS_DRAFT = re.compile(rf"{re.escape(DRAFT)}{RANDOM}")
"""The name of one: what a killed process left behind is found by it."""
STORE_SECONDS = 150.0
"""How long to wait for another process that is renewing the tokens: longer than Webex may take for two answers.

What a login brought is lost with its code where it cannot be stored."""


class TokenFileError(WebexhistError):
    """tokens.json or its folder cannot be read, written or locked."""


class TokenFile:
    """tokens.json in `state_dir`, with the lock that keeps two processes from renewing at once."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.state_dir
        self.path = settings.state_dir / "tokens.json"
        self.origin = origin_of(settings)

    def read(self) -> Grant | None:
        """The stored grant; None where there is none, or where the configuration has other tokens since.

        Raises:
            TokenFileError: the file cannot be read, or is damaged.
        """
        return self.grant_in(self.path)

    def grant_in(self, path: Path) -> Grant | None:
        """The grant in a file; None where there is none, or where it is of another origin."""
        try:
            stored = content_of(path)
            return grant_from_json(stored) if stored["origin"] == self.origin else None
        except FileNotFoundError:
            return None
        except UntrustedFileError as error:
            problem = f"the stored tokens {path} are not read ({error.strerror})"
            raise TokenFileError(problem, "take it away, and authorize again: webexhist login") from error
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
        with ExitStack() as held:
            try:
                make_private_folder(self.folder)
                held.enter_context(locked(self.folder / "tokens.lock", seconds))
            except TimeoutError as error:
                raise TokenFileError(
                    f"another process has been renewing the tokens for {seconds:.0f} s", "the next poll tries again"
                ) from error
            except OSError as error:
                raise self.unwritable(error) from error
            with suppress(OSError):  # what it cannot put right is none of its business
                self.recover()
            yield

    def recover(self) -> None:
        """Brings in the grant that a process wrote but, being killed, could not put into its place.

        It takes the place only of the tokens that it was to replace: what somebody put there since stays.
        """
        drafts = [path for path in self.folder.iterdir() if IS_DRAFT.fullmatch(path.name)]
        whole = [
            (grant.issued_at, path) for path in drafts if (grant := self.grant_or_none(path)) and grant.issued_at
        ]
        for _, newest in sorted(whole)[-1:]:
            in_place = self.grant_or_none(self.path)
            if in_place is None or content_of(newest).get("replaces") == in_place.fingerprint:
                newest.replace(self.path)
        for path in drafts:
            with suppress(OSError):  # not ours to remove
                path.unlink(missing_ok=True)

    def grant_or_none(self, path: Path) -> Grant | None:
        """The grant in a file; None in one that was not finished, or is none of ours to read."""
        try:
            return self.grant_in(path)
        except TokenFileError:
            return None

    @contextmanager
    def replacement(self) -> Iterator["Replacement"]:
        """Room for a new grant, secured on the disk; wants the lock. What is not stored leaves the file as it is.

        Raises:
            TokenFileError: there is no room, or no right to write.
        """
        try:
            with draft_of(self.path, prefix=DRAFT) as draft:
                replaced = self.grant_or_none(self.path)
                place = Replacement(self.origin, replaced.fingerprint if replaced else "", draft)
                place.reserve()
                yield place
        except OSError as error:
            raise self.unwritable(error) from error

    def unwritable(self, error: OSError) -> TokenFileError:
        """The error for tokens that cannot be written, with what to do."""
        if isinstance(error, UntrustedFileError):
            problem = f"cannot write tokens, for {error.strerror}: {error.filename}"
            return TokenFileError(problem, "take that away, or set state_dir")
        unwritable = TokenFileError(
            f"cannot write tokens into {self.folder} ({error.strerror})",
            "check the folder's owner, its rights and the free space, or set state_dir",
        )
        add_notes(unwritable, remarks_on(error))
        return unwritable


class Replacement:
    """A draft that takes the place of tokens.json in one step."""

    def __init__(self, origin: str, replaces: str, draft: Draft) -> None:
        self.origin = origin
        self.replaces = replaces
        self.draft = draft

    def reserve(self) -> None:
        """Fills the draft with blanks, so that a full disk is noticed before the old token is used up."""
        self.draft.file.write(b" " * RESERVED_BYTES)
        self.draft.sync()

    def store(self, grant: Grant) -> None:
        """Puts the grant in the place of the one before; it is on the disk when this returns."""
        content = {"origin": self.origin, "replaces": self.replaces, **grant_to_json(grant)}
        file = self.draft.file
        file.seek(0)
        file.write(json.dumps(content, default=datetime.isoformat).encode())
        file.truncate()
        self.draft.take_place_for_good()  # the one before may be spent by now


def content_of(path: Path) -> dict[str, Any]:
    """What is stored in a file of tokens, which is closed to others if it was not.

    Raises:
        OSError: it cannot be read.
        ValueError, RecursionError: it is damaged.
    """
    with opened_to_read(path) as file:
        found = os.fstat(file.fileno())
        if found.st_mode & 0o077 and found.st_nlink == 1:
            os.fchmod(file.fileno(), 0o600)
        content: dict[str, Any] = json.loads(file.read(RESERVED_BYTES).decode())
        return content


def origin_of(settings: Settings) -> str:
    """A fingerprint of the service and the configured tokens: stored tokens of another origin are not used."""
    origin = json.dumps([settings.base_url, settings.access_token, settings.refresh_token])
    return hashlib.sha256(origin.encode()).hexdigest()
