"""Which endpoint answers a path, and what it demands of the token (Webex API reference, the scopes of each page)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from webexhist.simulator.auth.access import (
    ADMINS,
    COMPLIANCE_OFFICER,
    DEVICE_ADMIN,
    FULL_ADMIN,
    INVENTORY_ADMINS,
    USER_ADMIN,
    Demand,
    demand,
)
from webexhist.simulator.endpoints import (
    analytics,
    audit,
    events,
    identity,
    inventory,
    memberships,
    messages,
    organizations,
    people,
    resource_groups,
    rooms,
    teams,
)
from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import Reply

Endpoint = Callable[[Simulation, Call], Reply]


@dataclass(frozen=True)
class Route:
    """A path, with `{}` for its variable parts."""

    path: str
    endpoint: Endpoint
    demand: Demand


_PEOPLE = demand("spark-admin:people_read", "spark:people_read")
_ORGANIZATIONS = demand("spark-admin:organizations_read", roles=ADMINS)
_LICENSES = demand("spark-admin:licenses_read", roles=ADMINS)
_ROLES = demand("spark-admin:roles_read", roles=INVENTORY_ADMINS)
_DEVICES = demand("spark-admin:devices_read", "spark:devices_read", roles=INVENTORY_ADMINS)
_WORKSPACES = demand("spark-admin:workspaces_read", roles=INVENTORY_ADMINS)
_LOCATIONS = demand("spark-admin:locations_read", "spark-admin:people_read", roles=INVENTORY_ADMINS)
_TEAMS = demand("spark:teams_read", "spark-compliance:teams_read")
_TEAM_MEMBERSHIPS = demand("spark:team_memberships_read", "spark-compliance:team_memberships_read")
_MEMBERSHIPS = demand("spark:memberships_read", "spark-compliance:memberships_read")
_ROOMS = demand("spark:rooms_read", "spark-compliance:rooms_read")
_MESSAGES = demand("spark:messages_read", "spark-compliance:messages_read")
_EVENTS = demand("spark-compliance:events_read", roles={COMPLIANCE_OFFICER})
_AUDIT = demand("audit:events_read", roles={FULL_ADMIN})
_GROUP_MEMBERSHIPS = demand("spark-admin:resource_group_memberships_read", roles=INVENTORY_ADMINS)
_IDENTITY = demand("identity:people_read", roles=ADMINS | {USER_ADMIN, DEVICE_ADMIN})

ROUTES = (
    Route("/v1/people", people.list_people, _PEOPLE),
    Route("/v1/people/me", people.get_me, demand("spark:people_read", "spark-admin:people_read", person=True)),
    Route("/v1/people/{}", people.get_person, _PEOPLE),
    Route("/v1/organizations", organizations.list_organizations, _ORGANIZATIONS),
    Route("/v1/organizations/{}", organizations.get_organization, _ORGANIZATIONS),
    Route(
        "/identity/organizations/{}",
        organizations.get_identity_organization,
        demand("identity:organizations_read", roles=ADMINS),
    ),
    Route("/v1/roles", organizations.list_roles, _ROLES),
    Route("/v1/roles/{}", organizations.get_role, _ROLES),
    Route("/v1/licenses", organizations.list_licenses, _LICENSES),
    Route("/v1/licenses/{}", organizations.get_license, _LICENSES),
    Route("/v1/devices", inventory.list_devices, _DEVICES),
    Route("/v1/devices/{}", inventory.get_device, _DEVICES),
    Route("/v1/workspaces", inventory.list_workspaces, _WORKSPACES),
    Route("/v1/workspaces/{}", inventory.get_workspace, _WORKSPACES),
    Route("/v1/locations", inventory.list_locations, _LOCATIONS),
    Route("/v1/locations/{}", inventory.get_location, _LOCATIONS),
    Route(
        "/v1/hybrid/clusters",
        inventory.list_hybrid_clusters,
        demand("spark-admin:hybrid_clusters_read", roles=INVENTORY_ADMINS),
    ),
    Route(
        "/v1/hybrid/connectors",
        inventory.list_hybrid_connectors,
        demand("spark-admin:hybrid_connectors_read", roles=INVENTORY_ADMINS),
    ),
    Route("/v1/teams", teams.list_teams, _TEAMS),
    Route("/v1/teams/{}", teams.get_team, _TEAMS),
    Route("/v1/team/memberships", teams.list_team_memberships, _TEAM_MEMBERSHIPS),
    Route("/v1/team/memberships/{}", teams.get_team_membership, _TEAM_MEMBERSHIPS),
    Route("/v1/rooms", rooms.list_rooms, _ROOMS),
    Route("/v1/rooms/{}", rooms.get_room, _ROOMS),
    Route("/v1/messages", messages.list_messages, _MESSAGES),
    Route("/v1/messages/{}", messages.get_message, _MESSAGES),
    Route("/v1/memberships", memberships.list_memberships, _MEMBERSHIPS),
    Route("/v1/memberships/{}", memberships.get_membership, _MEMBERSHIPS),
    Route("/v1/events", events.list_events, _EVENTS),
    Route("/v1/events/{}", events.get_event, _EVENTS),
    Route("/v1/adminAudit/events", audit.list_audit_events, _AUDIT),
    Route("/v1/adminAudit/eventCategories", audit.list_categories, _AUDIT),
    Route(
        "/v1/resourceGroups",
        resource_groups.list_resource_groups,
        demand("spark-admin:resource_groups_read", roles=INVENTORY_ADMINS),
    ),
    Route("/v1/resourceGroup/memberships", resource_groups.list_memberships, _GROUP_MEMBERSHIPS),
    Route("/v1/resourceGroup/memberships/v2", resource_groups.list_memberships_v2, _GROUP_MEMBERSHIPS),
    Route("/identity/scim/{}/v2/Users", identity.list_users, _IDENTITY),
    Route("/identity/scim/{}/v2/Users/{}", identity.get_user, _IDENTITY),
    Route(
        "/v1/analytics/messagingMetrics/dailyTotals",
        analytics.get_messaging_totals,
        demand("analytics:read_all", roles=ADMINS, person=True, pro_pack=True),
    ),
    Route("/v1/guests/count", analytics.get_guests_count, demand("guest-issuer:read")),
    Route("/v1/authorizations/tokenExpiry", analytics.get_token_expiry, demand("identity:tokens_read")),
)

_FIXED = {route.path: route for route in ROUTES if "{}" not in route.path}
_VARIABLE = [
    (re.compile(re.escape(route.path).replace(r"\{\}", "([^/]+)")), route) for route in ROUTES if "{}" in route.path
]


def route_for(path: str) -> tuple[Route, tuple[str, ...]] | None:
    """Returns the route of a path and its variable parts; None if there is no such path."""
    if path in _FIXED:
        return _FIXED[path], ()
    for pattern, route in _VARIABLE:
        match = pattern.fullmatch(path)
        if match:
            return route, match.groups()
    return None
