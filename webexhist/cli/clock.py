"""The time that commands go by, in one place, so that tests can set another."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from webexhist.cli.output import print_warning
from webexhist.cli.typed_times import first_and_last_second
from webexhist.moments import within_calendar
from webexhist.state import clock_file
from webexhist.webex.api.passing_time import REAL_TIME

if TYPE_CHECKING:
    from webexhist.store.opening.history import History

LONG_AGO = timedelta(days=366)
"""Since the last poll: it may as well be this host's clock that is wrong, which no poll has found."""

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
    return clock_file.now_at_webex(state_dir, now())


def given_or_now(typed: str | None, state_dir: Path, history: "History") -> datetime:
    """The time that a person says stands for now, of a day its end where the organizations are; else the present."""
    from webexhist.store.rows.organizations import common_zone
    from webexhist.store.rows.polls import present

    if typed is None:
        return present(history, now_at_webex(state_dir))

    return first_and_last_second(typed, common_zone(history, None))[1]


def warn_where_unlikely(now: datetime, history: "History") -> None:
    """Warns of a day that nobody typed where it is long after the last poll: it is stored, for it may be right."""
    from webexhist.store.rows.polls import last_polled_at

    last = last_polled_at(history)
    if last is not None and now - last > LONG_AGO:
        print_warning(
            f"the day is taken from this host's clock, which shows {now:%Y-%m-%d %H:%M} UTC; the last poll was on "
            f"{last:%Y-%m-%d}: if the clock is wrong, set it right, undo this and enter it again"
        )
