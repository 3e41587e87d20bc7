"""Remembers when something was last run and how it ended: a run that fails leaves no other trace."""

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from webexhist.errors import WebexhistError
from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.trusted_files import opened_to_read
from webexhist.texts import one_line

POLL = "last_poll"
DOCUMENT = "last_document"
"""A plugin document was printed, whether after a poll or of what was stored."""
OUTLOOK = "last_outlook"
"""What polls print of the future was worked out, or a process that does it was started."""
OUTLOOK_SECONDS = 120.0
"""How long a poll for which nobody waits waits for that."""
LARGEST_FILE = 100_000
"""Bytes; two lines for a person are a hundredth of it."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """How a run ended."""

    ended_at: datetime
    """UTC."""
    problem: str
    """Why it failed; empty where it did not."""
    next_step: str
    """What a person can do about it."""


def note_run(state_dir: Path, name: str, failure: WebexhistError | None) -> None:
    """Remembers that a run ends now. What cannot be written is not worth failing for."""
    lines = [one_line(failure.problem), one_line(failure.next_step)] if failure else []
    with suppress(OSError):
        make_private_folder(state_dir)
        write_private(state_dir / name, "\n".join(lines).encode())


def last_run(state_dir: Path, name: str) -> LastRun | None:
    """The last run remembered; None where there is none, or it cannot be read."""
    try:
        with opened_to_read(state_dir / name) as file:
            lines = file.read(LARGEST_FILE).decode().splitlines()
            ended_at = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
    except (OSError, ValueError):
        return None
    problem, next_step = (*lines, "", "")[:2]
    return LastRun(ended_at, problem, next_step)
