"""One request to Webex, with everything that can happen to it."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from webexhist.webex.api.bodies import CHUNK, content_within, parsed_json
from webexhist.webex.api.connections import NOT_REACHED, Connections, is_timeout, unreachable
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import (
    LATER,
    Busy,
    Disturbed,
    GivenUp,
    TooSlow,
    Unauthorized,
    Unreachable,
    error_for_status,
)
from webexhist.webex.api.flow import MOST_GROWTH, Flow, nobody
from webexhist.webex.api.origins import SentRequest, origin, sent_request
from webexhist.webex.api.paging import halved_page, organization_of
from webexhist.webex.api.retry import ATTEMPTS, asked_wait, backoff
from webexhist.webex.api.server_clock import ServerClock
from webexhist.webex.api.timings import Call, Measures, endpoint_of

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; a page of a thousand messages of the greatest length is an eighth of it."""

PIECE = 64
"""Bytes of a body after which it is looked whether a request that has only a part of the time took too long."""


class TokenSource(Protocol):
    """Where the transport gets its token, and a newer one when that is refused."""

    @property
    def warnings(self) -> Sequence[str]:
        """What went wrong with tokens and did not end the poll, a line each."""

    def access_token(self) -> str:
        """The token to send. Raises Unauthorized where there is none."""

    def renewed(self, rejected: str) -> str:
        """A token that takes the place of one that Webex rejected. Raises Unauthorized where there is none."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a successful request brought."""

    body: Any
    link: str
    """The Link header; empty where there is none."""
    sent: int
    """How many times the request had to be sent."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one request brought, whatever it was."""

    status: int
    content: bytes
    content_type: str
    link: str
    """The Link header; empty where there is none."""
    retry_after: str | None


def took_too_long(request: str) -> GivenUp:
    """The error of a request that had only a part of the time."""
    return GivenUp(f"{request}: the answer took too long", LATER)


def system_clock() -> datetime:
    """The clock of this host in UTC."""
    return datetime.now(UTC)


class Transport:
    """The session, the token, the flow and the deadline that all requests of a poll share; safe between threads."""

    def __init__(
        self,
        services: tuple[str, ...],
        tokens: TokenSource,
        deadline: Deadline,
        connections: int,
        host_now: Callable[[], datetime] = system_clock,
    ) -> None:
        self.origins = frozenset(origin(service) for service in services)
        self.tokens = tokens
        self.deadline = deadline
        self.flow = Flow(deadline, connections)
        self.measures = Measures(deadline.time)
        self.host_now = host_now
        """The clock of this host (UTC)."""
        self.first_answer: Future[None] = Future()
        """Done when anything was answered, or nothing will be any more."""
        self.first_times: tuple[datetime | None, datetime] | None = None
        """The server's clock, where it is reported, and this host's when the first answer came (UTC)."""
        self.server_clock = ServerClock(deadline.time, host_now)
        self.connections = Connections(services, connections * MOST_GROWTH)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connections.close()
        self.measures.log()
        self.note_answer()

    @property
    def is_answered(self) -> bool:
        """Whether Webex answered anything in this poll."""
        return self.first_times is not None

    def get(self, url: str, note: Callable[[Call], None] = nobody, share: float = 1.0) -> Answer:
        """Asks until there is an answer: waits where Webex says so, retries disturbances, renews the token once.

        `note` is called with every request that is sent. One that takes that `share` of the time left is given up.

        Raises:
            WebexError: one of its subclasses, when no answer could be had within the deadline.
        """
        sent = sent_request(url, self.origins)
        token = self.tokens.access_token()
        renewed = False
        times = disturbances = 0
        patience = math.inf if share == 1.0 else share * self.deadline.left()
        while True:
            times += 1
            try:
                body, link = self.send(sent, token, note, patience)
                return Answer(body, link, times)
            except Unauthorized:
                if renewed:
                    raise
                token, renewed = self.tokens.renewed(token), True
            except (Busy, Disturbed, Unreachable) as error:
                smaller = halved_page(sent.url) if isinstance(error, TooSlow) else None
                if smaller:
                    sent = sent_request(smaller, self.origins)
                if smaller or isinstance(error, Busy):  # the flow waits
                    continue
                disturbances += 1
                if disturbances == ATTEMPTS or isinstance(error, GivenUp):
                    raise
                self.deadline.sleep(backoff(disturbances), f"{error.problem}, and no time was left to ask again")

    def send(self, sent: SentRequest, token: str, note: Callable[[Call], None], patience: float) -> tuple[Any, str]:
        """One request, its body read whole: the JSON and the Link header."""
        endpoint, organization = endpoint_of(sent.path), organization_of(sent.target)
        if self.flow.is_closed:
            self.note_answer()
        with self.flow.request(endpoint, organization), self.measures.call(endpoint) as call:
            note(call)
            try:
                found = self.exchange(sent, token, f"GET {sent.path}", call, patience)
            except Busy as error:
                self.note_wait(endpoint, organization, error, call.began)
                raise
            self.flow.answered(endpoint, self.deadline.time.now() - call.began, organization)
            return found

    def exchange(self, sent: SentRequest, token: str, request: str, call: Call, patience: float) -> tuple[Any, str]:
        """One request: the JSON of its answer and the Link header. Raises the error of a status that is not 200."""
        found = self.exchange_once(sent, token, request, call, patience)
        if found.status != 200:
            raise error_for_status(found.status, request, found.retry_after)
        return parsed_json(found.content, request), found.link

    def exchange_once(
        self, sent: SentRequest, token: str, request: str, call: Call, patience: float = math.inf
    ) -> Exchanged:
        """Sends one request, once, and reads its body whole; that may take `patience` seconds.

        Raises:
            GivenUp: it took longer.
            WebexError: there was no answer, or one larger than any true one.
        """

        def remaining() -> float:
            seconds = min(self.deadline.remaining(), patience - call.seconds(self.deadline.time.now()))
            if seconds <= 0:
                raise took_too_long(request)
            return seconds

        left = remaining()
        timeouts = (min(CONNECT_SECONDS, left), min(READ_SECONDS, left))
        try:
            response = self.connections.answer(sent, token, timeouts)
            with closing(response):
                call.tracking_id = response.headers.get("TrackingID")
                chunks = response.stream(CHUNK if patience == math.inf else PIECE, decode_content=True)
                content = content_within(chunks, LARGEST_BODY, request, remaining)
        except NOT_REACHED as error:
            if patience < math.inf and is_timeout(error):
                raise took_too_long(request) from error
            raise unreachable(request, error, sent.url) from error
        server_time = self.server_clock.note(response.headers.get("Date"))
        self.first_times = self.first_times or (server_time, self.host_now())
        self.note_answer()
        return Exchanged(
            response.status,
            content,
            response.headers.get("Content-Type", ""),
            response.headers.get("Link", ""),
            response.headers.get("Retry-After"),
        )

    def note_wait(self, endpoint: str, organization: str, error: Busy, began: float) -> None:
        """Lets the endpoint wait as long as Webex asks for; raises OutOfTime where that reaches the deadline."""
        seconds = asked_wait(error.retry_after, self.server_clock.now() or self.host_now())
        if seconds < self.deadline.remaining():
            self.flow.asked_to_wait(endpoint, seconds, began, organization)
            return
        self.flow.asked_to_end(endpoint, seconds, began, organization)
        raise self.deadline.out_of_time(f"{error.problem} and asks to wait {seconds:.0f} s") from error

    def note_answer(self) -> None:
        """Lets go on what waits for the first answer of a poll."""
        with suppress(InvalidStateError):  # it was not the first
            self.first_answer.set_result(None)
