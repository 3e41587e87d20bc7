"""Messages and memberships counted by the organization's events, for a Compliance Officer's token."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from webexhist.config import Settings
from webexhist.metrics import Metric
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import JsonObject, text
from webexhist.webex.api.paging import address, require_same_list
from webexhist.webex.auth.scopes import COMPLIANCE_OFFICER, Permission, Scope
from webexhist.webex.collectors.event_lists import EventList, UnreadableEventError
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.window_counting import gather_list
from webexhist.webex.collectors.windows import span_by

SOURCE = "events"
PATH = "/v1/events"
LOOK_BACK = timedelta(days=89)
"""Webex refuses events older than about 90 days (89 were seen to work, 96 not)."""
COMPLIANCE = Scope(
    "spark-compliance:events_read",
    "messages and memberships of the whole organization: created, updated, deleted; takes a Compliance Officer",
    "messages are counted only in the rooms that you are in, memberships not at all",
    option="--compliance",
)
METRIC_OF_EVENT = {
    ("messages", "created"): Metric.MESSAGES_CREATED,
    ("messages", "updated"): Metric.MESSAGES_UPDATED,
    ("messages", "deleted"): Metric.MESSAGES_DELETED,
    ("memberships", "created"): Metric.MEMBERSHIPS_CREATED,
    ("memberships", "updated"): Metric.MEMBERSHIPS_UPDATED,
    ("memberships", "deleted"): Metric.MEMBERSHIPS_DELETED,
}


def collect_events(client: WebexClient, target: Target) -> Gathered:
    """What happened in the window, by one chain of pages for all kinds of events."""
    return gather_list(client, target, span_by(client, target, SOURCE, LOOK_BACK), SOURCE, EVENT_LIST)


def event_pages(client: WebexClient, between: Mapping[str, str]) -> Iterator[Page]:
    return client.pages(PATH, **between, max=LARGEST_PAGE)


def rest_of_pages(client: WebexClient, url: str) -> Iterator[Page]:
    """The pages from that one on.

    Raises:
        Refused: it is a page of another list.
    """
    require_same_list(url, address(client.services.api, PATH, {}))
    yield from client.chain(url, PATH, "items")


def metric_of_event(event: JsonObject) -> Metric | None:
    """What an event counts for; None: nothing.

    Raises:
        UnreadableEventError: it does not say what happened to which kind of thing.
    """
    resource, happened = text(event.get("resource")), text(event.get("type"))
    if resource is None or happened is None:
        raise UnreadableEventError
    return METRIC_OF_EVENT.get((resource, happened))


EVENT_LIST = EventList(event_pages, metric_of_event, rest_of_pages)


def are_messages_counted_by_events(settings: Settings) -> bool:
    """Whether the settings have messages counted by events alone."""
    return settings.messages_source == SOURCE


EVENTS = Collector(
    name="events",
    permission=Permission((COMPLIANCE,), COMPLIANCE_OFFICER, otherwise="messages_source = rooms"),
    collect=collect_events,
    counts=tuple(METRIC_OF_EVENT.values()),
    place=20,
    asks_by_time=True,
    is_asked=are_messages_counted_by_events,
)
COLLECTORS = (EVENTS,)
