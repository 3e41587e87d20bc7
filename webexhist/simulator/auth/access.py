"""Access tokens, and what an endpoint demands of them."""

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
"""The administrator roles of every organization, by the key inside their ids."""

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
"""All scopes of this service."""


@dataclass(frozen=True)
class Token:
    """An access token: its scopes, the roles of its owner, and its end."""

    value: str
    scopes: frozenset[str] = ALL_SCOPES
    roles: frozenset[str] = frozenset({FULL_ADMIN, COMPLIANCE_OFFICER})
    expires_ms: int | None = None
    """Epoch milliseconds; None for never."""
    service_app: bool = False
    """Whether it belongs to a machine account, which is no person."""
    organizations: tuple[int, ...] | None = None
    """The organizations that it may manage beside the first; None for all."""

    def manages(self, organization: int) -> bool:
        """Whether the token may read an organization."""
        return organization == 0 or self.organizations is None or organization in self.organizations


@dataclass(frozen=True)
class Demand:
    """What a token needs for an endpoint. An empty set demands nothing."""

    scopes: frozenset[str] = frozenset()
    """The token needs one of these."""
    roles: frozenset[str] = frozenset()
    """The token needs one of these."""
    person: bool = False
    """Whether service apps are refused."""
    pro_pack: bool = False
    """Whether the organization needs the Pro Pack."""

    def is_met_by(self, token: Token, *, pro_pack: bool) -> bool:
        """Whether a token may call the endpoint, in an organization with or without the Pro Pack."""
        return (
            (not self.scopes or bool(self.scopes & token.scopes))
            and (not self.roles or bool(self.roles & token.roles))
            and not (self.person and token.service_app)
            and (pro_pack or not self.pro_pack)
        )


def demand(*scopes: str, roles: Iterable[str] = (), person: bool = False, pro_pack: bool = False) -> Demand:
    """Returns a demand for one of the scopes and one of the roles."""
    return Demand(frozenset(scopes), frozenset(roles), person, pro_pack)
