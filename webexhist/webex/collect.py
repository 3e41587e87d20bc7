"""Runs all collectors side by side and puts what they gathered into one snapshot an organization."""

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime

from webexhist.config import Settings
from webexhist.errors import WebexhistError
from webexhist.metrics import Metric
from webexhist.snapshot import (
    TOKENS,
    Collection,
    CollectionStatus,
    Count,
    Organization,
    Snapshot,
)
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import BadAnswer, NotPermitted, OutOfTime, Unauthorized, Unreachable, WebexError
from webexhist.webex.api.transport import TokenSource, Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.before import Before
from webexhist.webex.collectors import all_collectors
from webexhist.webex.collectors.interface import AskedOnce, Collector, Gathered, Target
from webexhist.webex.collectors.organizations import (
    ORGANIZATIONS,
    list_organizations,
    monitored_of,
    not_visible,
    own_organization,
)
from webexhist.webex.holding import held_names, is_left_out, left_out, with_lasting_reason
from webexhist.webex.poll_time import PollTime, poll_time

COLLECTORS = all_collectors()
"""Found once, when this module is imported, not within a poll's time."""
SAVING_SECONDS = 0.004
"""What saving one organization of many and reading it back takes, measured on PostgreSQL beside other work."""
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Listing:
    """The organizations that a poll is about."""

    polled: tuple[Organization, ...]
    own: Organization
    """The one of them on which the token's own counts hang."""
    visible: tuple[Organization, ...] | None
    """All that the token lists; None where it could not list them now."""
    gathered: Gathered
    """Their count."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a poll saw."""

    time: PollTime
    listing: Listing
    snapshots: tuple[Snapshot, ...]
    """One of every organization polled."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one collector brought for one organization, and how it fared."""

    organization: Organization
    gathered: Gathered
    run: Collection


@dataclass(frozen=True, slots=True)
class Job:
    """A collector at work."""

    collector: Collector
    target: Target
    client: WebexClient
    future: "Future[Outcome]"

    def outcome(self, deadline: Deadline) -> Outcome:
        """What it brought; all unknown where it is still at work."""
        if self.future.done():
            return self.future.result()
        late = deadline.out_of_time("not done in time")
        run = Collection(
            self.collector.name, CollectionStatus.OUT_OF_TIME, self.client.requests, deadline.budget, str(late)
        )
        return Outcome(self.target.organization, self.collector.gathers_nothing(self.target), run)


def collect(
    settings: Settings,
    tokens: TokenSource,
    deadline: Deadline,
    clock: Callable[[], datetime],
    before: Before,
    only: frozenset[str] = frozenset(),
) -> Collected:
    """One snapshot for every organization; what could not be had by the deadline is unknown in it.

    `clock` is this host's (UTC); `only` names the collectors that are asked, all without it.

    Raises:
        WebexError: not even the organizations are known, so that there is nothing to count.
    """
    started = deadline.time.now()
    services = Services.of(settings)
    with (
        Transport(services.all, tokens, deadline, settings.workers, clock) as transport,
        Workers(settings.workers) as workers,
    ):

        def client() -> WebexClient:
            return WebexClient(services, transport, workers)

        once = AskedOnce()

        def start(collector: Collector, organization: Organization) -> Job:
            target = targets[organization]
            asking = client()
            return Job(collector, target, asking, workers.submit(lambda: attempt(collector, asking, target)))

        def asked_or_left_out(pairs: Iterable[tuple[Collector, Organization]]) -> Iterator[Job]:
            for collector, organization in pairs:
                target = targets[organization]
                if is_left_out(collector, target, settings, only):
                    outcomes.append(Outcome(organization, *left_out(collector, target)))
                else:
                    yield start(collector, organization)

        first = client()
        asked = workers.submit(lambda: list_known(first, settings, tokens, before))
        deadline.wait_for([asked])
        if not asked.done():
            raise deadline.out_of_time("Webex did not list the organizations in time")
        listing = asked.result()
        organizations, own = listing.polled, listing.own
        deadline.set_aside(max(deadline.reserve, SAVING_SECONDS * (len(organizations) - 1)))
        outcomes = [Outcome(own, listing.gathered, run_of(ORGANIZATIONS.name, first, listing.gathered, started))]
        time = poll_time(transport.server_now_by_first_answer(), clock(), before.taken_at(organizations))

        targets = {one: before.target(one, settings, time.taken_at, once, bool(only)) for one in organizations}
        jobs = list(asked_or_left_out(in_order(before.in_turn(organizations), own, settings)))
        deadline.wait_for(job.future for job in jobs)
        outcomes += [job.outcome(deadline) for job in jobs]
    if tokens.warnings:
        warned = Collection(TOKENS, CollectionStatus.FAILED, 0, 0.0, "; ".join(tokens.warnings))
        outcomes.append(Outcome(own, Gathered(), warned))
    if notice := time.notice():
        outcomes += [Outcome(organization, Gathered(), notice) for organization in organizations]
    seconds = deadline.time.now() - started
    log(outcomes)
    ended_at = time.later(transport.server_now(), clock())
    snapshots = tuple(
        snapshot_of(targets[organization], settings, outcomes, seconds, ended_at) for organization in organizations
    )
    return Collected(time, listing, snapshots)


