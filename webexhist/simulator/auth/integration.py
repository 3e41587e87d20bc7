"""The integration, the person who is asked for consent, and the renewal of tokens (Webex guide, Integrations)."""

from dataclasses import dataclass
from enum import StrEnum

from webexhist.simulator.auth.access import ALL_SCOPES, COMPLIANCE_OFFICER, FULL_ADMIN

DEVICE_REDIRECT_URIS = tuple(
    f"https://oauth-helper-{helper}.wbx2.com/helperservice/v1/actions/device/callback" for helper in "adkr"
)
"""An integration needs all of these for the device flow (Webex guide, Login with Webex)."""


class Rotation(StrEnum):
    """What a renewal does to the refresh token. Sources disagree, so a client must work with each."""

    SAME = "the same token comes back"
    ROTATE_AND_REVOKE = "a new token comes back, the old one is dead"
    ROTATE_KEEP_OLD = "a new token comes back, the old one lives on"


@dataclass(frozen=True)
class Integration:
    """An integration as it is registered in the developer portal."""

    client_id: str = "C0123456789abcdef"
    client_secret: str = "synthetic-client-secret"  # noqa: S105 - nothing real is behind it
    redirect_uris: tuple[str, ...] = ("http://localhost:6001/redirect", *DEVICE_REDIRECT_URIS)
    scopes: frozenset[str] = ALL_SCOPES


@dataclass
class Consent:
    """The person who is asked for consent: the answer, and the roles."""

    given: bool = True
    """False if the person refuses."""
    roles: frozenset[str] = frozenset({FULL_ADMIN, COMPLIANCE_OFFICER})
    service_app: bool = False
