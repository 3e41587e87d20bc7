"""Asks Webex for lists, page by page, and for several things side by side."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from webexhist.config import Settings
from webexhist.webex.api.errors import BadAnswer, ListTooLong, OutOfTime, Refused
from webexhist.webex.api.items import Page, identity, require_items_of
from webexhist.webex.api.json_values import JsonObject, count, items_of
from webexhist.webex.api.paging import address, following_page, leads_by, next_address, require_page_after
from webexhist.webex.api.passing_time import PassingTime
from webexhist.webex.api.timings import Call
from webexhist.webex.api.transport import Transport
from webexhist.webex.api.waves import waves
from webexhist.webex.api.workers import Workers

T = TypeVar("T")
R = TypeVar("R")

EMPTY_PAGES = 2
"""Empty pages in a row that are followed: one in mid-chain is legitimate, endless chains of them have been seen."""
STEADY_PAGES = 2
"""Pages after which it is known how long others will take."""
LITTLE_TIME = 0.25
"""The share of the budget that is little to be left, and much for one request."""
SLOW = 10
"""How many times as long as half of all requests one takes that is slow."""
SHARE_OF_REQUESTS = 0.25
"""The share of a poll's requests that is not small for one collector."""
LARGEST_PAGE = 1000
"""Items asked for; more is cut down to what Webex allows, without a word."""
CUT_OFF = 100
"""Items after which lists paged by offset were seen to be cut off without a word, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Services:
    """Where Webex's services live."""

    api: str
    identity: str
    analytics: str

    @classmethod
    def of(cls, settings: Settings) -> "Services":
        return cls(settings.base_url, settings.identity_url, settings.analytics_url)

    @property
    def all(self) -> tuple[str, ...]:
        """Every one of them; nowhere else is the token sent."""
        return self.api, self.identity, self.analytics


class PagePace:
    """Whether the rest of a list can still come in time, by the fastest of its pages so far."""

    def __init__(self, client: "WebexClient") -> None:
        self.client = client
        self.pages = 0
        self.fastest = math.inf
        self.last = client.time.now()

    def require_time(self, request: str, pages: int) -> None:
        """Notes a page, and lets so many more be asked for.

        Raises:
            OutOfTime: not even at its best pace would the list be whole in time.
        """
        now = self.client.time.now()
        self.pages += 1
        self.fastest = min(self.fastest, now - self.last)
        self.last = now
        if self.pages >= STEADY_PAGES and self.fastest * pages >= self.client.seconds_left():
            raise self.client.too_long(f"{request}: {self.pages} pages came, and not all fit")