def in_order(
    organizations: Iterable[Organization], own: Organization, settings: Settings
) -> Iterator[tuple[Collector, Organization]]:
    """What is asked about whom: the first of all organizations, then the token's own, then the rest of each."""
    asked = [collector for collector in COLLECTORS if collector.is_asked(settings)]
    for collector in asked:
        if collector.place == 0:
            yield from ((collector, organization) for organization in organizations)
    for collector in asked:
        if collector.once_a_token:
            yield collector, own
    for organization in organizations:
        for collector in asked:
            if collector.place > 0 and not collector.once_a_token:
                yield collector, organization


def list_known(client: WebexClient, settings: Settings, tokens: TokenSource, before: Before) -> Listing:
    """The organizations to poll: those that the token lists, now or the last time it could.

    Raises:
        WebexError: they are not listed and never were, or the token is refused altogether.
    """
    monitored = settings.monitored_organizations
    visible, failure = None, None
    try:
        visible = visible_now(client, before)
    except (Unauthorized, Unreachable):
        raise
    except WebexError as error:
        if not before.listed:
            raise
        failure = error
    known = before.listed if visible is None else visible
    organizations = monitored_of(known, monitored)
    unseen = not_visible(known, monitored)
    if not organizations:
        raise NotPermitted("the token lists none of orgids", "correct orgids, or authorize as their administrator")
    if unseen and failure is None:
        failure = NotPermitted(
            f"the token does not list {len(unseen)} of orgids, {unseen[0]}",
            "correct orgids, or authorize as its administrator",
        )
    own = own_organization(client, tokens.access_token(), organizations)
    count = Count(Metric.ORGANIZATIONS, None if visible is None else len(organizations))
    return Listing(organizations, own, visible, Gathered((count,), failure=failure))


def visible_now(client: WebexClient, before: Before) -> tuple[Organization, ...]:
    """The organizations that the token lists.

    Raises:
        NotPermitted: it never listed one.
        BadAnswer: it lists none, and did before.
    """
    visible = list_organizations(client)
    if not visible and before.listed:
        raise BadAnswer("GET /v1/organizations lists none", "those of the list before are polled")
    if not visible:
        raise NotPermitted("the token sees no organization", "authorize as an administrator: webexhist login")
    return visible


def attempt(collector: Collector, client: WebexClient, target: Target) -> Outcome:
    """Runs one collector; whatever Webex does, the others go on."""
    started = client.time.now()
    try:
        gathered = collector.collect(client, target)
    except WebexhistError as error:
        gathered = collector.gathers_nothing(target, error)
    gathered = with_lasting_reason(collector, gathered, client.budget)
    run = run_of(collector.name, client, gathered, started)
    return Outcome(target.organization, gathered, run)


def run_of(name: str, client: WebexClient, gathered: Gathered, started: float) -> Collection:
    """How a collector fared, by what it gathered."""
    return Collection(
        name,
        status_of(gathered),
        client.requests,
        round(client.time.now() - started, 3),
        str(gathered.failure) if gathered.failure else None,
    )


def status_of(gathered: Gathered) -> CollectionStatus:
    match gathered.failure:
        case None:
            return CollectionStatus.OK
        case NotPermitted():
            return CollectionStatus.NOT_PERMITTED
        case OutOfTime():
            return CollectionStatus.OUT_OF_TIME
        case _:
            return CollectionStatus.FAILED


def log(outcomes: list[Outcome]) -> None:
    """One line for every collector and organization."""
    for outcome in outcomes:
        run = outcome.run
        text = f"{run.collector} of {outcome.organization.name}: {run.requests} requests in {run.seconds:.3f} s"
        if run.status.is_notable:
            LOG.warning("%s, %s: %s", text, run.status, run.error)
        else:
            LOG.info("%s", text)


def snapshot_of(
    target: Target, settings: Settings, outcomes: list[Outcome], seconds: float, ended_at: datetime
) -> Snapshot:
    """All that concerns one organization."""
    organization, taken_at = target.organization, target.taken_at
    own = [outcome for outcome in outcomes if outcome.organization == organization]
    licenses = next((usage for outcome in own if (usage := outcome.gathered.licenses) is not None), None)
    return Snapshot(
        organization=organization,
        taken_at=taken_at,
        seconds=round(seconds, 3),
        requests=sum(outcome.run.requests for outcome in own),
        counts=tuple(count for outcome in own for count in outcome.gathered.counts),
        licenses=licenses,
        collections=tuple(run for outcome in own for run in (outcome.run, *outcome.gathered.checks)),
        windows=tuple(window for outcome in own for window in outcome.gathered.windows),
        held=frozenset().union(*(held_names(one.run, one.gathered, target, settings) for one in own)),
        collected_at=ended_at,
    )
