"""Which organizations are polled, and which of them is the token's own."""

import re

from webexhist.snapshot import Organization
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer, NotFound, NotPermitted
from webexhist.webex.api.items import distinct
from webexhist.webex.api.json_values import JsonObject, identifier, text
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Question
from webexhist.webex_ids import uuid_of

ORGANIZATIONS_READ = Scope(
    "spark-admin:organizations_read", "which organizations there are", "nothing at all can be counted"
)
OWN_PEOPLE_READ = Scope(
    "spark:people_read",
    "which of several organizations is the token's own",
    "with several organizations, rooms and teams may be shown under another of them",
)
ORGANIZATIONS = Question(name="organizations", permission=Permission((ORGANIZATIONS_READ,), ADMINISTRATOR))
OWN_ORGANIZATION = Question(name="own organization", permission=Permission((OWN_PEOPLE_READ,)))
QUESTIONS = (ORGANIZATIONS, OWN_ORGANIZATION)

TOKEN_SUFFIX = re.compile(r"_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", re.IGNORECASE)
"""Access tokens end in "_<cluster>_<UUID of the organization>"."""


def list_organizations(client: WebexClient) -> tuple[Organization, ...]:
    """All organizations that the token sees, each once, however its id is written."""
    seen = distinct(client.pages("/v1/organizations"), listed_organization).values()
    return tuple({uuid_of(organization.webex_id): organization for organization in seen}.values())


def monitored_of(visible: tuple[Organization, ...], monitored: tuple[str, ...]) -> tuple[Organization, ...]:
    """The visible organizations that are monitored; without a choice all of them."""
    wanted = {uuid_of(webex_id) for webex_id in monitored}
    return tuple(seen for seen in visible if not wanted or uuid_of(seen.webex_id) in wanted)


def not_visible(visible: tuple[Organization, ...], monitored: tuple[str, ...]) -> tuple[str, ...]:
    """The ids that are monitored and that the token does not list."""
    seen = {uuid_of(organization.webex_id) for organization in visible}
    return tuple(webex_id for webex_id in monitored if uuid_of(webex_id) not in seen)


def listed_organization(row: JsonObject) -> Organization:
    """One row of the API.

    Raises:
        BadAnswer: it has no id, so that nothing can be asked or kept about it.
    """
    webex_id = identifier(row.get("id"))
    if webex_id is None:
        raise BadAnswer("GET /v1/organizations listed an organization without an id")
    return Organization(webex_id, text(row.get("displayName")) or webex_id)


def own_organization(client: WebexClient, token: str, organizations: tuple[Organization, ...]) -> Organization:
    """The organization on which the token's own counts hang (rooms, teams, roles, events).

    The first of those polled where the token's own is not among them.
    """
    own = own_by_token(token, organizations)
    return own or organization_or_first(owner_organization(client), organizations)


def own_by_token(token: str, organizations: tuple[Organization, ...]) -> Organization | None:
    """The same without asking; None where the token does not show it."""
    if len(organizations) == 1:
        return organizations[0]
    suffix = TOKEN_SUFFIX.search(token)
    return organization_or_first(suffix[1].lower(), organizations) if suffix else None


def organization_or_first(uuid: str, organizations: tuple[Organization, ...]) -> Organization:
    """The organization with that UUID, else the first one."""
    return next((one for one in organizations if uuid_of(one.webex_id) == uuid), organizations[0])


def owner_organization(client: WebexClient) -> str:
    """The UUID of the organization of the token's owner; empty where the owner is no person (a service app)."""
    try:
        body = client.get("/v1/people/me")
    except (NotFound, NotPermitted):
        return ""
    return uuid_of(text(body.get("orgId")) or "") if isinstance(body, dict) else ""
