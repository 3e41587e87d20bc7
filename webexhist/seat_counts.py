"""How seats are used: counts of a license, and of a group of people within it, with nothing that says who they are.

Beside them, how many different people hold licenses that are bought together.

What Webex shows of a person is presence and not billing use. So each holder of a seat is counted under what can be
known, and where nothing can be known under `hidden`, which is neither active nor idle.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from webexhist.units import sum_known

SEATS_COLLECTOR = "seats"
"""The collector of these counts, as `every` and the log of collections name it."""
IDLE_DAYS = (30, 60, 90, 180)
"""After how many days without activity a seat is idle: one idle for 90 days is idle for 30 and 60 days too."""
GROUPED_BY = ("department", "location", "title", "none")
"""By which field people are grouped; `none` for not at all."""
FEWEST_PEOPLE = 5
"""How many people a group has at least that is shown by its name."""
EVERYONE = "all"
"""The group of everybody, where people are not grouped."""
OTHERS = "others"
"""The group of all whose own group is too small, and of people whom the list of people does not hold."""


class HolderState(StrEnum):
    """What can be known of how a person uses what is assigned to him; the first that fits."""

    DISABLED = "disabled"
    """An administrator does not let the person log in."""
    PENDING = "pending"
    """The invitation was not accepted yet."""
    SEEN = "seen"
    """It is known when the person was last active."""
    NEVER_ACTIVE = "never active"
    """Webex shows a presence, and that there never was any activity; of people who came 90 days ago or earlier."""
    HIDDEN = "hidden"
    """Webex does not say."""


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """What one person's row in the list of people says about seats."""

    license_ids: tuple[str, ...]
    """The ids at Webex of the licenses that are assigned to the person."""
    group: str
    state: HolderState
    idle_days: int | None = None
    """Whole days since the last activity; known of those that were seen."""


@dataclass(frozen=True, slots=True)
class SeatCounts:
    """How many seats are used how; the names are those of the columns.

    active, idle_30, never_active, pending, disabled and hidden add up to the people in the list who hold a seat.
    """

    active: int = 0
    """Active within the last 30 days."""
    idle_30: int = 0
    """Not active for 30 days or longer, those included that were not for 60, 90 or 180."""
    idle_60: int = 0
    idle_90: int = 0
    idle_180: int = 0
    never_active: int = 0
    pending: int = 0
    disabled: int = 0
    hidden: int = 0
    external: int | None = 0
    """Assigned to users, but to none whom the list of people holds; None where the first is unknown."""

    @property
    def people(self) -> int:
        """How many people in the list hold a seat."""
        return self.active + self.idle_30 + self.never_active + self.pending + self.disabled + self.hidden

    @property
    def units(self) -> int | None:
        """How many units users hold."""
        return None if self.external is None else self.people + self.external

    @property
    def reclaimable(self) -> int:
        """Seats that could be taken back: of people not active for 90 days, never active, or who may not log in."""
        return self.idle_90 + self.never_active + self.disabled

    def __add__(self, other: "SeatCounts") -> "SeatCounts":
        external = sum_known((self.external, other.external))
        sums = {name: getattr(self, name) + getattr(other, name) for name in COLUMNS if name != "external"}
        return SeatCounts(**sums, external=external)


COLUMNS = tuple(field.name for field in fields(SeatCounts))


@dataclass(frozen=True, slots=True)
class GroupSeats:
    """The seats of one license that people of one group hold."""

    license_id: str
    """The license's id at Webex."""
    group: str
    counts: SeatCounts


@dataclass(frozen=True, slots=True)
class Account:
    """Licenses whose holders count once, however many of them they hold: all of a subscription, or of a product."""

    subscription_id: str
    product: str | None
    """Of the subscription; None for all of it, as a suite is bought."""
    license_ids: tuple[str, ...]
    """At Webex."""


@dataclass(frozen=True, slots=True)
class AccountPeople:
    """How many different people hold licenses of an account."""

    subscription_id: str
    product: str | None
    licenses: int
    """How many licenses the account has."""
    people: int
    """In the list of people."""
    external_least: int | None
    """People outside the list, where each holds as many of the licenses as can be; None where that is unknown."""
    external_most: int | None
    """The same where each holds a single one."""


@dataclass(frozen=True, slots=True)
class SeatSweep:
    """How the seats of an organization are used, by one sweep of its list of people."""

    taken_at: datetime
    grouped_by: str
    """By which field people are grouped: department, location, title, none."""
    seats: tuple[GroupSeats, ...]
    accounts: tuple[AccountPeople, ...] = ()


@dataclass(frozen=True, slots=True)
class LicenseSeats:
    """How the seats of one license are used by all people together."""

    license_id: str
    """The license's id at Webex."""
    counted: bool
    """Whether its units are seats that were bought."""
    counts: SeatCounts


@dataclass(frozen=True, slots=True)
class LastSeats:
    """What the last sweep of all people counted."""

    taken_at: datetime
    licenses: tuple[LicenseSeats, ...]


def small_groups_together(groups: Mapping[str, SeatCounts]) -> dict[str, SeatCounts]:
    """The groups that are large enough to be named, and the others as one."""
    named = large_enough(groups)
    rest = [counts for name, counts in groups.items() if name not in named]
    if rest:
        named[OTHERS] = sum(rest, named.get(OTHERS, SeatCounts()))
    return named


def large_enough(groups: Mapping[str, SeatCounts]) -> dict[str, SeatCounts]:
    """The groups that are shown by their names.

    Those who are left are five at least too, or nobody: else what is shown of the others, or of all less the groups
    that are named, would be about fewer.
    """
    largest_first = sorted(groups, key=lambda name: (-groups[name].people, name))
    named = [name for name in largest_first if groups[name].people >= FEWEST_PEOPLE]
    left = sum(groups[name].people for name in largest_first[len(named) :])
    while named and 0 < left < FEWEST_PEOPLE:
        left += groups[named.pop()].people
    return {name: groups[name] for name in named}


def idle_days_between(last_activity: datetime, now: datetime) -> int:
    """Whole days since an activity; one of the future was just now."""
    return max(0, (now - last_activity) // timedelta(days=1))
