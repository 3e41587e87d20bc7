"""Remembers by how much this host's clock differs from Webex's, for commands that do not ask Webex."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.trusted_files import opened_to_read

NAME = "clock_difference"
LARGEST_FILE = 1_000
"""Bytes; a moment and a number are a tenth of it."""
NOTABLE = timedelta(minutes=5)
"""A smaller difference is none."""
LASTING = timedelta(days=1)
"""For how long a difference is believed: the clock may have been set right since."""


def note_correction(state_dir: Path, host: datetime, correction: timedelta) -> None:
    """Remembers what is to be added to this host's clock. What cannot be written is not worth failing for."""
    file = state_dir / NAME
    with suppress(OSError):
        if abs(correction) <= NOTABLE:
            file.unlink(missing_ok=True)
            return
        make_private_folder(state_dir)
        write_private(file, json.dumps([host.isoformat(), round(correction.total_seconds())]).encode())


def known_correction(state_dir: Path, host: datetime) -> timedelta:
    """What is to be added to this host's clock, which shows `host`; nothing where no poll of late found it wrong."""
    try:
        with opened_to_read(state_dir / NAME) as file:
            noted_at, seconds = json.loads(file.read(LARGEST_FILE))
        correction = timedelta(seconds=seconds)
        age = host - datetime.fromisoformat(noted_at)
        host + correction
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return timedelta()
    return correction if timedelta() <= age <= LASTING else timedelta()


def at_webex(state_dir: Path, host: datetime) -> datetime:
    """What Webex's clock shows when this host's shows `host`, as far as a poll of late found them apart."""
    return host + known_correction(state_dir, host)
