"""Runs all collectors side by side and puts what they gathered into one snapshot an organization."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from webexhist.config import Settings
from webexhist.metrics import Metric
from webexhist.snapshot import (
    TOKENS,
    Collection,
    CollectionStatus,
    EventWindow,
    ListedBefore,
    Organization,
    Snapshot,
)
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import TokenSource, Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.attempts import Attempt, attempt, log
from webexhist.webex.before import Before
from webexhist.webex.collectors import all_collectors
from webexhist.webex.collectors.interface import AskedOnce, Collector, Gathered, Target, Turn
from webexhist.webex.collectors.own_organization import Own
from webexhist.webex.holding import (
    NOT_DONE,
    depends_on_time,
    held_names,
    is_left_out,
    left_out,
    paces_of,
    with_lasting_reason,
)
from webexhist.webex.identity import Identity
from webexhist.webex.listing import Listing
from webexhist.webex.poll_time import PollTime, poll_time
from webexhist.webex.turns import in_order, in_turns
from webexhist.webex_ids import uuid_of

COLLECTORS = all_collectors()
"""Found once, when this module is imported, not within a poll's time."""
SAVING_SECONDS = 0.01
"""What one organization of many takes after the asking until it is saved and read back, beside other work ..."""
BESIDE_OTHERS = 3.0
"""... that makes everything take so many times as long; the more, the longer."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a poll saw."""

    time: PollTime
    listing: Listing
    own: Own
    snapshots: tuple[Snapshot, ...]
    """One of every organization polled."""

    @property
    def told_with(self) -> Organization:
        """With which of them that is told which concerns the whole poll."""
        return self.own.organization or self.listing.polled[0]


@dataclass(frozen=True, slots=True)
class Job:
    """A collector at work."""

    collector: Collector
    target: Target
    client: WebexClient
    future: "Future[Attempt]"

    def result(self, organization: Organization, deadline: Deadline) -> Attempt:
        """What it brought for the organization, as that is listed now; all unknown where it is still at work."""
        if self.future.done():
            return replace(self.future.result(), organization=organization)
        late = self.collector.gathers_nothing(self.target, deadline.out_of_time(NOT_DONE))
        late = with_lasting_reason(self.collector, late, self.client, self.target)
        collection = Collection(
            self.collector.name,
            CollectionStatus.OUT_OF_TIME,
            self.client.requests,
            deadline.budget,
            str(late.failure),
        )
        return Attempt(organization, late, collection)


