"""Memberships in hybrid services' resource groups, by their state."""

from collections import Counter
from collections.abc import Iterable

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.errors import BadAnswer, NotFound, Refused
from webexhist.webex.api.items import distinct
from webexhist.webex.api.json_values import JsonObject, text
from webexhist.webex.auth.scopes import ANY_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import asked_twice

RESOURCE_GROUP_MEMBERSHIPS_READ = Scope(
    "spark-admin:resource_group_memberships_read",
    "resource group memberships: active, pending, in error",
    "no counts of resource group memberships",
)
WITH_WORKSPACES = "/v1/resourceGroup/memberships/v2"
PEOPLE_ALONE = "/v1/resourceGroup/memberships"
METRIC_OF_STATUS = {
    "activated": Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED,
    "pending": Metric.RESOURCE_GROUP_MEMBERSHIPS_PENDING,
    "error": Metric.RESOURCE_GROUP_MEMBERSHIPS_ERROR,
}


def collect_resource_group_memberships(client: WebexClient, target: Target) -> Gathered:
    """One sweep, where asking by status would take three.

    Version 2 has the memberships of workspaces too, which the first may leave out. It is the newer of the two and not
    everywhere: elsewhere its path reads as that of a single membership, which is refused or not found. Where a page
    of it came it is there: what refuses the rest then is no reason to leave workspaces out.
    """
    organization = target.organization.webex_id
    try:
        states = states_of(client, WITH_WORKSPACES, target, orgId=organization)
    except (NotFound, Refused):
        if client.requests:
            raise
        states = states_of(client, PEOPLE_ALONE, target, personOrgId=organization)
    by_status = Counter(states)
    return Gathered(tuple(Count(metric, by_status[status]) for status, metric in METRIC_OF_STATUS.items()))


def states_of(client: WebexClient, path: str, target: Target, **organization: str) -> Iterable[str]:
    """The state of each membership that a list names; one that is not documented is counted nowhere.

    Raises:
        BadAnswer: a membership has none.
    """

    def state_of(membership: JsonObject) -> str:
        state = text(membership.get("status"))
        if state is None:
            raise BadAnswer(f"GET {path} listed a membership without a status")
        return state

    expected = target.expected(*METRIC_OF_STATUS.values())

    def list_all() -> dict[str, str]:
        return distinct(client.pages_of(path, lambda: expected, max=LARGEST_PAGE, **organization), state_of)

    return asked_twice(client, target, METRIC_OF_STATUS.values(), list_all).values()


RESOURCE_GROUP_MEMBERSHIPS = Collector(
    name="resource group memberships",
    permission=Permission((RESOURCE_GROUP_MEMBERSHIPS_READ,), ANY_ADMINISTRATOR),
    collect=collect_resource_group_memberships,
    counts=tuple(METRIC_OF_STATUS.values()),
    place=100,
)
COLLECTORS = (RESOURCE_GROUP_MEMBERSHIPS,)
