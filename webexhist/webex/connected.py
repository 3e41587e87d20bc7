"""A client for a person's command: Webex is asked by the stored tokens, until a deadline."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from webexhist.config import Settings
from webexhist.snapshot import ListedBefore
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.collectors.own_organization import Own
from webexhist.webex.listing import Listing, candidates, list_known


@dataclass(frozen=True, slots=True)
class Connected:
    """What a person's command asks with, and about."""

    client: WebexClient
    listing: Listing
    own: Callable[[], Own]
    """Asks which organization is the token's own."""


@contextmanager
def connected(
    settings: Settings, clock: Callable[[], datetime], deadline: Deadline, told: Callable[[str], ListedBefore]
) -> Iterator[Connected]:
    """The client, and the organizations that the token lists, or listed the last time it could.

    `told` gives what a token's owner was told before.

    Raises:
        WebexError: they are not listed and never were, or the token is refused.
    """
    tokens = Tokens(settings, clock, deadline.remaining)
    before = told(tokens.owner())
    services = Services.of(settings)
    with (
        Transport(services.all, tokens, deadline, settings.workers, clock) as transport,
        Workers(settings.workers) as workers,
    ):
        client = WebexClient(services, transport, workers)
        listing = list_known(client, settings, before.last)
        known = candidates(listing.polled, listing.listed, settings, before)
        yield Connected(client, listing, lambda: known.own_unasked(tokens.access_token) or known.own_asked(client))
