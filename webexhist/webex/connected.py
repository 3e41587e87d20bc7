"""A client for a person's command: Webex is asked by the stored tokens, until a deadline."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from webexhist.config import Settings
from webexhist.snapshot import Organization
from webexhist.webex.api.client import Services, WebexClient
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.workers import Workers
from webexhist.webex.auth.tokens import Tokens
from webexhist.webex.listing import Listing, list_known


@contextmanager
def connected(
    settings: Settings, clock: Callable[[], datetime], deadline: Deadline, listed: tuple[Organization, ...]
) -> Iterator[tuple[WebexClient, Listing]]:
    """The client, and the organizations that the token lists, or `listed` the last time it could.

    Raises:
        WebexError: they are not listed and never were, or the token is refused.
    """
    tokens = Tokens(settings, clock, deadline.remaining)
    services = Services.of(settings)
    with (
        Transport(services.all, tokens, deadline, settings.workers, clock) as transport,
        Workers(settings.workers) as workers,
    ):
        client = WebexClient(services, transport, workers)
        yield client, list_known(client, settings, tokens, listed)
