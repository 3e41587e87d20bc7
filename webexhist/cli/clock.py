"""The time that commands go by, in one place, so that tests can set another."""

from datetime import UTC, datetime
from pathlib import Path

from webexhist.cli.typed_times import first_and_last_second
from webexhist.state.clock_file import known_correction
from webexhist.time_zones import TimeZone
from webexhist.webex.api.passing_time import REAL_TIME

passing_time = REAL_TIME
"""What waits, and limits to them, are measured by."""


def now() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)


def now_at_webex(state_dir: Path) -> datetime:
    """The same where a poll of late found this host's clock wrong; snapshots are dated by Webex's."""
    here = now()
    return here + known_correction(state_dir, here)


def given_or_now(typed: str | None, state_dir: Path, zone: TimeZone) -> datetime:
    """The time that a person says stands for now, of a day its end in that time zone; else the present."""
    return first_and_last_second(typed, zone)[1] if typed else now_at_webex(state_dir)
