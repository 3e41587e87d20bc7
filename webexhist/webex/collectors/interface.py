"""What every collector is: a name, what it counts, the permission it takes, and a function that asks."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Protocol, TypeVar

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.seat_counts import SeatSweep
from webexhist.seat_exclusions import Exclusions
from webexhist.snapshot import Collection, Count, EventWindow, LastPoll, LicenseUsage, Organization, TimeSpan
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.json_values import JsonObject
from webexhist.webex.auth.scopes import Permission

T = TypeVar("T")
KeepPart = Callable[[EventWindow, Mapping[Metric, int]], bool]
"""Stores what a part of a window held; False where another poll has counted it."""


class AskedOnce:
    """Answers that several collectors of one poll use: whichever comes first asks, the others wait for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.locks: defaultdict[object, threading.Lock] = defaultdict(threading.Lock)
        self.answers: dict[object, Any] = {}

    def answer(self, ask: "Callable[[WebexClient, Target], T]", client: WebexClient, target: "Target") -> T:
        """What `ask` returns; one that failed is asked again by the next."""
        with self.lock:
            lock = self.locks[ask]
        with lock:
            if ask not in self.answers:
                self.answers[ask] = ask(client, target)
            answer: T = self.answers[ask]
            return answer


class BookmarkPlace(Protocol):
    """Where the bookmarks of one list are kept from poll to poll."""

    def load(self) -> list[JsonObject]:
        """The bookmarks of before; none where they cannot be read."""

    def save(self, bookmarks: list[JsonObject]) -> bool:
        """Keeps these alone; False where they cannot be written."""


class Turn(Enum):
    """When a poll asks what time ran out for in the last one."""

    LATER = auto()
    """With the others; so is all that time did not run out for."""
    FIRST = auto()
    """Before all others that wait, beside them."""
    ALONE = auto()
    """Before them, and nothing else is asked meanwhile."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a collector is asked about."""

    organization: Organization
    teams: tuple[str, ...]
    """Ids of the teams to count; empty for all that the token sees."""
    counted_until: Mapping[str, datetime]
    """Where the last window of each event source ended (the server's clock)."""
    time: Callable[[], datetime]
    """Gives the time of the poll (UTC), when Webex has reported it with its first answer."""
    before: LastPoll | None
    """The organization's last snapshot."""
    settle: timedelta
    """How old an event must be before it is counted."""
    unplaced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Fingerprints of the unplaced events that are counted already, by event source."""
    part_lengths: Mapping[str, timedelta] = field(default_factory=dict)
    """How long a part of a window fitted into the last poll, by the sources whose windows did not fit whole."""
    ahead: Mapping[str, TimeSpan] = field(default_factory=dict)
    """What is counted already beyond the ends of the last windows, by event source."""
    keep: KeepPart | None = None
    """Stores a part of a window at once; None where that cannot be."""
    bookmarks: Callable[[str], BookmarkPlace] | None = None
    """Gives the place for the bookmarks of an event source; None where polls keep none."""
    is_asked_alone: bool = False
    """Whether this poll asks only for what it names, with a budget of its own."""
    turn: Turn = Turn.LATER
    """When it is asked."""
    once: AskedOnce = field(default_factory=AskedOnce)
    """What the collectors of this poll ask for only once."""
    seats_by: str = "none"
    """By which field of the list of people seats are grouped."""
    exclusions: Callable[[], Exclusions] = Exclusions
    """Says who is left out of that."""

    @property
    def taken_at(self) -> datetime:
        """The time of the poll (UTC)."""
        return self.time()

    def expected(self, *counts: Metric) -> int | None:
        """How long a list is expected to be: the sum of what was last counted of it; None where that never was."""
        known = self.before.listed if self.before else {}
        return sum(known[count] for count in counts) if all(count in known for count in counts) else None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a collector brings back."""

    counts: tuple[Count, ...] = ()
    licenses: tuple[LicenseUsage, ...] | None = None
    windows: tuple[EventWindow, ...] = ()
    checks: tuple[Collection, ...] = ()
    """Further entries for the log of collections."""
    seats: SeatSweep | None = None
    """How seats are used; None where that was not asked, or not wholly answered."""
    failure: WebexhistError | None = None
    """What kept the collector from gathering the rest."""
    goes_on: bool = False
    """Whether the next poll goes on with what was read, though nothing of it is counted yet."""
    is_held: bool = False
    """Whether the collector was not asked, so that its last values stand."""


def always(settings: Settings) -> bool:
    """Whatever the settings are."""
    return True


def nothing(target: Target) -> tuple[Collection, ...]:
    """No entries."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that Webex is asked and may refuse to answer."""

    name: str
    """As the log of collections has it."""
    permission: Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector(Question):
    """One family of counts that is asked for, and fails, together."""

    collect: Callable[[WebexClient, Target], Gathered]
    counts: tuple[Metric, ...] = ()
    place: int
    """Where it stands in the order of asking: 0 before all others, then the longest chains of pages first."""
    sweeps_every: int | None = None
    """Once in how many seconds a whole list is swept, unless `every` says otherwise.

    When that was last done is kept by itself: it is no count of a snapshot, and nothing of it is held."""
    lists_licenses: bool = False
    """Whether it brings the list of licenses, which is held as one."""
    asks_by_time: bool = False
    """Whether what it asks for depends on the time of the poll: it begins after the first answer."""
    is_asked: Callable[[Settings], bool] = always
    """Whether it is asked at all with these settings."""
    entries: tuple[str, ...] = ()
    """Further names under which it stands in the log of collections."""
    standing: Callable[[Target], tuple[Collection, ...]] = nothing
    """What the last poll reported that stands for this one too, where it gathers nothing."""

    @property
    def once_a_token(self) -> bool:
        """True where Webex answers for the token's owner, False where it is asked for each organization."""
        return any(metric.row.once_a_token for metric in self.counts)

    def unknown(self) -> tuple[Count, ...]:
        """The collector's counts, none of them known."""
        return tuple(Count(metric, None) for metric in self.counts)

    def gathers_nothing(self, target: Target, failure: WebexhistError | None = None) -> Gathered:
        """What a poll knows all the same: that nothing is known now, and what stands."""
        return Gathered(self.unknown(), checks=self.standing(target), failure=failure)
