"""A request to an endpoint, after its token was found good."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.simulator.auth.access import Token
from webexhist.simulator.http.exchange import Request


@dataclass(frozen=True)
class Call:
    """An authenticated request, with what the path said."""

    request: Request
    token: Token
    groups: Sequence[str]
    """What the variable parts of the path held."""
