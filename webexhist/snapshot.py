"""The values that travel between the rooms: what one poll saw of each organization.

What the database makes of them is in stored_snapshot.py.

All times are aware datetimes in UTC. `None` stands for unknown, never for zero.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from webexhist.metrics import Metric
from webexhist.seat_counts import SeatSweep
from webexhist.units import available, utilization


class CollectionStatus(StrEnum):
    """How a collector ended."""

    OK = "ok"
    NOT_PERMITTED = "not permitted"
    """Webex answered 403: a scope, a role or an offer is missing. A permission, not a count."""
    FAILED = "failed"
    GAP = "gap"
    """Collected, but a part of the past is beyond Webex's look-back and stays uncounted."""
    OUT_OF_TIME = "out of time"
    """The poll's budget ended before the collector did."""
    NOT_USED = "not used"
    """A cheaper way of counting that is not open here; the count itself is known all the same."""
    NOTICE = "notice"
    """Nothing is missing, but a person should know."""

    @property
    def is_trouble(self) -> bool:
        """Whether something that should be counted was not, or not wholly."""
        return self not in (CollectionStatus.OK, CollectionStatus.NOT_USED, CollectionStatus.NOTICE)

    @property
    def is_notable(self) -> bool:
        """Whether a person should read the reason."""
        return self.is_trouble or self is CollectionStatus.NOTICE


LICENSES_HELD = "license"
"""Stands for all licenses among the names of what is held."""


@dataclass(frozen=True, slots=True)
class Organization:
    """A Webex organization."""

    webex_id: str
    """The id as the API gives it (base64)."""
    name: str


@dataclass(frozen=True, slots=True)
class ListedBefore:
    """What the token's owner was told of organizations before."""

    last: tuple[Organization, ...] = ()
    """Those that were listed the last time they could be."""
    ever: frozenset[str] = frozenset()
    """The UUIDs of all that were listed lately."""
    own: str = ""
    """The UUID of the token's own organization, as Webex told it; empty where it never did."""


@dataclass(frozen=True, slots=True)
class Count:
    """One metric's value in one poll."""

    metric: Metric
    value: int | None
    """For a gauge the count, for a counter what this poll's window held; None where it is unknown."""


@dataclass(frozen=True, slots=True)
class License:
    """What a license is, apart from how much of it is used."""

    webex_id: str
    name: str
    code: str
    """The product's type code out of the id ("MS", "EE", …); empty where the id holds none."""
    subscription_id: str | None
    site_url: str | None
    site_type: str | None
    counted: bool
    """Whether its units are seats that were bought, by its code and known names."""

    @property
    def place(self) -> str:
        """Its site and subscription: what distinguishes licenses of one name."""
        return " · ".join(part for part in (self.site_url, self.subscription_id) if part) or "no subscription"


@dataclass(frozen=True, slots=True)
class LicenseUsage:
    """How much of a license was bought and used at one moment, in units."""

    license: License
    purchased: int | None
    """Purchased units; negative means unlimited."""
    assigned: int | None
    assigned_to_users: int | None
    assigned_to_workspaces: int | None

    @property
    def available(self) -> int | None:
        """Units not assigned, negative where more than purchased are assigned; None where unknown or unlimited."""
        return available(self.purchased, self.assigned)

    @property
    def utilization(self) -> float | None:
        """Percent of the purchased units assigned; None where nothing was purchased or the license is not counted."""
        return utilization(self.purchased, self.assigned) if self.license.counted else None


@dataclass(frozen=True, slots=True)
class Collection:
    """How one collector fared in one poll."""

    collector: str
    status: CollectionStatus
    requests: int | None
    """None where the collection was imported, as for the seconds."""
    seconds: float | None
    error: str | None = None
    """The reason in words where the status is not `OK`."""
    began_at: datetime | None = field(default=None, compare=False)
    """Of a stored one: the first of the snapshots in a row that have this status and reason."""


LICENSE_LIST = "license list"
"""The entry, among those of collectors, for a list of licenses that became small or empty; there only if need be."""
TOKENS = "tokens"
"""The entry, among those of collectors, for what will soon keep all of them from counting; there only if need be."""
CLOCK = "clock"
"""The entry for clocks that do not agree; there only if need be."""
LEFT_OUT = "left out"
"""The entry for organizations that were polled before and that the token does not list; there only if need be."""
NOT_POLLED = "not polled"
"""The entry for an organization whose last snapshot is too old to be shown; never stored."""
EXPECTED = "outlook"
"""The entry for what kept the outlook from being worked out, or makes it unsure; never stored."""
STORED = "database"
"""The entry for rows beside a poll's own that something else than webexhist changed; never stored."""
POLLERS = "pollers"
"""The entry for organizations that several pollers count; there only if need be."""
ORDER = "order"
"""The entry for a snapshot that was stored at another time than its own; there only if need be."""


