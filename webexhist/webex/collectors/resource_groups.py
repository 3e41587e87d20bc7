"""Memberships in hybrid services' resource groups, by their state."""

from collections import Counter

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient, distinct
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.json_values import JsonObject, text
from webexhist.webex.auth.scopes import ANY_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target

RESOURCE_GROUP_MEMBERSHIPS_READ = Scope(
    "spark-admin:resource_group_memberships_read",
    "resource group memberships: active, pending, in error",
    "no counts of resource group memberships",
)
METRIC_OF_STATUS = {
    "activated": Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED,
    "pending": Metric.RESOURCE_GROUP_MEMBERSHIPS_PENDING,
    "error": Metric.RESOURCE_GROUP_MEMBERSHIPS_ERROR,
}


def collect_resource_group_memberships(client: WebexClient, target: Target) -> Gathered:
    """One sweep, where asking by status would take three. This API calls the organization personOrgId."""
    organization = target.organization.webex_id
    pages = client.pages("/v1/resourceGroup/memberships", personOrgId=organization, max=LARGEST_PAGE)
    by_status = Counter(distinct(pages, status_of).values())
    return Gathered(tuple(Count(metric, by_status[status]) for status, metric in METRIC_OF_STATUS.items()))


def status_of(membership: JsonObject) -> str:
    """The state of a membership; one that is not documented is counted nowhere.

    Raises:
        BadAnswer: it has none.
    """
    status = text(membership.get("status"))
    if status is None:
        raise BadAnswer("GET /v1/resourceGroup/memberships listed a membership without a status")
    return status


RESOURCE_GROUP_MEMBERSHIPS = Collector(
    name="resource group memberships",
    permission=Permission((RESOURCE_GROUP_MEMBERSHIPS_READ,), ANY_ADMINISTRATOR),
    collect=collect_resource_group_memberships,
    counts=tuple(METRIC_OF_STATUS.values()),
    place=100,
)
COLLECTORS = (RESOURCE_GROUP_MEMBERSHIPS,)
