"""The connections to Webex's services, and what the HTTP libraries say of those that break.

They are the pools of `requests`, with its proxies and certificates. A session of it would prepare each request once
more, keep cookies, look for the pool again and wrap each answer: that is a third of what a request costs a poll.
"""

import logging
from dataclasses import dataclass

import requests
from urllib3 import BaseHTTPResponse, HTTPConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import Timeout

from webexhist import __version__
from webexhist.shortages import chain_of_causes, in_words, shortage_behind
from webexhist.webex.api.errors import Unreachable
from webexhist.webex.api.interim_answers import AwaitedAnswers
from webexhist.webex.api.origins import SentRequest
from webexhist.webex.api.surroundings import adopt_surroundings, proxy_variable

logging.getLogger("urllib3.connection").setLevel(logging.ERROR)  # its warnings repeat headers that are none
NOT_REACHED = (OSError, HTTPError, ValueError, OverflowError)
"""What the libraries raise where there is no answer, or one that is no HTTP: not only their own errors.

A piece of a body that is less than nothing long is read as a number, and only then refused.
"""


@dataclass(frozen=True, slots=True)
class Pool:
    """The connections to one service, or to the proxy on the way there."""

    pool: HTTPConnectionPool
    takes_urls: bool
    """Whether it is asked for whole addresses: by a proxy that reads along."""


class Connections(AwaitedAnswers):
    """The connections of a poll, so many at once to each service; safe between threads.

    They lead to the services alone: of what is sent only path and query come from outside.
    """

    def __init__(self, services: tuple[str, ...], count: int) -> None:
        """Raises ConfigError where the environment does not let them be made."""
        super().__init__(len(services), pool_maxsize=count)
        session = requests.Session()
        adopt_surroundings(session, services)
        self.proxies = session.proxies
        self.verify = True if session.verify is None else session.verify
        self.headers = {**session.headers, "User-Agent": f"webexhist/{__version__}", "Accept": "application/json"}
        self.headers_of: dict[str, dict[str, str]] = {}
        """By token."""
        self.pools: dict[str, Pool] = {}
        """By origin."""

    def answer(self, sent: SentRequest, token: str, timeouts: tuple[float, float]) -> BaseHTTPResponse:
        """The answer, its body not read yet, wherever it would lead on to.

        `timeouts` are the seconds in which there must be a connection, and then each piece of the answer.
        """
        to = self.pools.get(sent.origin) or self.new_pool(sent.origin)
        connect, read = timeouts
        return to.pool.urlopen(
            "GET",
            sent.url if to.takes_urls else sent.target,
            headers=self.headers_of.get(token) or self.new_headers(token),
            redirect=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=False,
            retries=self.max_retries,
            timeout=Timeout(connect=connect, read=read),
        )

    def new_pool(self, origin: str) -> Pool:
        """Makes the connections to one origin, by way of the proxy where there is one."""
        root = requests.Request("GET", f"{origin}/").prepare()
        pool = self.get_connection_with_tls_context(root, self.verify, self.proxies)
        self.cert_verify(pool, origin, self.verify, None)  # type: ignore[no-untyped-call]
        self.pools[origin] = Pool(pool, self.request_url(root, self.proxies) != root.path_url)
        return self.pools[origin]

    def new_headers(self, token: str) -> dict[str, str]:
        """The headers with that token; the library raises an error of its own where it cannot stand in one."""
        prepared = requests.PreparedRequest()
        prepared.prepare_headers({**self.headers, "Authorization": f"Bearer {token}"})
        self.headers_of[token] = dict(prepared.headers)
        return self.headers_of[token]


def unreachable(request: str, error: Exception, url: str) -> Unreachable:
    """The error of a request to that address to which there was no answer."""
    way = "base_url, network and proxy"
    if has_cause(error, ProxyError):
        way = f"{proxy_variable(url)} and the network"
    return Unreachable(f"{request}: {failure_in_words(error)}", f"check {way}")


def failure_in_words(error: Exception) -> str:
    """Why there was no answer, without the address, which can hold more than a path."""
    if shortage := shortage_behind(error):
        return f"there can be no connection ({in_words(shortage)})"
    if has_cause(error, ProxyError):
        return "the proxy did not let the request through"
    if has_cause(error, SSLError):
        return "the certificate or the encryption was refused"
    if has_cause(error, NameResolutionError):
        return "the host's name is not known"
    if has_cause(error, ConnectionRefusedError):
        return "the connection was refused"
    if is_timeout(error):
        return "no answer in time"
    return "the connection broke"


def is_timeout(error: Exception) -> bool:
    """Whether nothing came in the time that was given."""
    return has_cause(error, ReadTimeoutError, ConnectTimeoutError) and not has_cause(error, NewConnectionError)


def has_cause(error: BaseException, *kinds: type[BaseException]) -> bool:
    """Whether the error is one of these, or rests on one."""
    return any(isinstance(cause, kinds) for cause in chain_of_causes(error))
