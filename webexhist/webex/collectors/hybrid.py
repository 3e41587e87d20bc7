"""Hybrid services: clusters and their connectors."""

from collections.abc import Iterator

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import NotFound
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import items_of
from webexhist.webex.api.paging import address, following_page
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
    return length(client, target, Metric.HYBRID_CLUSTERS, lambda: hybrid_pages(client, "/v1/hybrid/clusters", target))


def collect_hybrid_connectors(client: WebexClient, target: Target) -> Gathered:
    """The number of hybrid connectors."""
    return length(
        client, target, Metric.HYBRID_CONNECTORS, lambda: hybrid_pages(client, "/v1/hybrid/connectors", target)
    )


def hybrid_pages(client: WebexClient, path: str, target: Target) -> Iterator[Page]:
    """A hybrid list; where one has more pages, all of them.

    An organization without hybrid services answers {}, an empty list or 404: all mean none.
    """
    first = address(client.services.api, path, {"orgId": target.organization.webex_id})
    try:
        body, link = client.fetch(first)
    except NotFound:
        return
    yield Page([] if body in ({}, []) else items_of(body, "items", f"GET {path}"))
    following = following_page(link, first)
    if following is not None:
        yield from client.chain(following, path, "items")


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