class Asking:
    """Asks Webex from the beginning of a poll to the deadline.

    The list of organizations is asked for at once, while it is read what earlier polls left; then all else of those
    that the token listed the last time, while that list is under way. What it does not name is thrown away.
    """

    def __init__(
        self,
        settings: Settings,
        tokens: TokenSource,
        deadline: Deadline,
        clock: Callable[[], datetime],
        listed_before: ListedBefore,
    ) -> None:
        """`clock` is this host's (UTC)."""
        self.settings, self.tokens, self.deadline, self.clock = settings, tokens, deadline, clock
        self.identity = Identity(settings, tokens, deadline, listed_before)
        self.services = Services.of(settings)
        self.transport = Transport(self.services.all, tokens, deadline, settings.workers, clock)
        self.once = AskedOnce()
        self.jobs: dict[tuple[str, str], Job] = {}
        """What is under way, by the collector's name and the organization's UUID."""
        self.saving_seconds = SAVING_SECONDS
        self.time_lock = threading.Lock()
        self.known_time: PollTime | None = None
        self.before = Before()
        self.only: frozenset[str] = frozenset()
        self.running = ExitStack()

    def __enter__(self) -> Self:
        self.started = self.deadline.time.now()
        self.running.enter_context(self.transport)
        self.workers = self.running.enter_context(Workers(self.settings.workers))
        self.transport.flow.grown = self.workers.grow_to
        self.identity.ask(self.client(), self.workers)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:  # a token that is just being renewed must be kept
            self.identity.wait()
        self.running.close()

    def others_take(self, times_as_long: float) -> None:
        """Sets more time aside for saving where everything takes so many times as long as on an idle machine."""
        self.saving_seconds = SAVING_SECONDS * max(1.0, times_as_long / BESIDE_OTHERS)

    def collect(self, before: Before, only: frozenset[str] = frozenset()) -> Collected:
        """One snapshot for every organization; what could not be had by the deadline is unknown in it.

        `before` is what earlier polls left; `only` names the collectors that are asked, all without it.

        Raises:
            WebexError: not even the organizations are known, so that there is nothing to count.
        """
        self.before, self.only = replace(before, keep=before.keep and self.kept_when_listed), only
        self.keep = before.keep
        known, own_known = self.identity.expected()
        if known:
            self.begin(known, own_known.organization if own_known else None)
            if own_known is None and (late := self.identity.own_if_late(known)):
                self.begin(known, late.organization)
        listing, _ = self.identity.listed_in_time()
        own = self.identity.own_in_time(listing, lambda: self.begin(listing.polled, None))
        organizations, told_with = listing.polled, own.organization or listing.polled[0]
        jobs = self.begin(organizations, own.organization)
        self.deadline.wait_for(job.future for job, _ in jobs)
        _, collection = self.identity.listed_in_time()
        gathered = listing.gathered if own.organization else Gathered()
        attempts = [Attempt(told_with, gathered, collection)]
        if unknown := own.collection():
            attempts += [Attempt(organization, Gathered(), unknown) for organization in organizations]
        attempts += [job.result(organization, self.deadline) for job, organization in jobs]
        for job, _ in jobs:
            job.future.cancel()  # what did not begin takes no time of what saving needs
        self.running.close()
        if self.tokens.warnings:
            warned = Collection(TOKENS, CollectionStatus.FAILED, 0, 0.0, "; ".join(self.tokens.warnings))
            attempts.append(Attempt(told_with, Gathered(), warned))
        time = self.poll_time()
        if notice := time.notice():
            attempts += [Attempt(organization, Gathered(), notice) for organization in organizations]
        seconds = self.deadline.time.now() - self.started
        log(attempts)
        ended_at = time.later(self.transport.server_clock.now(), self.clock())
        of_each: dict[Organization, list[Attempt]] = {}
        for one in attempts:
            if one.organization is not None:
                of_each.setdefault(one.organization, []).append(one)
        snapshots = tuple(
            snapshot_of(self.target(each), self.settings, of_each.get(each, []), seconds, ended_at)
            for each in organizations
        )
        return Collected(time, listing, own, snapshots)

    def begin(
        self, organizations: tuple[Organization, ...], own: Organization | None
    ) -> list[tuple[Job, Organization]]:
        """Starts what is to be asked of these and is not under way; returns all of it, and cancels the rest."""
        reserve = max(self.deadline.reserve, self.saving_seconds * (len(organizations) - 1))
        self.deadline.set_aside(reserve)
        self.organizations = organizations
        self.transport.flow.refusals.organizations = len(organizations)
        begun = []
        alone: Future[Attempt] | None = None
        asked = [collector for collector in COLLECTORS if collector.is_asked(self.settings)]
        in_order_of_turns = in_turns(self.before, in_order(asked, organizations, own, self.before))
        for place, (collector, organization, turn) in enumerate(in_order_of_turns, 1):
            key = collector.name, uuid_of(organization.webex_id)
            if key not in self.jobs or self.jobs[key].future.cancelled():
                after = alone if collector.place > 0 else None
                self.jobs[key] = self.start(place, collector, organization, turn, after)
            if turn is Turn.ALONE:
                alone = self.jobs[key].future
            begun.append((self.jobs[key], organization))
        wanted = {id(job) for job, _ in begun}
        for job in self.jobs.values():
            if id(job) not in wanted:
                job.future.cancel()
        return begun

    def start(
        self,
        place: int,
        collector: Collector,
        organization: Organization,
        turn: Turn,
        after: "Future[Attempt] | None",
    ) -> Job:
        """Lets a collector begin, `after` another one has ended where that is asked alone.

        It keeps its place where it begins later than others, because the token's own organization was not known yet.
        """
        target, client = replace(self.target(organization), turn=turn), self.client()
        needs_time = collector.asks_by_time or depends_on_time(collector, target, self.settings, self.only)

        def work() -> Attempt:
            if is_left_out(collector, target, self.settings, self.only):
                return Attempt(organization, *left_out(collector, target))
            return attempt(collector, client, target)

        first = self.transport.first_answer if needs_time else None
        return Job(collector, target, client, self.workers.submit(work, after or first, place))

    def target(self, organization: Organization) -> Target:
        return self.before.target(
            organization, self.settings, lambda: self.poll_time().taken_at, self.once, bool(self.only)
        )

    def client(self) -> WebexClient:
        return WebexClient(self.services, self.transport, self.workers)

    def poll_time(self) -> PollTime:
        """The time of the poll, which is that of the first answer; it is waited for."""
        with self.time_lock:
            if self.known_time is None:
                self.deadline.wait_for([self.transport.first_answer])
                webex, host = self.transport.first_times or (None, self.clock())
                self.known_time = poll_time(webex, host, self.before.taken_at(self.organizations))
            return self.known_time

    def kept_when_listed(
        self, organization: Organization, window: EventWindow, amounts: Mapping[Metric, int]
    ) -> bool:
        """Stores a part of a window, once it is known to be its organization's; False where it is not."""
        if self.keep is None or not self.identity.is_of(organization, window.source):
            return False
        return self.keep(organization, window, amounts)


def snapshot_of(
    target: Target, settings: Settings, own: list[Attempt], seconds: float, ended_at: datetime
) -> Snapshot:
    """All that concerns one organization, out of its own attempts."""
    organization, taken_at = target.organization, target.taken_at
    licenses = next((usage for one in own if (usage := one.gathered.licenses) is not None), None)
    seats = next((sweep for one in own if (sweep := one.gathered.seats) is not None), None)
    return Snapshot(
        organization=organization,
        taken_at=taken_at,
        seconds=round(seconds, 3),
        requests=sum(one.collection.requests or 0 for one in own),
        counts=tuple(count for one in own for count in one.gathered.counts),
        licenses=licenses,
        collections=tuple(each for one in own for each in (one.collection, *one.gathered.checks)),
        windows=tuple(window for one in own for window in one.gathered.windows),
        held=frozenset().union(*(held_names(one.collection, one.gathered, target, settings) for one in own)),
        paces=paces_of(COLLECTORS, settings),
        collected_at=ended_at,
        seats=seats,
    )
