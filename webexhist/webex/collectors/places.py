"""Places: workspaces, as Webex calls them today."""

from collections.abc import Iterator

from webexhist.metrics import Metric
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import identified
from webexhist.webex.auth.scopes import ANY_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import length

WORKSPACES_READ = Scope("spark-admin:workspaces_read", "the number of places", "no count of places")


def collect_places(client: WebexClient, target: Target) -> Gathered:
    """The number of workspaces."""
    expected = target.expected(Metric.PLACES) or 0

    def pages() -> Iterator[Page]:
        organization = target.organization.webex_id
        return client.pages_by_offset(
            "/v1/workspaces", "start", LARGEST_PAGE, expected, identified, orgId=organization
        )

    return length(client, target, Metric.PLACES, pages)


PLACES = Collector(
    name="places",
    permission=Permission((WORKSPACES_READ,), ANY_ADMINISTRATOR),
    collect=collect_places,
    counts=(Metric.PLACES,),
    place=80,
)
COLLECTORS = (PLACES,)
