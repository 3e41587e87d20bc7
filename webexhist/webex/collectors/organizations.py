"""Which organizations are polled."""

from webexhist.snapshot import Organization
from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.items import distinct
from webexhist.webex.api.json_values import JsonObject, identifier, text
from webexhist.webex.auth.scopes import ADMINISTRATOR, Permission, Scope
from webexhist.webex.collectors.interface import Question
from webexhist.webex_ids import uuid_of

ORGANIZATIONS_READ = Scope(
    "spark-admin:organizations_read", "which organizations there are", "nothing at all can be counted"
)
ORGANIZATIONS = Question(name="organizations", permission=Permission((ORGANIZATIONS_READ,), ADMINISTRATOR))
QUESTIONS = (ORGANIZATIONS,)


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
