"""Whether polls are stored, and whether what is stored can be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote

from webexhist.config import Settings
from webexhist.review.silence import SilentOrganization
from webexhist.reviewing import silent_now
from webexhist.state.clock_file import at_webex
from webexhist.state.last_run import OUTLOOK, POLL, last_run
from webexhist.store.errors import DROP_THE_FUTURE, RESTORE, DatabaseError, later_than
from webexhist.store.location import shown_location
from webexhist.store.opening.history import open_history
from webexhist.store.rows.health import CollectorHistory, collector_histories, defects, holdings


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatus:
    """What the database holds; times in UTC."""

    place: str
    state: str
    to_do: str = ""
    """What a person has to do; empty where there is nothing."""
    bytes: int | None = None
    snapshots: int = 0
    last_snapshot_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollStatus:
    """How polls go; times in UTC."""

    state: str
    to_do: str
    """What a person has to do; empty where there is nothing."""
    last_at: datetime | None
    """When the last poll ended, whether or not it was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationStatus:
    """An organization that is not polled any more, and that nobody retired; times in UTC."""

    organization: str
    """What it is called; where another one has that name, with what distinguishes it."""
    state: str
    to_do: str
    last_polled_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says."""

    database: DatabaseStatus
    collectors: tuple[CollectorHistory, ...] = ()
    silent: tuple[OrganizationStatus, ...] = ()


def stored_status(settings: Settings, now: datetime) -> Stored:
    """The database, how its collectors fared, and which organizations are not polled any more."""
    place = shown_location(settings.database)
    try:
        with open_history(settings.database) as history:
            held, found, histories = holdings(history), defects(history), collector_histories(history)
            silent = silent_now(history, now)
    except DatabaseError as error:
        return Stored(DatabaseStatus(place=place, state=error.problem, to_do=error.next_step))
    status = DatabaseStatus(
        place=place,
        state=f"damaged: {found[0]}" if found else "sound",
        to_do=f"see webexhist db check; {RESTORE}, which keeps the damaged file" if found else "",
        bytes=held.bytes,
        snapshots=held.snapshots,
        last_snapshot_at=held.last_taken_at,
    )
    return Stored(status, histories, tuple(map(_silence, silent)))


def _silence(silent: SilentOrganization) -> OrganizationStatus:
    return OrganizationStatus(
        organization=silent.name,
        state="not polled any more",
        to_do=f"see that a login polls it, or webexhist organization retire {quote(silent.name)}",
        last_polled_at=silent.last_polled_at,
    )


def poll_status(
    settings: Settings, last_snapshot_at: datetime | None, now: datetime, max_age: timedelta
) -> PollStatus:
    """How the last poll ended, and whether polls go on."""
    last = last_run(settings.state_dir, POLL)
    ended_at = at_webex(settings.state_dir, last.ended_at) if last else last_snapshot_at
    if last and last.problem:
        return PollStatus(state=f"failed: {last.problem}", to_do=last.next_step or "see the reason", last_at=ended_at)
    if last_snapshot_at is None:
        return PollStatus(state="never", to_do="webexhist poll", last_at=ended_at)
    if last_snapshot_at - now > max_age:
        return PollStatus(state=later_than(now, last_snapshot_at), to_do=DROP_THE_FUTURE, last_at=ended_at)
    if now - last_snapshot_at > max_age:
        return PollStatus(
            state=f"none was stored for more than {max_age.total_seconds():.0f} s",
            to_do="see that the agent or a timer runs: webexhist plugin",
            last_at=ended_at,
        )
    return PollStatus(state="done", to_do="", last_at=ended_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlookStatus:
    """How the days until licenses run out are worked out; times in UTC."""

    state: str
    to_do: str
    """What a person has to do; empty where there is nothing."""
    last_at: datetime | None
    """When that was last done, begun, or failed."""


def outlook_status(settings: Settings) -> OutlookStatus:
    """Nobody sees the process that polls start for it: what it failed of stands here."""
    last = last_run(settings.state_dir, OUTLOOK)
    if last is None:
        return OutlookStatus(state="never", to_do="", last_at=None)
    ended_at = at_webex(settings.state_dir, last.ended_at)
    if last.problem:
        return OutlookStatus(
            state=f"failed: {last.problem}", to_do=last.next_step or "webexhist outlook", last_at=ended_at
        )
    return OutlookStatus(state="done", to_do="", last_at=ended_at)
