"""Pages of lists: their sizes, cursors and Link header, with every defect that was seen in it.

Sources: Webex guide, REST API Basics (form of the Link header; too large a max is reduced); RFC 8288.
"""

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar
from urllib.parse import quote

from webexhist.simulator.faults.switches import Faults, PagingFault
from webexhist.simulator.http.exchange import Json, Page, Refusal, Request
from webexhist.simulator.world.series import Position

T = TypeVar("T")

_POSITION_PARAMETERS = frozenset({"cursor", "after", "start", "offset", "next"})
_DETOUR_PARAMETERS = frozenset({"detour", "tail"})
_WITHOUT_PAGES = frozenset({"organization", "role", "license", "hybrid", "resource group", "user"})
"""Kinds of items whose lists have one page, or pages without a Link header."""


def page_size(request: Request, faults: Faults, *, default: int, limit: int, name: str = "max") -> int:
    """Returns how many items a page has: as the request says, but never more than the limit."""
    if request.query.get(name) == "null":
        raise Refusal(400, f"The parameter '{name}' is not a number.")
    return max(1, min(request.whole_number(name, default), faults.page_limits.get(request.path, limit)))


def take_page(candidates: Iterator[T], size: int) -> tuple[list[T], bool]:
    """Returns the first `size` of the candidates, and whether more follow."""
    taken = list(islice(candidates, size))
    return taken, next(candidates, None) is not None


def index_page(
    kind: str, start: int, total: int, size: int, build: Callable[[int], Json], link: Callable[[int], tuple[str, ...]]
) -> Page:
    """Returns the page that begins with item `start` of `total`; `link` makes the parameters of the next page."""
    end = min(total, start + size)
    return Page(kind, [build(number) for number in range(start, end)], link(end) if end < total else None)


def cursor(*numbers: int) -> str:
    """Returns an opaque text that contains some numbers and is safe in a URL."""
    return base64.urlsafe_b64encode(",".join(map(str, numbers)).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[int, ...]:
    """Returns the numbers in a cursor. If it was not made by `cursor` the request is refused with 400."""
    try:
        return tuple(
            int(part) for part in base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split(",")
        )
    except (binascii.Error, ValueError) as error:
        raise Refusal(400, "The cursor is not valid.") from error


def start_of(request: Request) -> int:
    """Returns the number of the first item of the page; 0 without a cursor."""
    return read_cursor(request.query["cursor"])[0] if request.query.get("cursor") else 0


def position_of(request: Request) -> Position | None:
    """Returns where the page before ended, for lists that grow at their beginning; None for the first page."""
    if not request.query.get("cursor"):
        return None
    numbers = read_cursor(request.query["cursor"])
    if len(numbers) != 3:
        raise Refusal(400, "The cursor is not valid.")
    return numbers[0], numbers[1], numbers[2]


def by_cursor(number: int) -> tuple[str, ...]:
    """Returns the parameter of the page that begins with an item."""
    return (f"cursor={cursor(number)}",)


class Pager:
    """Adds the Link header to pages, and the defects that are switched on."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._last_items: dict[str, Json] = {}
        """The last item that was sent of each list; filled only while lists repeat items."""

    def prepare(self, request: Request, page: Page) -> tuple[Page, dict[str, str]]:
        """Returns a page and its Link header as they are sent."""
        if page.kind in _WITHOUT_PAGES:
            return page, {}
        page = self._with_duplicate(request, self._with_empty_pages(request, page))
        header = self._link_header(request, page)
        name = "link" if PagingFault.LOWER_CASE_HEADER in self._faults.paging else "Link"
        return page, {name: header} if header else {}

    def _with_empty_pages(self, request: Request, page: Page) -> Page:
        defects = self._faults.paging
        here = _position(request.raw_query)
        if PagingFault.MIDDLE_EMPTY_PAGE in defects and here and "detour" not in request.query:
            return Page(page.kind, [], (*here, "detour=1"), page.key, page.around)
        if page.following is not None:
            return page
        if PagingFault.ENDLESS_EMPTY_PAGES in defects:
            tail = request.whole_number("tail", 0)
            return Page(page.kind, [] if tail else page.items, (*here, f"tail={tail + 1}"), page.key, page.around)
        if PagingFault.TRAILING_EMPTY_PAGE in defects and page.items:
            if "tail" in request.query:
                return Page(page.kind, [], None, page.key, page.around)
            return Page(page.kind, page.items, (*here, "tail=1"), page.key, page.around)
        return page

    def _with_duplicate(self, request: Request, page: Page) -> Page:
        if PagingFault.DUPLICATES not in self._faults.paging or not page.items:
            return page
        listed = "&".join([request.path, *_without_position(request.raw_query)])
        last = self._last_items.get(listed)
        self._last_items[listed] = page.items[-1]
        if last is None or not _position(request.raw_query):
            return page
        return Page(page.kind, [last, *page.items], page.following, page.key, page.around)

    def _link_header(self, request: Request, page: Page) -> str:
        links = []
        if page.following is not None and PagingFault.NO_LINK not in self._faults.paging:
            links.append(f'<{self._next_url(request, page.following)}>; rel="next"')
        if PagingFault.FIRST_AND_PREVIOUS in self._faults.paging:
            first = _url(request.base_url, request.path, _without_position(request.raw_query))
            links = [f'<{first}>; rel="first"', f'<{first}>; rel="prev"', *links]
        return ", ".join(links)

    def _next_url(self, request: Request, following: Iterable[str]) -> str:
        defects = self._faults.paging
        pairs = _without_position(request.raw_query)
        if PagingFault.REPEATED_NEXT in defects:
            following = _position(request.raw_query) or following
        if PagingFault.DROPPED_FILTERS in defects:
            pairs = [pair for pair in pairs if _name(pair) == "max"]
        if PagingFault.DROPPED_MAX in defects:
            pairs = [pair for pair in pairs if _name(pair) != "max"]
        if PagingFault.MAX_NULL in defects:
            pairs = [*(pair for pair in pairs if _name(pair) != "max"), "max=null"]
        base_url = self._faults.next_base_url or request.base_url
        if PagingFault.DOUBLE_SCHEME in defects:
            scheme = base_url.partition("://")[0]
            base_url = f"{scheme},{base_url}"
        return _url(base_url, request.path, [*pairs, *following])


def _url(base_url: str, path: str, pairs: Iterable[str]) -> str:
    query = "&".join(pairs)
    return f"{base_url}{quote(path)}?{query}" if query else f"{base_url}{quote(path)}"


def _pairs(raw_query: str) -> list[str]:
    return raw_query.split("&") if raw_query else []


def _position(raw_query: str) -> tuple[str, ...]:
    """Returns the parameters that choose a page; none for the first."""
    return tuple(pair for pair in _pairs(raw_query) if _is_position(pair))


def _without_position(raw_query: str) -> list[str]:
    return [pair for pair in _pairs(raw_query) if not _is_position(pair) and _name(pair) not in _DETOUR_PARAMETERS]


def _is_position(pair: str) -> bool:
    # `before` with a value is a filter of messages; without one it is half of the cursor of people.
    return pair == "before" or _name(pair) in _POSITION_PARAMETERS


def _name(pair: str) -> str:
    return pair.partition("=")[0]
