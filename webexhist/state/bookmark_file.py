"""Keeps where a list of events was left that did not fit into a poll, a file for each list.

What it holds stands beside what is counted in the database: of two pollers of one organization each has its own.
"""

import hashlib
import json
from contextlib import suppress
from typing import Any

from webexhist.config import Settings
from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.token_file import origin_of
from webexhist.state.trusted_files import opened_to_read

LARGEST_FILE = 8_000_000
"""Bytes; two bookmarks with three pages of a thousand events take a fiftieth of it."""
DIGITS = 64
"""Of a checksum (SHA-256), which stands before the rest."""


class BookmarkFile:
    """The bookmarks of one list, by the token's owner that it was asked for."""

    def __init__(self, settings: Settings, owner: str, organization: str, source: str) -> None:
        asked = json.dumps([origin_of(settings), owner, organization])
        name = hashlib.sha256(asked.encode()).hexdigest()[:16]
        self.path = settings.state_dir / f"{source}_{name}.bookmark"

    def load(self) -> list[dict[str, Any]]:
        """The bookmarks; none where there are none, or they cannot be read as they were written."""
        try:
            with opened_to_read(self.path) as file:
                checksum, content = file.read(DIGITS), file.read(LARGEST_FILE)
            if checksum != checksum_of(content):
                return []
            kept = json.loads(content)
        except (OSError, ValueError, RecursionError):
            return []
        return [entry for entry in kept if isinstance(entry, dict)] if isinstance(kept, list) else []

    def save(self, bookmarks: list[dict[str, Any]]) -> bool:
        """Keeps these alone, in one step; False where they cannot be written, and none is kept then."""
        try:
            if not bookmarks:
                self.path.unlink(missing_ok=True)
                return True
            content = json.dumps(bookmarks).encode()
            make_private_folder(self.path.parent)
            write_private(self.path, checksum_of(content) + content)
        except OSError:
            with suppress(OSError):
                self.path.unlink(missing_ok=True)
            return False
        return True


def checksum_of(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
