"""Admin audit events: what administrators did."""

from datetime import timedelta

from webexhist.snapshot import Metric
from webexhist.webex.client import WebexClient, identity
from webexhist.webex.collector import Collector, Gathered, Target, counter
from webexhist.webex.values import created_at
from webexhist.webex.windows import Span, next_span

SOURCE = "audit"
LOOK_BACK = timedelta(days=364)
"""One request reaches over a year at most."""
AUDIT_PAGE = 200
"""The most that one page of audit events holds."""


def collect_admin_audit_events(client: WebexClient, target: Target) -> Gathered:
    span = next_span(client, target, SOURCE, LOOK_BACK)
    seen = audit_event_ids(client, target.organization.webex_id, span)
    return Gathered((counter(Metric.ADMIN_AUDIT_EVENTS, len(seen)),), windows=(span.window,), gap=span.gap)


def audit_event_ids(client: WebexClient, organization: str, span: Span) -> set[str]:
    """The ids of the span's events. Sources disagree on whether this list is paged by Link or by offset."""
    pages = client.pages_by_offset("/v1/adminAudit/events", "offset", AUDIT_PAGE, orgId=organization, **span.query())
    return {
        identity(event)
        for page in pages
        for event in page
        if span.holds(created_at(event, "GET /v1/adminAudit/events"))
    }


ADMIN_AUDIT = Collector("admin audit", collect_admin_audit_events, counters=(Metric.ADMIN_AUDIT_EVENTS,))
