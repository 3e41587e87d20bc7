"""Admin audit events: what administrators did."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.items import Page, identity
from webexhist.webex.api.json_values import items_of, unchanged
from webexhist.webex.api.paging import address, following_page, next_by_offset, require_same_list
from webexhist.webex.auth.scopes import FULL_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.event_lists import EventList
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.window_counting import gather_list
from webexhist.webex.collectors.windows import span_by

SOURCE = "audit"
PATH = "/v1/adminAudit/events"
LOOK_BACK = timedelta(days=364)
"""A request reaches over a year at most."""
AUDIT_PAGE = 200
"""The most that one page of audit events holds."""

AUDIT_READ = Scope("audit:events_read", "the number of admin audit events", "no count of audit events")


def collect_admin_audit_events(client: WebexClient, target: Target) -> Gathered:
    """What administrators did in the window. Sources disagree on whether the list is paged by Link or by offset.

    The pages stay one chain, so that they show how far the list is read.
    """

    def pages(client: WebexClient, between: Mapping[str, str]) -> Iterator[Page]:
        organization = target.organization.webex_id
        return client.pages_by_offset(PATH, "offset", AUDIT_PAGE, None, unchanged, orgId=organization, **between)

    def rest(client: WebexClient, url: str) -> Iterator[Page]:
        asked = address(client.services.api, PATH, {"orgId": target.organization.webex_id})
        require_same_list(url, asked)
        yield from rest_of_pages(client, url)

    span = span_by(client, target, SOURCE, LOOK_BACK)
    events = EventList(pages, lambda _event: Metric.ADMIN_AUDIT_EVENTS, rest)
    return gather_list(client, target, span, SOURCE, events)


def rest_of_pages(client: WebexClient, url: str) -> Iterator[Page]:
    """The pages from that one on, by Link, or by offset as long as they are full."""
    following: str | None = url
    seen: set[str] = set()
    while following:
        body, link = client.fetch(following)
        page = Page(items_of(body, "items", f"GET {PATH}"))
        names = set(map(identity, page))
        if page and seen.issuperset(names):
            return
        seen |= names
        page.following = following_page(link, following) or next_by_offset(following, "offset", len(page))
        yield page
        following = page.following


ADMIN_AUDIT = Collector(
    name="admin audit",
    permission=Permission((AUDIT_READ,), FULL_ADMINISTRATOR),
    collect=collect_admin_audit_events,
    counts=(Metric.ADMIN_AUDIT_EVENTS,),
    place=90,
    asks_by_time=True,
)
COLLECTORS = (ADMIN_AUDIT,)
