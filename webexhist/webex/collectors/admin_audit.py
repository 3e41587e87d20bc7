"""Admin audit events: what administrators did."""

from collections import Counter
from datetime import timedelta

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient, identity
from webexhist.webex.auth.scopes import FULL_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.efforts import Effort
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.window_counting import gather_windows
from webexhist.webex.collectors.windows import Counted, Span, Unplaced, span_by

SOURCE = "audit"
LOOK_BACK = timedelta(days=364)
"""A request reaches over a year at most."""
AUDIT_PAGE = 200
"""The most that one page of audit events holds."""

AUDIT_READ = Scope("audit:events_read", "the number of admin audit events", "no count of audit events")


def collect_admin_audit_events(client: WebexClient, target: Target) -> Gathered:
    """What administrators did in the window."""
    span = span_by(client, target, SOURCE, LOOK_BACK)
    organization = target.organization.webex_id
    return gather_windows(
        client, target, span, SOURCE, lambda part, effort: count_audit(client, organization, part, effort)
    )


def count_audit(client: WebexClient, organization: str, span: Span, effort: Effort) -> Counted:
    """The number of distinct audit events. Sources disagree on whether the list is paged by Link or by offset.

    The pages stay one chain, so that a part that does not fit is left as soon as that can be seen.
    """
    pages = client.pages_by_offset(
        "/v1/adminAudit/events", "offset", AUDIT_PAGE, 0, orgId=organization, **span.query()
    )
    unplaced = Unplaced()
    seen: set[str] = set()
    for page in pages:
        effort.saw(page)
        seen.update(identity(event) for event in page if span.counts(event, unplaced))
    return Counted(Counter({Metric.ADMIN_AUDIT_EVENTS: len(seen)}), unplaced)


ADMIN_AUDIT = Collector(
    name="admin audit",
    permission=Permission((AUDIT_READ,), FULL_ADMINISTRATOR),
    collect=collect_admin_audit_events,
    counts=(Metric.ADMIN_AUDIT_EVENTS,),
    place=90,
    asks_by_time=True,
)
COLLECTORS = (ADMIN_AUDIT,)
