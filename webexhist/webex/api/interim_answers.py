"""Passes over what a server may send before its answer: that it is at work, or what to load early (RFC 9110, 15.2).

Python's library passes over 100 alone and takes any other one for the answer itself.
"""

from collections.abc import Mapping
from functools import cache
from http.client import HTTPException, HTTPResponse, parse_headers
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

MOST = 100
"""So many before one answer; a server that sends more never answers."""


class FinalAnswer(HTTPResponse):
    """The answer to a request after all that came before it."""

    def _read_status(self) -> tuple[str, int, str]:
        """Raises HTTPException where only interim answers come."""
        for _ in range(MOST):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200:
                return version, status, reason
            parse_headers(self.fp)
        raise HTTPException("only interim answers")


class AwaitedAnswers(HTTPAdapter):
    """Connections of requests that wait for the answer itself, whatever comes first."""

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> HTTPConnectionPool:
        """The pool for a request, its connections made so."""
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
        if pool.ConnectionCls.response_class is not FinalAnswer:
            pool.ConnectionCls = awaiting(pool.ConnectionCls)
        made: HTTPConnectionPool = pool
        return made


@cache
def awaiting(connection: type[HTTPConnection]) -> type[HTTPConnection]:
    """The same kind of connection, but for its answers: plain, encrypted, or by way of a proxy."""
    return type(connection.__name__, (connection,), {"response_class": FinalAnswer})
