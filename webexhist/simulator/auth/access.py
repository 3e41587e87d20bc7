"""Tokens, and what an endpoint demands of them."""

from collections.abc import Iterable
from dataclasses import dataclass

FULL_ADMIN = "id_full_admin"
READ_ONLY_ADMIN = "id_readonly_admin"
USER_ADMIN = "id_user_admin"
DEVICE_ADMIN = "id_device_admin"
SUPPORT_ADMIN = "id_support_admin"
COMPLIANCE_OFFICER = "id_compliance_officer"

ROLE_NAMES = {
    FULL_ADMIN: "Full Administrator",
    READ_ONLY_ADMIN: "Read-only Administrator",
    USER_ADMIN: "User and Device Administrator",
    DEVICE_ADMIN: "Device Administrator",
    SUPPORT_ADMIN: "Support Administrator",
    COMPLIANCE_OFFICER: "Compliance Officer",
}
"""The administrator roles of every organization, by the key inside their id."""

ADMINS = frozenset({FULL_ADMIN, READ_ONLY_ADMIN})
INVENTORY_ADMINS = ADMINS | {USER_ADMIN, DEVICE_ADMIN, SUPPORT_ADMIN}

ALL_SCOPES = frozenset(
    {
        *(
            f"spark:{name}_read"
            for name in ("people", "rooms", "memberships", "messages", "teams", "team_memberships", "devices")
        ),
        *(
            f"spark-admin:{name}_read"
            for name in (
                "people",
                "licenses",
                "roles",
                "organizations",
                "devices",
                "workspaces",
                "locations",
                "resource_groups",
                "resource_group_memberships",
                "hybrid_clusters",
                "hybrid_connectors",
            )
        ),
        *(
            f"spark-compliance:{name}_read"
            for name in ("events", "rooms", "messages", "memberships", "teams", "team_memberships")
        ),
        "spark:kms",
        "audit:events_read",
        "analytics:read_all",
        "identity:people_read",
        "identity:organizations_read",
        "identity:tokens_read",
        "guest-issuer:read",
    }
)
"""Every scope this service knows."""


@dataclass(frozen=True)
class Token:
    """An access token: whose it is, what it may do, until when."""

    value: str
    scopes: frozenset[str] = ALL_SCOPES
    roles: frozenset[str] = frozenset({FULL_ADMIN, COMPLIANCE_OFFICER})
    expires_ms: int | None = None
    """Epoch milliseconds; None for never."""
    service_app: bool = False
    """A machine account: no person behind it."""
    organizations: tuple[int, ...] | None = None
    """Which organizations it may manage; None for all there are."""

    def manages(self, organization: int) -> bool:
        """Whether the token may ask about an organization."""
        return organization == 0 or self.organizations is None or organization in self.organizations


@dataclass(frozen=True)
class Demand:
    """What an endpoint asks of a token. An empty set asks for nothing."""

    scopes: frozenset[str] = frozenset()
    """One of these."""
    roles: frozenset[str] = frozenset()
    """One of these."""
    person: bool = False
    """Not for service apps."""
    pro_pack: bool = False
    """Only where the organization bought that offer."""

    def is_met_by(self, token: Token, *, pro_pack: bool) -> bool:
        """Whether `token` may call the endpoint in an organization with or without the Pro Pack."""
        return (
            (not self.scopes or bool(self.scopes & token.scopes))
            and (not self.roles or bool(self.roles & token.roles))
            and not (self.person and token.service_app)
            and (pro_pack or not self.pro_pack)
        )


def demand(*scopes: str, roles: Iterable[str] = (), person: bool = False, pro_pack: bool = False) -> Demand:
    """A demand in short: one of the scopes, one of the roles."""
    return Demand(frozenset(scopes), frozenset(roles), person, pro_pack)
