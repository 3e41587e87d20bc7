"""Asks at the beginning of a poll which organizations it is about, and which of them is the token's own."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

from webexhist.config import Settings
from webexhist.metrics import COUNTERS_OF_SOURCE
from webexhist.snapshot import Collection, ListedBefore, Organization
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import TokenSource
from webexhist.webex.api.workers import Workers
from webexhist.webex.attempts import collection_of
from webexhist.webex.collectors.organizations import ORGANIZATIONS, monitored_of
from webexhist.webex.collectors.own_organization import Candidates, Own, uuids
from webexhist.webex.listing import Listing, candidates, list_known, list_remembered
from webexhist.webex_ids import uuid_of

OWN_SHARE = 0.25
"""The share of the time left that Webex has to tell the token's own organization, where it told that before ..."""
LIST_SHARE = 0.25
"""... and the share of it that waits for the list, where there was one before."""

BEFORE_ALL = 0
"""The place of what is asked before all that is counted."""


class Identity:
    """The organizations as the token lists them, and its own as soon as that is known; safe between threads."""

    def __init__(self, settings: Settings, tokens: TokenSource, deadline: Deadline, before: ListedBefore) -> None:
        self.settings, self.tokens, self.deadline, self.before = settings, tokens, deadline, before
        self.decided: Future[Own] = Future()
        """What this poll takes for the token's own."""
        self.own_meanwhile: Own | None = None
        """The same while the list is late, by the list before; None where that need not be told, or is not known."""

    def ask(self, client: WebexClient, workers: Workers) -> None:
        """Begins to ask; what must be told of the token's own is asked on the same thread, before all else."""
        self.client, self.workers, self.began = client, workers, client.time.now()
        self.is_late_at = self.began + LIST_SHARE * self.deadline.left()
        self.asked = workers.submit(self.list_organizations)
        self.told = workers.submit(self.ask_own, after=self.asked)

    def wait(self) -> None:
        """Returns when nothing of it is under way any more, or no time is left."""
        self.deadline.wait_for([self.asked])
        self.deadline.wait_for([self.told])

    def list_organizations(self) -> tuple[Listing, Collection]:
        """The organizations, and how it fared to list them."""
        return self.with_collection(list_known(self.client, self.settings, self.before.last))

    def with_collection(self, listing: Listing) -> tuple[Listing, Collection]:
        """The same with how it fared."""
        return listing, collection_of(ORGANIZATIONS.name, self.client, listing.gathered, self.began)

    def listed_in_time(self) -> tuple[Listing, Collection]:
        """The same when it is done; what was listed before where it is not done by the deadline.

        Raises:
            OutOfTime: it was not, and nothing was listed before, or Webex answers nothing.
        """
        self.deadline.wait_for([self.asked])
        if self.asked.done():
            listing, collection = self.asked.result()
            return listing, replace(collection, requests=self.client.requests)
        late = self.deadline.out_of_time("Webex did not list the organizations in time")
        if not self.client.transport.is_answered:
            raise late
        return self.with_collection(list_remembered(self.settings, self.before.last, late))

    def expected(self) -> tuple[tuple[Organization, ...], Own | None]:
        """The organizations that are polled if the list is the last one, and the own one if it need not be told."""
        known = monitored_of(self.before.last, self.settings.monitored_organizations)
        if not known:
            return (), None
        among = candidates(known, self.before.last, self.settings, self.before)
        return known, among.own_unasked(self.tokens.access_token)

    def own_if_late(self, known: tuple[Organization, ...]) -> Own | None:
        """The token's own among those known, as it was told by now, where their list is late; None where it is not.

        What hangs on it would wait as long as the list does, and never be counted where that never comes.
        """
        self.wait_for_list()
        if self.asked.done():
            return None
        among = candidates(known, self.before.last, self.settings, self.before)
        told = self.workers.submit(lambda: among.own_asked(self.client), place=BEFORE_ALL)
        self.deadline.time.wait_for([told], OWN_SHARE * self.deadline.left())
        own = told.result() if told.done() else self.own_remembered(among)
        self.before, self.own_meanwhile = replace(self.before, own=own.uuid), own
        return own

    def own_remembered(self, among: Candidates) -> Own:
        """The token's own as Webex told it before; unknown where it did not."""
        late = self.deadline.out_of_time("Webex did not tell the token's own in time")
        failure = self.own_meanwhile.failure if self.own_meanwhile else None
        return among.own_remembered(failure or late)

    def wait_for_list(self) -> None:
        """Returns when the organizations are listed, or that is late."""
        self.deadline.time.wait_for([self.asked], max(0.0, self.is_late_at - self.client.time.now()))

    def ask_own(self) -> Own:
        """Which of the organizations is the token's own, as Webex tells it where it must be asked."""
        listing, _ = self.asked.result()
        among = candidates(listing.polled, listing.listed, self.settings, self.before)
        return among.own_unasked(self.tokens.access_token) or among.own_asked(self.client)

    def own_in_time(self, listing: Listing, before_waiting: Callable[[], object]) -> Own:
        """The same when it is told, which is waited for; what was told before where that takes too long."""
        among = candidates(listing.polled, listing.listed, self.settings, self.before)
        own = among.own_unasked(self.tokens.access_token)
        if own is None:
            before_waiting()
            own = self.own_remembered(among)
            share = 1.0 if own.failure else OWN_SHARE
            self.deadline.time.wait_for([self.told], share * self.deadline.left())
            own = self.told.result() if self.told.done() else own
        self.decided.set_result(own)
        return own

    def is_of(self, organization: Organization, source: str) -> bool:
        """Whether a poll counts the events of a source for the organization; it is waited until that is known.

        Of a list that is late the one before stands for it: else a backlog would wait as long as that does.
        """
        is_once_a_token = any(counter.row.once_a_token for counter in COUNTERS_OF_SOURCE[source])
        found, own = self.expected()
        self.wait_for_list()
        if self.asked.done() or not found:
            found = self.listed_in_time()[0].polled
            if is_once_a_token:
                self.deadline.wait_for([self.decided])
                own = self.decided.result() if self.decided.done() else None
        elif own is None:
            own = self.own_meanwhile
        if is_once_a_token:
            found = (own.organization,) if own and own.organization else ()
        return uuid_of(organization.webex_id) in uuids(found)
