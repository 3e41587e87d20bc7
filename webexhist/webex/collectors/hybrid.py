"""Hybrid services: clusters and their connectors."""

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import NotFound
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import items_of
from webexhist.webex.auth.scopes import ANY_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import length

CLUSTERS_READ = Scope(
    "spark-admin:hybrid_clusters_read", "the number of hybrid clusters", "no count of hybrid clusters"
)
CONNECTORS_READ = Scope(
    "spark-admin:hybrid_connectors_read", "the number of hybrid connectors", "no count of hybrid connectors"
)


def collect_hybrid_clusters(client: WebexClient, target: Target) -> Gathered:
    """The number of hybrid clusters."""
    return length(
        client, target, Metric.HYBRID_CLUSTERS, lambda: [hybrid_list(client, "/v1/hybrid/clusters", target)]
    )


def collect_hybrid_connectors(client: WebexClient, target: Target) -> Gathered:
    """The number of hybrid connectors."""
    return length(
        client, target, Metric.HYBRID_CONNECTORS, lambda: [hybrid_list(client, "/v1/hybrid/connectors", target)]
    )


def hybrid_list(client: WebexClient, path: str, target: Target) -> Page:
    """A hybrid list. An organization without hybrid services answers {}, an empty list or 404: all mean none."""
    try:
        body = client.get(path, orgId=target.organization.webex_id)
    except NotFound:
        return Page()
    return Page([] if body in ({}, []) else items_of(body, "items", f"GET {path}"))


HYBRID_CLUSTERS = Collector(
    name="hybrid clusters",
    permission=Permission((CLUSTERS_READ,), ANY_ADMINISTRATOR),
    collect=collect_hybrid_clusters,
    counts=(Metric.HYBRID_CLUSTERS,),
    place=110,
)
HYBRID_CONNECTORS = Collector(
    name="hybrid connectors",
    permission=Permission((CONNECTORS_READ,), ANY_ADMINISTRATOR),
    collect=collect_hybrid_connectors,
    counts=(Metric.HYBRID_CONNECTORS,),
    place=120,
)
COLLECTORS = (HYBRID_CLUSTERS, HYBRID_CONNECTORS)
