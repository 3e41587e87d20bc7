"""What webexhist asks to be allowed, what each permission gives, and what is lost without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """One permission, by Webex's name for it."""

    name: str
    gives: str
    without: str


BASE = (
    Scope(
        "spark-admin:organizations_read",
        "which organizations there are",
        "nothing at all can be counted",
    ),
    Scope(
        "spark-admin:licenses_read",
        "purchased and consumed units of every license",
        "no license figures, hence no review",
    ),
    Scope("spark-admin:people_read", "the number of people", "no count of people, no list of idle seats"),
    Scope("spark-admin:devices_read", "the number of devices", "no count of devices"),
    Scope("spark-admin:workspaces_read", "the number of places", "no count of places"),
    Scope("spark-admin:roles_read", "the number of admin roles", "no count of roles"),
    Scope("spark-admin:hybrid_clusters_read", "the number of hybrid clusters", "no count of hybrid clusters"),
    Scope("spark-admin:hybrid_connectors_read", "the number of hybrid connectors", "no count of hybrid connectors"),
    Scope(
        "spark-admin:resource_group_memberships_read",
        "resource group memberships: active, pending, in error",
        "no counts of resource group memberships",
    ),
    Scope("audit:events_read", "the number of admin audit events", "no count of audit events"),
    Scope(
        "spark:people_read",
        "which of several organizations is the token's own",
        "with several organizations, rooms and teams may be shown under another of them",
    ),
    Scope("spark:teams_read", "the number of teams", "no counts of teams and their memberships"),
    Scope("spark:team_memberships_read", "the number of team memberships", "no count of team memberships"),
    Scope("spark:rooms_read", "the number of rooms", "no count of rooms, and no messages counted by rooms"),
)

ROOM_MESSAGES = Scope(
    "spark:messages_read",
    "messages counted in the rooms that you are in; their texts are not kept",
    "no count of messages, unless with --compliance",
)
COMPLIANCE = Scope(
    "spark-compliance:events_read",
    "messages and memberships of the whole organization: created, updated, deleted; takes a Compliance Officer",
    "messages are counted only in the rooms that you are in, memberships not at all",
)
IDENTITY = Scope(
    "identity:people_read",
    "the number of people by a single request",
    "people are counted page by page, with the same result",
)
ANALYTICS = Scope(
    "analytics:read_all",
    "thirteen months of daily message totals at once; your organization needs the Pro Pack",
    "the past is counted from events, 89 days back at most",
)


def wanted_scopes(*, compliance: bool, identity: bool, analytics: bool) -> tuple[Scope, ...]:
    """Exactly what is needed for what was asked for."""
    chosen = ((IDENTITY, identity), (ANALYTICS, analytics))
    messages = COMPLIANCE if compliance else ROOM_MESSAGES
    return (*BASE, messages, *(scope for scope, is_wanted in chosen if is_wanted))
