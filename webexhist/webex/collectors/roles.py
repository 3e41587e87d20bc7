"""Roles: the administrator roles that can be given, not their holders."""

from webexhist.metrics import Metric
from webexhist.webex.api.client import WebexClient
from webexhist.webex.auth.scopes import ANY_ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import length

ROLES_READ = Scope("spark-admin:roles_read", "the number of admin roles", "no count of roles")


def collect_roles(client: WebexClient, target: Target) -> Gathered:
    """The number of administrator roles."""
    return length(client, target, Metric.ROLES, lambda: client.pages("/v1/roles"))


ROLES = Collector(
    name="roles",
    permission=Permission((ROLES_READ,), ANY_ADMINISTRATOR),
    collect=collect_roles,
    counts=(Metric.ROLES,),
    place=50,
)
COLLECTORS = (ROLES,)
