"""What each collector needs of the person who logs in (Webex API reference, each page's scopes and roles)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from webexhist.webex.auth.scopes import COMPLIANCE, IDENTITY, ROOM_MESSAGES

ADMINISTRATOR = "full or read-only administrator"
INVENTORY_ADMINISTRATOR = "administrator of any kind"


@dataclass(frozen=True, slots=True)
class Need:
    """A permission, and what its holder has to be."""

    scopes: tuple[str, ...]
    role: str = ""
    """Empty where anybody will do."""
    login: str = "webexhist login"
    """The command that asks for the permission."""
    otherwise: str = ""
    """The setting that does without it."""


NEEDS: Mapping[str, Need] = MappingProxyType(
    {
        "organizations": Need(("spark-admin:organizations_read",), ADMINISTRATOR),
        "licenses": Need(("spark-admin:licenses_read",), ADMINISTRATOR),
        "people": Need(("spark-admin:people_read",), ADMINISTRATOR),
        "people check": Need((IDENTITY.name,), ADMINISTRATOR, "webexhist login --identity"),
        "devices": Need(("spark-admin:devices_read",), INVENTORY_ADMINISTRATOR),
        "places": Need(("spark-admin:workspaces_read",), INVENTORY_ADMINISTRATOR),
        "roles": Need(("spark-admin:roles_read",), INVENTORY_ADMINISTRATOR),
        "hybrid clusters": Need(("spark-admin:hybrid_clusters_read",), INVENTORY_ADMINISTRATOR),
        "hybrid connectors": Need(("spark-admin:hybrid_connectors_read",), INVENTORY_ADMINISTRATOR),
        "resource group memberships": Need(("spark-admin:resource_group_memberships_read",), INVENTORY_ADMINISTRATOR),
        "admin audit": Need(("audit:events_read",), "full administrator"),
        "events": Need(
            (COMPLIANCE.name,), "Compliance Officer", "webexhist login --compliance", "messages_source = rooms"
        ),
        "room messages": Need(("spark:rooms_read", ROOM_MESSAGES.name)),
        "rooms": Need(("spark:rooms_read",)),
        "teams": Need(("spark:teams_read", "spark:team_memberships_read")),
    }
)
"""By the collector's name."""
