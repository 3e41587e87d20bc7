"""What earlier polls left behind for this one."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from webexhist.config import Settings
from webexhist.metrics import COUNTERS_OF_SOURCE, Metric
from webexhist.seat_exclusions import Exclusions
from webexhist.snapshot import Collection, CollectionStatus, EventWindow, LastPoll, Organization, TimeSpan
from webexhist.webex.collectors.interface import AskedOnce, BookmarkPlace, Target
from webexhist.webex_ids import uuid_of

T = TypeVar("T")
NEVER = datetime.max.replace(tzinfo=UTC)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
NOT_FITTING = "the list does not fit into budget_seconds"
"""How the reason begins why polls leave out a list that is longer than their time."""
ALONE_NEXT = "it is asked alone when its turn comes again"
"""How the reason ends why a list is not known that did not get done though it went first ..."""
FIRST_NEXT = "it goes first once more"
"""... and of one that went first and was asked to wait for longer than the poll lasts."""


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier polls left behind for this one."""

    last: Mapping[str, LastPoll] = field(default_factory=dict)
    """The last poll of every organization in the database, by its UUID, also of those that others poll."""
    counted_until: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """Where the windows ended, by the organization's UUID and source."""
    unplaced: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """Fingerprints of the unplaced events that are counted already, by the same."""
    part_lengths: Mapping[tuple[str, str], timedelta] = field(default_factory=dict)
    """How long a part of a window fitted into the last poll, by the same, where not all of it did."""
    ahead: Mapping[tuple[str, str], TimeSpan] = field(default_factory=dict)
    """What is counted already beyond those ends, by the same."""
    keep: Callable[[Organization, EventWindow, Mapping[Metric, int]], bool] | None = None
    """Stores what a part of a window held; False where another poll has counted it. None where that cannot be."""
    bookmarks: Callable[[str, str], BookmarkPlace] | None = None
    """Gives the place for bookmarks of an organization's event source, by its UUID; None where polls keep none."""
    exclusions: Callable[[], Exclusions] = Exclusions
    """Says who is left out where it is counted how seats are used."""

    def taken_at(self, organizations: Iterable[Organization]) -> datetime | None:
        """The time of the last poll of these."""
        times = (last.taken_at for of in organizations if (last := self.last.get(uuid_of(of.webex_id))))
        return max(times, default=None)

    def in_turn(self, organizations: Iterable[Organization]) -> list[Organization]:
        """The same, those first for which time ran out, the longest ago first of them."""
        return sorted(organizations, key=lambda one: self.out_of_time_since(one) or NEVER)

    def out_of_time_since(self, organization: Organization, collector: str | None = None) -> datetime | None:
        """Since when something of it, or this collector, was left out for want of time; None where it was not."""
        last = self.last.get(uuid_of(organization.webex_id))
        began = (
            LONG_AGO if goes_first_next(each) else each.began_at
            for each in (last.collections if last else ())
            if is_left_to_the_next(each) and collector in (None, each.collector)
        )
        return min((at for at in began if at is not None), default=None)

    def collection_of(self, organization: Organization, collector: str) -> Collection | None:
        """How a collector of an organization fared; None where it was not asked yet."""
        last = self.last.get(uuid_of(organization.webex_id))
        return last.collection_of(collector) if last else None

    def target(
        self,
        organization: Organization,
        settings: Settings,
        time: Callable[[], datetime],
        once: AskedOnce,
        is_asked_alone: bool = False,
    ) -> Target:
        """What the collectors of one organization have to know; `time` gives the time of the poll."""
        uuid = uuid_of(organization.webex_id)
        keep, bookmarks = self.keep, self.bookmarks
        return Target(
            organization,
            settings.monitored_teams,
            counted_until=by_source(self.counted_until, uuid),
            time=time,
            before=self.last.get(uuid),
            settle=timedelta(seconds=settings.settle_seconds),
            unplaced=by_source(self.unplaced, uuid),
            part_lengths=by_source(self.part_lengths, uuid),
            ahead=by_source(self.ahead, uuid),
            keep=keep and (lambda window, amounts: keep(organization, window, amounts)),
            bookmarks=bookmarks and (lambda source: bookmarks(uuid, source)),
            is_asked_alone=is_asked_alone,
            once=once,
            seats_by=settings.seats_by,
            exclusions=self.exclusions,
        )


def is_left_to_the_next(collection: Collection) -> bool:
    """Whether time ran out, so that the next poll begins with it; a list that does not fit has a timer of its own."""
    is_out_of_time = collection.status is CollectionStatus.OUT_OF_TIME
    return is_out_of_time and not (collection.error or "").startswith(NOT_FITTING)


def is_asked_alone_next(collection: Collection) -> bool:
    """Whether it did not get done though it went first."""
    return is_left_to_the_next(collection) and (collection.error or "").endswith(ALONE_NEXT)


def goes_first_next(collection: Collection) -> bool:
    """Whether it went first and was asked to wait for longer than the poll lasted."""
    return is_left_to_the_next(collection) and (collection.error or "").endswith(FIRST_NEXT)


def by_source(known: Mapping[tuple[str, str], T], uuid: str) -> dict[str, T]:
    """What is known of one organization, by event source."""
    return {source: known[uuid, source] for source in COUNTERS_OF_SOURCE if (uuid, source) in known}
