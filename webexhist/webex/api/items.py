"""What distinguishes the items of a list from one another, whose they are, and how many there are."""

import hashlib
from collections.abc import Callable, Iterable
from typing import TypeVar
from urllib.parse import urlsplit

from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import JsonObject, identifier
from webexhist.webex.api.paging import organization_of
from webexhist.webex_ids import UUID, uuid_of

T = TypeVar("T")


class Page(list[JsonObject]):
    """The items of one page of a list."""

    following: str | None = None
    """The address of the next page; None where none is known to follow."""

    def place(self) -> str | None:
        """By what another poll can go on behind it, as long as this one does not."""
        return self.following


def leading_to(link: str) -> Page:
    """A page whose next one is there."""
    page = Page()
    page.following = link
    return page


def identity(item: JsonObject) -> str:
    """What distinguishes an item from others: its id, or all of it where it has none.

    Raises:
        BadAnswer: it has none, and is nested too deeply to be read.
    """
    try:
        return identifier(item.get("id")) or repr(sorted(item.items(), key=repr))
    except RecursionError as error:
        raise BadAnswer("Webex listed an item without an id, nested too deeply to be compared") from error


def distinct(pages: Iterable[Page], kept: Callable[[JsonObject], T]) -> dict[str, T]:
    """What is kept of the items, by identity: rows repeat when data shifts between two pages.

    A list of people may be longer than memory could hold; of most items nothing is needed.
    """
    return {identity(item): kept(item) for page in pages for item in page}


def require_items_of(asked: str, body: object) -> None:
    """Lets the items of a list be those of the organization that it was asked for, as far as they say whose they are.

    Asked without an organization Webex answers of the token's own in silence (webex-api.md, 9), and so it would be
    counted where something on the way loses that parameter.

    Raises:
        BadAnswer: an item names another organization: the rest alone could be less than the whole.
    """
    wanted, items = organization_of(asked), body.get("items") if isinstance(body, dict) else None
    if not UUID.fullmatch(wanted) or not isinstance(items, list):
        return
    named = {item["orgId"] for item in items if isinstance(item, dict) and isinstance(item.get("orgId"), str)}
    found = {uuid for uuid in map(uuid_of, named) if UUID.fullmatch(uuid)}
    if found - {wanted}:
        raise BadAnswer(f"GET {urlsplit(asked).path} lists what belongs to another organization")


def number_of(pages: Iterable[Page]) -> int:
    """How many distinct items there are."""
    return len({identity(item) for page in pages for item in page})


def fingerprint(item: JsonObject) -> str:
    """Stands for an item's identity where that is kept: nothing of the item can be read from it."""
    return hashed(identity(item))[:32]


def brief(name: str) -> str:
    """By what an item of that identity is known again among a few thousand."""
    return hashed(name)[:16]


def hashed(name: str) -> str:
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()
