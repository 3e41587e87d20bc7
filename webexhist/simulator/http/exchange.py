"""One request and its answer, as the endpoints see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webexhist.simulator.world.times import to_ms

Json = dict[str, Any]
"""A JSON object; its values are whatever the API says."""

REFUSED = "The access token is missing required scopes or the user is missing required roles or licenses."
NOT_FOUND = "The requested resource could not be found."
UNAUTHENTICATED = "The request requires a valid access token set in the Authorization request header."


class Refusal(Exception):
    """An answer other than 200, on its way from where it is decided to where it is sent."""

    def __init__(self, status: int, message: str, *, retry_after: str | None = None, scim_type: str = "") -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.retry_after = retry_after
        self.scim_type = scim_type
        """What kind of error it is to the identity service, where that has a word for it."""


@dataclass(frozen=True)
class Request:
    """What was asked, by whom and when."""

    method: str
    path: str
    raw_query: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    authorization: str
    base_url: str
    """The scheme and host the client used, without a trailing slash."""
    moment: datetime
    """The service's present."""

    @property
    def now_ms(self) -> int:
        """The service's present in epoch milliseconds."""
        return to_ms(self.moment)

    def required(self, name: str) -> str:
        """A parameter of the query; without it the request is refused with 400."""
        value = self.query.get(name, "")
        if not value:
            raise Refusal(400, f"The required parameter '{name}' is missing.")
        return value

    def whole_number(self, name: str, default: int) -> int:
        """A parameter that is a number from 0 on; anything else is refused with 400."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isascii() or not text.isdigit():
            raise Refusal(400, f"The parameter '{name}' is not a number.")
        return int(text)

    def flag(self, name: str) -> bool:
        """A parameter that is true or false, false where it is missing."""
        return self.query.get(name, "") == "true"


@dataclass(frozen=True)
class Page:
    """A list, or a page of one."""

    kind: str
    """What the items are: `person`, `license`, `event` …"""
    items: list[Json]
    following: tuple[str, ...] | None = None
    """The parameters, ready for a URL, that lead to the next page; None on the last."""
    key: str = "items"
    around: Json = field(default_factory=dict)
    """What the body holds beside the list."""


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    content: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json;charset=UTF-8"


Reply = Page | Json | Answer
"""What an endpoint gives back: a list, one object, or a whole answer."""
