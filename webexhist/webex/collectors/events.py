"""Messages and memberships counted by the organization's events, for a Compliance Officer's token."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from webexhist.config import Settings
from webexhist.metrics import Metric
from webexhist.webex.api.client import LARGEST_PAGE, Page, WebexClient, identity
from webexhist.webex.api.json_values import JsonObject, text
from webexhist.webex.auth.scopes import COMPLIANCE_OFFICER, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.window_counting import gather_windows
from webexhist.webex.collectors.windows import Counted, Span, Unplaced, span_by

SOURCE = "events"
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
    span = span_by(client, target, SOURCE, LOOK_BACK)
    return gather_windows(client, target, span, SOURCE, lambda part, effort: count_events(client, part, effort.saw))


def count_events(client: WebexClient, span: Span, saw: Callable[[Page], None]) -> Counted:
    """The number of distinct events of each kind in the span. Only ids are kept while counting.

    `saw` is told of every page, before it is counted.
    """
    seen: dict[str, Metric] = {}
    unplaced = Unplaced()
    unreadable: set[str] = set()
    for page in client.pages("/v1/events", **span.query(), max=LARGEST_PAGE):
        saw(page)
        for event in page:
            kind = kind_of(event)
            if kind is None:
                unreadable.add(identity(event))
            elif (metric := METRIC_OF_EVENT.get(kind)) and span.counts(event, unplaced):
                seen[identity(event)] = metric
    return Counted(Counter(seen.values()), unplaced, len(unreadable))


def kind_of(event: JsonObject) -> tuple[str, str] | None:
    """What happened to which kind of thing; None where the event does not say."""
    resource, happened = text(event.get("resource")), text(event.get("type"))
    return None if resource is None or happened is None else (resource, happened)


def are_messages_counted_by_events(settings: Settings) -> bool:
    return settings.messages_source == SOURCE


EVENTS = Collector(
    name="events",
    permission=Permission((COMPLIANCE,), COMPLIANCE_OFFICER, otherwise="messages_source = rooms"),
    collect=collect_events,
    counts=tuple(METRIC_OF_EVENT.values()),
    place=20,
    asks_by_time=True,
    once_a_token=True,
    is_asked=are_messages_counted_by_events,
)
COLLECTORS = (EVENTS,)
