"""A request to an endpoint, after its token was found good."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.simulator.auth.access import Token
from webexhist.simulator.http.exchange import Request


@dataclass(frozen=True)
class Call:
    """A request with its token and the variable parts of its path."""

    request: Request
    token: Token
    groups: Sequence[str]
    """The variable parts of the path."""
