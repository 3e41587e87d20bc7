"""Admin audit events: what administrators did."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import unchanged
from webexhist.webex.auth.scopes import FULL_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.event_lists import EventList
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.window_counting import gather_list
from webexhist.webex.collectors.windows import span_by

SOURCE = "audit"
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
        return client.pages_by_offset(
            "/v1/adminAudit/events", "offset", AUDIT_PAGE, None, unchanged, orgId=organization, **between
        )

    span = span_by(client, target, SOURCE, LOOK_BACK)
    return gather_list(client, target, span, SOURCE, EventList(pages, lambda _event: Metric.ADMIN_AUDIT_EVENTS))


ADMIN_AUDIT = Collector(
    name="admin audit",
    permission=Permission((AUDIT_READ,), FULL_ADMINISTRATOR),
    collect=collect_admin_audit_events,
    counts=(Metric.ADMIN_AUDIT_EVENTS,),
    place=90,
    asks_by_time=True,
)
COLLECTORS = (ADMIN_AUDIT,)
