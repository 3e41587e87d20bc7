"""What every collector is: a name, what it counts, and a function that asks for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.snapshot import Collection, Count, EventWindow, LicenseUsage, Organization, StoredSnapshot
from webexhist.webex.api.client import WebexClient


@dataclass(frozen=True, slots=True)
class Target:
    """What a collector is asked about."""

    organization: Organization
    teams: tuple[str, ...]
    """Ids of the teams to count; empty for all that the token sees."""
    counted_until: Mapping[str, datetime]
    """Where the last window of each event source ended (the server's clock)."""
    taken_at: datetime
    """The poller's clock when the poll began (UTC)."""
    before: StoredSnapshot | None
    """The organization's last snapshot."""
    settle: timedelta
    """How old an event must be before it is counted."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a collector brings back."""

    counts: tuple[Count, ...] = ()
    licenses: tuple[LicenseUsage, ...] | None = None
    windows: tuple[EventWindow, ...] = ()
    checks: tuple[Collection, ...] = ()
    """Further entries for the log of collections."""
    failure: WebexhistError | None = None
    """What kept the collector from gathering the rest."""


@dataclass(frozen=True, slots=True)
class Collector:
    """One family of counts that is asked for, and fails, together."""

    name: str
    collect: Callable[[WebexClient, Target], Gathered]
    counts: tuple[Metric, ...] = ()

    def unknown(self) -> tuple[Count, ...]:
        """The collector's counts, none of them known."""
        return tuple(Count(metric, None) for metric in self.counts)
