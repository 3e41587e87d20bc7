"""The time that commands go by, in one place, so that tests can set another."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from webexhist.cli.typed_times import first_and_last_second
from webexhist.moments import within_calendar
from webexhist.state.clock_file import at_webex
from webexhist.webex.api.passing_time import REAL_TIME

if TYPE_CHECKING:
    from webexhist.store.opening.history import History

passing_time = REAL_TIME
"""What waits, and limits to them, are measured by."""


def host() -> datetime:
    """What this host's clock shows (UTC), whatever that is."""
    return datetime.now(UTC)


def now() -> datetime:
    """The present in UTC, as everything is told that goes by this host's clock."""
    return within_calendar(host())


def now_at_webex(state_dir: Path) -> datetime:
    """The same where a poll of late found this host's clock wrong; snapshots are dated by Webex's."""
    return at_webex(state_dir, now())


def given_or_now(typed: str | None, state_dir: Path, history: "History") -> datetime:
    """The time that a person says stands for now, of a day its end where the organizations are; else the present."""
    from webexhist.store.rows.organizations import common_zone
    from webexhist.store.rows.polls import present

    if not typed:
        return present(history, now_at_webex(state_dir))

    return first_and_last_second(typed, common_zone(history, None))[1]
