"""Remembers by how much this host's clock differs from Webex's, for commands that do not ask Webex."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from webexhist.state.private_files import make_private_folder, write_private
from webexhist.state.trusted_files import opened_to_read

NAME = "clock_difference"
LARGEST_FILE = 1_000
"""Bytes; two moments, a number and an id are a tenth of it."""
NOTABLE = timedelta(minutes=5)
"""A smaller difference is none."""
LASTING = timedelta(days=1)
"""For how long a difference is believed: the clock may have been set right since."""
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""Linux: another one after each start of the host."""


@dataclass(frozen=True, slots=True)
class Uptime:
    """For how long the host runs; that passes alike, whatever is done to the clock on the wall."""

    boot: str
    """Since which of its starts."""
    seconds: float
    """Those in which it slept too."""

    @classmethod
    def now(cls) -> Self | None:
        """None where the system does not say it."""
        try:
            return cls(BOOT_ID.read_text("ascii").strip(), time.clock_gettime(time.CLOCK_BOOTTIME))
        except (OSError, ValueError, AttributeError):  # Linux alone has that clock
            return None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a poll found."""

    host: datetime
    """What this host's clock showed."""
    correction: timedelta
    """What had to be added to it."""
    uptime: Uptime | None
    """None where the system did not say it."""

    def correction_at(self, host: datetime) -> timedelta:
        """What is to be added when the clock shows `host`; nothing before the poll, or long after it."""
        try:
            host + self.correction
        except OverflowError:
            return timedelta()
        return self.correction if timedelta() <= host - self.host <= LASTING else timedelta()

    def was_set_right(self, host: datetime) -> bool:
        """Whether the clock, which shows `host` now, was moved since by what it lacked."""
        now = Uptime.now()
        if now is None or self.uptime is None or now.boot != self.uptime.boot:
            return False
        moved = (host - self.host).total_seconds() - (now.seconds - self.uptime.seconds)
        notable, lacked = NOTABLE.total_seconds(), self.correction.total_seconds()
        return abs(moved) > notable and abs(lacked - moved) <= notable


NO_DIFFERENCE = Difference(datetime.min.replace(tzinfo=UTC), timedelta(), None)


def note_correction(state_dir: Path, host: datetime, correction: timedelta) -> None:
    """Remembers what is to be added to this host's clock. What cannot be written is not worth failing for."""
    file = state_dir / NAME
    with suppress(OSError):
        if abs(correction) <= NOTABLE:
            file.unlink(missing_ok=True)
            return
        make_private_folder(state_dir)
        uptime = Uptime.now()
        since = (uptime.boot, round(uptime.seconds)) if uptime else ()
        write_private(file, json.dumps([host.isoformat(), round(correction.total_seconds()), *since]).encode())


def noted_difference(state_dir: Path) -> Difference:
    """What the last poll found; no difference where it found none, or that cannot be read."""
    try:
        with opened_to_read(state_dir / NAME) as file:
            noted_at, seconds, *since = json.loads(file.read(LARGEST_FILE))
        boot, up = since or (None, 0)
        uptime = Uptime(boot, float(up)) if isinstance(boot, str) else None
        return Difference(datetime.fromisoformat(noted_at).astimezone(UTC), timedelta(seconds=seconds), uptime)
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        return NO_DIFFERENCE


def known_correction(state_dir: Path, host: datetime) -> timedelta:
    """What is to be added to this host's clock, which shows `host`; nothing where no poll of late found it wrong."""
    found = noted_difference(state_dir)
    return timedelta() if found.was_set_right(host) else found.correction_at(host)


def now_at_webex(state_dir: Path, host: datetime) -> datetime:
    """What Webex's clock shows now that this host's shows `host`, as far as a poll of late found them apart."""
    return host + known_correction(state_dir, host)


def at_webex(state_dir: Path, host: datetime) -> datetime:
    """What it showed earlier, when this host's showed `host`: as the system noted of a file, since that poll."""
    return host + noted_difference(state_dir).correction_at(host)
