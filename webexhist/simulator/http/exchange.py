"""A request and its answer."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webexhist.simulator.world.times import to_ms

Json = dict[str, Any]
"""A JSON object; its values are what the API returns."""

REFUSED = "The access token is missing required scopes or the user is missing required roles or licenses."
NOT_FOUND = "The requested resource could not be found."
UNAUTHENTICATED = "The request requires a valid access token set in the Authorization request header."


class Refusal(Exception):
    """An answer with another status than 200. It is raised where it is decided and sent by the service."""

    def __init__(self, status: int, message: str, *, retry_after: str | None = None, scim_type: str = "") -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.retry_after = retry_after
        self.scim_type = scim_type
        """The kind of error in the words of the identity service; empty if it has none."""


@dataclass(frozen=True)
class Request:
    """A request, and when it came."""

    method: str
    path: str
    raw_query: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    authorization: str
    base_url: str
    """The scheme and host that the client used, without a slash at the end."""
    moment: datetime
    """When the request came, on the clock of the service."""

    @property
    def now_ms(self) -> int:
        """When the request came, in epoch milliseconds."""
        return to_ms(self.moment)

    def required(self, name: str) -> str:
        """Returns a parameter of the query. Without it the request is refused with 400."""
        value = self.query.get(name, "")
        if not value:
            raise Refusal(400, f"The required parameter '{name}' is missing.")
        return value

    def whole_number(self, name: str, default: int) -> int:
        """Returns a parameter that is a number from 0 on. Anything else is refused with 400."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isascii() or not text.isdigit():
            raise Refusal(400, f"The parameter '{name}' is not a number.")
        return int(text)

    def flag(self, name: str) -> bool:
        """Returns a parameter that is true or false; false if it is missing."""
        return self.query.get(name, "") == "true"


@dataclass(frozen=True)
class Page:
    """A list, or a page of it."""

    kind: str
    """The kind of the items: `person`, `license`, `event` …"""
    items: list[Json]
    following: tuple[str, ...] | None = None
    """The parameters of the next page, ready for a URL; None on the last page."""
    key: str = "items"
    around: Json = field(default_factory=dict)
    """What the body contains beside the list."""


@dataclass(frozen=True)
class Answer:
    """What is sent to the client."""

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json;charset=UTF-8"


@dataclass(frozen=True)
class Standing:
    """A page that stays as it is for long, so that it is made once and then sent again."""

    version: Hashable
    """What it depends on beside the request's path and query."""
    page: Callable[[], Page]
    """Makes it."""


Reply = Page | Standing | Json | Answer
"""What an endpoint returns: a list, one object, or a whole answer."""