class WebexClient:
    """What one collector asks with; counts its requests. Safe between threads."""

    def __init__(self, services: Services, transport: Transport, workers: Workers) -> None:
        self.services = services
        self.transport = transport
        self.workers = workers
        self.sent: list[int] = []
        self.calls: list[Call] = []
        """Every request that was sent for this collector."""

    @property
    def requests(self) -> int:
        """How many requests were answered for this collector, repeated ones counted."""
        return sum(self.sent)

    @property
    def time(self) -> PassingTime:
        """The time that the poll's deadline goes by."""
        return self.transport.deadline.time

    def server_now(self) -> datetime | None:
        """Webex's own clock (UTC), which decides what is past."""
        return self.transport.server_clock.now()

    def host_now(self) -> datetime:
        """This host's clock (UTC)."""
        return self.transport.host_now()

    @property
    def was_asked_to_wait(self) -> bool:
        """Whether Webex ever asked this poll to wait."""
        return self.transport.flow.was_asked_to_wait

    @property
    def may_be_in_flight(self) -> int:
        """How many requests may be in flight now."""
        return int(self.transport.flow.limit)

    @property
    def budget(self) -> float:
        """The seconds that the whole poll may take."""
        return self.transport.deadline.budget

    def seconds_left(self) -> float:
        """Seconds left for asking."""
        return self.transport.deadline.left()

    def was_kept_busy(self) -> bool:
        """Whether the poll's time went by with answers, and no small part of them was this collector's."""
        return self.has_used_its_time() and self.requests >= SHARE_OF_REQUESTS * self.transport.measures.number()

    def was_answered_slowly(self) -> bool:
        """Whether one request alone took much of the poll's time, and many times as long as others."""
        now, usual = self.time.now(), self.transport.measures.median()
        slow = max(LITTLE_TIME * self.budget, SLOW * usual)
        return usual > 0 and any(call.seconds(now) >= slow for call in self.calls)

    def has_used_its_time(self) -> bool:
        """Whether little of the poll's time is left: what ends earlier was asked to wait for longer than that."""
        return self.seconds_left() <= LITTLE_TIME * self.budget

    def out_of_time(self, reason: str) -> OutOfTime:
        """The error of what the poll's time did not reach for."""
        return self.transport.deadline.out_of_time(reason)

    def too_long(self, reason: str) -> OutOfTime:
        """The error of a list that does not fit; where Webex asked to wait, it may fit the next time."""
        return self.out_of_time(reason) if self.was_asked_to_wait else ListTooLong(reason)

    def side_by_side(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The function's results for all items."""
        return self.workers.map(function, items)

    def get(self, path: str, **parameters: object) -> Any:
        """The JSON that one request brings."""
        return self.fetch(address(self.services.api, path, parameters))[0]

    def get_analytics(self, path: str, **parameters: object) -> Any:
        """The JSON that one request to the analytics service brings."""
        return self.fetch(address(self.services.analytics, path, parameters))[0]

    def fetch(self, url: str, share: float = 1.0) -> tuple[Any, str]:
        """Asks for a whole address; returns the JSON of the answer and its Link header ("" for none).

        A request that takes that `share` of the time left is given up.

        Raises as `require_items_of` does.
        """
        answer = self.transport.get(url, self.calls.append, share)
        self.sent.append(answer.sent)
        require_items_of(url, answer.body)
        return answer.body, answer.link

    def pages(self, path: str, key: str = "items", **parameters: object) -> Iterator[Page]:
        """Every page of a list that is chained by Link headers."""
        return self.chain(address(self.services.api, path, parameters), path, key)

    def pages_of(self, path: str, expected: Callable[[], int | None], **parameters: object) -> Iterator[Page]:
        """The same of a list that is expected to hold so many items, as soon as that is known."""
        return self.chain(address(self.services.api, path, parameters), path, "items", expected)

    def chain(
        self, first: str, path: str, key: str, expected: Callable[[], int | None] = lambda: None
    ) -> Iterator[Page]:
        """The pages from link to link.

        Raises:
            BadAnswer: these lead back, so that nobody knows what else there is; not from an empty page, which ends a
                list.
        """
        url: str | None = first
        seen: set[str] = set()
        empty = listed = 0
        pace = PagePace(self)
        while url is not None and empty <= EMPTY_PAGES:
            if url in seen and empty:
                return
            if url in seen:
                raise BadAnswer(f"GET {path} leads back to a page that was read already")
            seen.add(url)
            body, link = self.fetch(url)
            page = Page(items_of(body, key, f"GET {path}"))
            page.following = following = next_address(link, url)
            empty = 0 if page else empty + 1
            yield page
            require_page_after(url, following)
            url = following
            listed += len(page)
            if url is not None:
                whole = expected()
                missing = 1 if whole is None or not page else max(1, (whole - listed) // len(page))
                pace.require_time(f"GET {path}", missing)

    def pages_by_offset(
        self,
        path: str,
        offset: str,
        size: int,
        expected: int | None,
        kept: Callable[[JsonObject], JsonObject],
        **parameters: object,
    ) -> Iterator[Page]:
        """Every page of a list that is paged by offset or by Link: sources disagree, and both were seen.

        Where the first page shows that offsets lead on, those of the `expected` items are asked for side by side, and
        what may follow in ever more pages at once; one by one where None is expected. The first page that is not full
        ends that: where it leads on, the list goes on from there by its links. How many items a page may hold is not
        documented everywhere: where so many are refused fewer are asked for, and all pages are as long as the first.

        Of each item there is only what is `kept` of it, so that many pages at once need little memory.
        """

        def ask(begin: int, size: int) -> tuple[Page, str | None]:
            url = self.address_of(path, parameters, size, **({offset: begin} if begin else {}))
            body, link = self.fetch(url)
            page = Page(kept(item) for item in items_of(body, "items", f"GET {path}"))
            following = following_page(link, url)
            is_full = len(page) >= (size if begin else min(size, CUT_OFF)) > 0
            by_offset = self.address_of(path, parameters, len(page), **{offset: begin + len(page)})
            page.following = following or (by_offset if is_full else None)
            return page, following

        try:
            page, following = ask(0, size)
        except Refused:
            if size <= CUT_OFF:
                raise
            page, following = ask(0, CUT_OFF)
        yield page
        step = len(page)
        if following is not None and not leads_by(following, offset, step):
            yield from self.chain(following, path, "items")
            return
        seen = set(map(identity, page))
        has_links = following is not None  # then a page without one is the last
        is_on = step > 0 and (has_links or step >= min(size, CUT_OFF))
        if is_on and expected:
            self.require_time_for(expected // step - 1, f"GET {path}")
        pace = PagePace(self)
        offsets = waves(step, expected, self.may_try_ahead) if is_on else iter(())
        for wave in offsets:
            for answer in self.side_by_side(lambda begin: ask(begin, step), wave):
                page, following = answer
                page.following = following if has_links else page.following
                yield page
                is_on = len(page) >= step and not seen.issuperset(map(identity, page))
                seen.update(map(identity, page))
                if not is_on:
                    break
            if not is_on or (has_links and following is None):
                break
            pace.require_time(f"GET {path}", 1)
        if following is not None:
            yield from self.chain(following, path, "items")

    def address_of(self, path: str, parameters: Mapping[str, object], size: int, **begin: int) -> str:
        """The address of a page of so many items."""
        return address(self.services.api, path, {**parameters, "max": size, **begin})

    def may_try_ahead(self) -> bool:
        """Whether pages may be asked for that may not be there: not where Webex asked to wait."""
        return not self.was_asked_to_wait

    def require_time_for(self, requests: int, what: str) -> None:
        """Lets so many requests begin only if they can be answered in time, as many at once as there ever may be.

        Raises:
            OutOfTime: they cannot.
        """
        seconds = self.transport.measures.fastest() * requests / self.transport.flow.most_in_flight
        if seconds > self.seconds_left():
            raise self.too_long(f"{what} would take {requests} requests")

    def identity_results(self, path: str, share: float, **parameters: object) -> int:
        """How many results a list of the identity service announces (totalResults: RFC 7644, 3.4.2).

        It is given up where it takes that `share` of the time left.
        """
        body, _ = self.fetch(address(self.services.identity, path, parameters), share)
        total = count(body.get("totalResults")) if isinstance(body, dict) else None
        if total is None:
            raise BadAnswer(f"GET {path} answered no totalResults")
        return total
