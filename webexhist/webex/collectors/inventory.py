"""Gauges that are the length of one list: devices, places, roles, hybrid services."""

from collections.abc import Iterable

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import OFFSET_PAGE, Page, WebexClient, distinct
from webexhist.webex.api.errors import NotFound
from webexhist.webex.api.json_values import items_of
from webexhist.webex.collectors.interface import Collector, Gathered, Target

LARGEST_PAGE = 1000
"""More is cut down to what Webex allows, without a word."""


def length(metric: Metric, pages: Iterable[Page]) -> Gathered:
    """The number of distinct items in all pages."""
    return Gathered((Count(metric, len(distinct(pages))),))


def collect_devices(client: WebexClient, target: Target) -> Gathered:
    pages = client.pages_by_offset("/v1/devices", "start", OFFSET_PAGE, orgId=target.organization.webex_id)
    return length(Metric.DEVICES, pages)


def collect_places(client: WebexClient, target: Target) -> Gathered:
    """Workspaces, as places are called today."""
    pages = client.pages_by_offset("/v1/workspaces", "start", OFFSET_PAGE, orgId=target.organization.webex_id)
    return length(Metric.PLACES, pages)


def collect_roles(client: WebexClient, target: Target) -> Gathered:
    """The administrator roles that can be given, not their holders."""
    return length(Metric.ROLES, client.pages("/v1/roles"))


def collect_hybrid_clusters(client: WebexClient, target: Target) -> Gathered:
    return length(Metric.HYBRID_CLUSTERS, [hybrid_list(client, "/v1/hybrid/clusters", target)])


def collect_hybrid_connectors(client: WebexClient, target: Target) -> Gathered:
    return length(Metric.HYBRID_CONNECTORS, [hybrid_list(client, "/v1/hybrid/connectors", target)])


def hybrid_list(client: WebexClient, path: str, target: Target) -> Page:
    """A hybrid list. An organization without hybrid services answers {}, an empty list or 404: all mean none."""
    try:
        body = client.get(path, orgId=target.organization.webex_id)
    except NotFound:
        return []
    return [] if body in ({}, []) else items_of(body, "items", f"GET {path}")


DEVICES = Collector("devices", collect_devices, counts=(Metric.DEVICES,))
PLACES = Collector("places", collect_places, counts=(Metric.PLACES,))
ROLES = Collector("roles", collect_roles, counts=(Metric.ROLES,))
HYBRID_CLUSTERS = Collector("hybrid clusters", collect_hybrid_clusters, counts=(Metric.HYBRID_CLUSTERS,))
HYBRID_CONNECTORS = Collector("hybrid connectors", collect_hybrid_connectors, counts=(Metric.HYBRID_CONNECTORS,))
