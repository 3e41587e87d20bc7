"""Memberships in hybrid services' resource groups, by their state."""

from collections import Counter

from webexhist.snapshot import Metric
from webexhist.webex.client import WebexClient, distinct
from webexhist.webex.collector import Collector, Gathered, Target, gauge
from webexhist.webex.inventory import LARGEST_PAGE
from webexhist.webex.values import text

METRIC_OF_STATUS = {
    "activated": Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED,
    "pending": Metric.RESOURCE_GROUP_MEMBERSHIPS_PENDING,
    "error": Metric.RESOURCE_GROUP_MEMBERSHIPS_ERROR,
}


def collect_resource_group_memberships(client: WebexClient, target: Target) -> Gathered:
    """One sweep, where asking by status would take three. This API calls the organization personOrgId."""
    organization = target.organization.webex_id
    pages = client.pages("/v1/resourceGroup/memberships", personOrgId=organization, max=LARGEST_PAGE)
    by_status = Counter(text(membership.get("status")) for membership in distinct(pages).values())
    return Gathered(tuple(gauge(metric, by_status[status]) for status, metric in METRIC_OF_STATUS.items()))


RESOURCE_GROUP_MEMBERSHIPS = Collector(
    "resource group memberships", collect_resource_group_memberships, gauges=tuple(METRIC_OF_STATUS.values())
)