class TimeSpan(NamedTuple):
    """A half-open span (after, until] of the server's clock."""

    after: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class EventWindow:
    """A half-open span (opened_at, counted_until] of the server's clock whose events were counted."""

    source: str
    """Which events: "events", "rooms" or "audit"."""
    opened_at: datetime
    counted_until: datetime
    unplaced: Mapping[str, date] = field(default_factory=dict)
    """Fingerprints of the events that no window has by their time alone: each was counted where it was first met.

    With the day of windows' ends up to which it is remembered."""
    future_end: datetime | None = None
    """The end of the window before, if that lies in the future, so that this one cannot open there.

    Where events of later than this one are counted, it is no future, and the window is left out."""
    next_part: timedelta | None = None
    """With how long a part the next poll begins, where this window holds only a part of what was to be counted."""
    ahead: TimeSpan | None = None
    """What is counted beyond its end: a list that begins with its newest events was not read to its end yet."""
    found_ahead: TimeSpan | None = None
    """The same as the window before left it."""


@dataclass(frozen=True, slots=True)
class ListSize:
    """How much a list of licenses holds."""

    rows: int
    units: int | None
    """Purchased, of the licenses with a limit."""


@dataclass(frozen=True, slots=True)
class FallenList:
    """A list of licenses that became small or empty."""

    since: datetime
    """The first snapshot that said so."""
    before: ListSize
    """What it held until then."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one poll saw of one organization."""

    organization: Organization
    taken_at: datetime
    """When the poll began to count: Webex's clock, this host's where Webex does not show it."""
    seconds: float
    requests: int
    counts: tuple[Count, ...]
    licenses: tuple[LicenseUsage, ...] | None
    """Every license listed; None where the list is unknown."""
    collections: tuple[Collection, ...]
    windows: tuple[EventWindow, ...] = ()
    """The windows that the counters of this snapshot cover; a source that failed has none."""
    held: frozenset[str] = frozenset()
    """Names of the counts that were not asked for and keep their last values; `LICENSES_HELD` stands for the list."""
    paces: Mapping[str, int] = field(default_factory=dict)
    """In seconds, of the counts that are asked for once in each slot of a grid, by the same names."""
    collected_at: datetime | None = None
    """The same clock when all was collected; None: `seconds` after the poll began."""

    seats: SeatSweep | None = None
    """How seats are used; None where this poll did not sweep all people."""

    @property
    def ended_at(self) -> datetime:
        """When all was collected: what is dated later is of a later poll, or of a wrong clock."""
        return self.collected_at or self.taken_at + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class LastPoll:
    """What a poll has to know of an organization's last snapshot."""

    taken_at: datetime
    collections: tuple[Collection, ...]
    last_list: ListSize | None
    """The last known list of licenses; None where none was ever known."""
    fallen_list: FallenList | None = None
    """What is reported of that list; None where nothing is."""
    held_since: Mapping[str, datetime] = field(default_factory=dict)
    """When the values were counted that it only held, by the names of their counts."""
    listed: Mapping[Metric, int] = field(default_factory=dict)
    """How long the lists last were whose length helps to ask for them."""

    swept_at: datetime | None = None
    """When it was last counted how seats are used; None where it never was."""
    seconds: float | None = None
    """How long that poll took; None where that is not known."""
    seconds_held: Mapping[str, float] = field(default_factory=dict)
    """How long the polls took in which the values were counted that it only held, where that is known."""
    seconds_swept: float = math.inf
    """How long the poll took that last counted how seats are used; infinitely many where that is not known."""

    def counted_at(self, name: str) -> datetime:
        """When the value of a count was counted, or could have been."""
        return self.held_since.get(name, self.taken_at)

    def counted_within(self, name: str) -> float:
        """How many seconds the poll took that counted it; infinitely many where that is not known."""
        seconds = self.seconds_held.get(name) if name in self.held_since else self.seconds
        return math.inf if seconds is None else seconds

    def collection_of(self, collector: str) -> Collection | None:
        """How a collector fared; None where it was not asked yet."""
        return next((each for each in self.collections if each.collector == collector), None)
