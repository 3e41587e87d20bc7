"""A snapshot as the database gives it back: each value beside the last known one before it, and what is foretold.

All times are aware datetimes in UTC. `None` stands for unknown, never for zero.
"""

from dataclasses import dataclass
from datetime import date, datetime

from webexhist.metrics import Metric
from webexhist.not_judged import Reason
from webexhist.seat_counts import LastSeats
from webexhist.snapshot import Collection, License, LicenseUsage, Organization
from webexhist.units import purchased_together


@dataclass(frozen=True, slots=True)
class CountChange:
    """A stored count beside the last known one before it."""

    metric: Metric
    value: int | None
    """For a counter the running total, the past that was brought in later included."""
    change: int | None
    previous_at: datetime | None
    """When the value was last known before this snapshot; None when it never was."""
    as_of: datetime | None = None
    """When it was counted, where that was not now: it is held."""


@dataclass(frozen=True, slots=True)
class LicenseChange:
    """A stored license usage beside the last known one before it."""

    usage: LicenseUsage
    purchased_change: int | None
    assigned_change: int | None
    previous_at: datetime | None
    as_of: datetime | None = None
    """When it was counted, where that was not now: it is held."""
    first_name: str = ""
    """What the license was called when it was first seen; empty where it has that name."""
    not_judged: Reason | None = None
    """Why its units stand in no sum of an organization's licenses; None where they do."""


@dataclass(frozen=True, slots=True)
class ProductOutlook:
    """When licenses that are judged together run out, as it was worked out once a day."""

    product: str | None
    """None for a license that belongs to none: its units are no seats."""
    license_ids: tuple[str, ...]
    """Those that were listed, by their ids at Webex."""
    purchased: int | None
    """Of how many units: with another purchase the day is another."""
    limit: int | None
    """Out of this many; None where the product is not judged."""
    runs_out_on: date | None
    """In the middle of what may come; None where that takes more than three years."""


@dataclass(frozen=True, slots=True)
class StoredOutlook:
    """What was worked out of an organization's future, of all its products at once."""

    day: date
    """As of which."""
    is_of_now: bool
    """Whether nothing that it rests on was changed since, but for what is assigned."""
    decisions: int
    """How many were open."""
    products: tuple[ProductOutlook, ...]


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A license that continues another under a new id, or may."""

    former: License
    successor: License
    joined: bool
    """Whether both have one history from now on; else a person has to say so."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A license that has another name than before."""

    license: License
    """As it is called now."""
    former_name: str


@dataclass(frozen=True, slots=True)
class StoredSnapshot:
    """A snapshot as the database gives it back, with what changed since the one before."""

    organization: Organization
    number: int
    """1, 2, 3 … without gaps, per organization."""
    taken_at: datetime
    previous_at: datetime | None
    """When the snapshot before was taken; None for the first."""
    seconds: float | None
    """How long the poll took; None where it was imported, as for the requests."""
    requests: int | None
    counts: tuple[CountChange, ...]
    licenses: tuple[LicenseChange, ...] | None
    """None where this snapshot's list of licenses is unknown."""
    appeared: tuple[License, ...]
    """Licenses that the last known list did not hold."""
    vanished: tuple[License, ...]
    """Licenses that the last known list held and this one does not."""
    collections: tuple[Collection, ...]
    day: date
    """The day on which it was taken, in the organization's time zone."""
    outlook: StoredOutlook | None = None
    """None where none was worked out yet, or something else changed it since."""
    successions: tuple[Succeeded, ...] = ()
    """What this snapshot was the first to show; licenses of joined ones are neither in `appeared` nor `vanished`."""
    renamed: tuple[Renamed, ...] = ()
    """The licenses that this snapshot was the first to show under another name."""
    seats: LastSeats | None = None
    """How seats were used when that was last counted, however long ago; None where it never was."""

    def without_figures(self, reason: Collection) -> "StoredSnapshot":
        """The same where its figures are not those of now, with the reason."""
        return StoredSnapshot(
            organization=self.organization,
            number=self.number,
            taken_at=self.taken_at,
            day=self.day,
            previous_at=None,
            seconds=None,
            requests=None,
            counts=tuple(CountChange(each.metric, None, None, None) for each in self.counts),
            licenses=None,
            appeared=(),
            vanished=(),
            collections=(reason,),
        )

    @property
    def has_outlook_of_today(self) -> bool:
        """Whether its outlook is of the day of this snapshot, and rests on what stands in it."""
        outlook = self.outlook
        if outlook is None or not outlook.is_of_now or outlook.day != self.day:
            return False
        now = {change.usage.license.webex_id: change.usage.purchased for change in self.licenses or ()}
        return all(
            known.purchased == purchased
            for known in outlook.products
            if (purchased := purchased_together(now.get(webex_id) for webex_id in known.license_ids)) is not None
        )
