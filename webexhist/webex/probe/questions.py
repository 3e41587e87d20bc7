"""What is asked of an organization, in this order. Every request only reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from string import Formatter

ORGANIZATION = "orgId"
"""The parameter without which Webex answers for the token's own organization."""


class Service(Enum):
    """Which of Webex's services is asked."""

    API = "api"
    IDENTITY = "identity"
    ANALYTICS = "analytics"


@dataclass(frozen=True, slots=True)
class Question:
    """One request. `{…}` in it is filled from what earlier answers held; without that it is not asked.

    Where none held the organization, which takes a scope of its own, it is asked without.
    """

    name: str
    path: str
    asks: str
    """What nobody knows without a real organization."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    service: Service = Service.API

    @property
    def request(self) -> str:
        """The request with its blanks, as a person is shown it."""
        query = "&".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"GET {self.path}" + (f"?{query}" if query else "")

    @property
    def blanks(self) -> frozenset[str]:
        """What has to be known to ask it."""
        texts = (self.path, *(value for name, value in self.parameters.items() if name != ORGANIZATION))
        return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)

    def filled(self, known: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """The path and the parameters with what is known."""
        parameters = {
            name: value.format_map(known)
            for name, value in self.parameters.items()
            if name != ORGANIZATION or "org" in known
        }
        return self.path.format_map(known), parameters


def listed(name: str, path: str, asks: str, **parameters: str) -> Question:
    """A question that asks for a list."""
    return Question(name, path, asks, parameters)


QUESTIONS = (
    listed("organizations", "/v1/organizations", "which fields and forms of ids the list has"),
    listed("me", "/v1/people/me", "whether the token is a person's"),
    listed("licenses", "/v1/licenses", "types and signs of units, which fields rows have, codes", orgId="{org}"),
    listed("roles", "/v1/roles", "forms of ids"),
    listed("people", "/v1/people", "the largest page, and how its next page is named", orgId="{org}", max="1000"),
    listed("people in pages of 2", "/v1/people", "what a next link keeps of the request", orgId="{org}", max="2"),
    listed(
        "people without status",
        "/v1/people",
        "whether lastActivity is left out with the status",
        orgId="{org}",
        max="100",
        excludeStatus="true",
    ),
    Question(
        "identities",
        "/identity/scim/{uuid}/v2/Users",
        "the total, beside the list of people",
        {"count": "1", "attributes": "id"},
        Service.IDENTITY,
    ),
    Question(
        "identities in pages of 1000",
        "/identity/scim/{uuid}/v2/Users",
        "the largest page",
        {"count": "1000", "attributes": "id"},
        Service.IDENTITY,
    ),
    listed("rooms", "/v1/rooms", "the largest page", max="1000"),
    listed("teams", "/v1/teams", "the largest page", max="1000"),
    listed("team memberships", "/v1/team/memberships", "the largest page", teamId="{team}", max="1000"),
    listed("messages", "/v1/messages", "the largest page", roomId="{room}", max="1000"),
    listed("devices", "/v1/devices", "the largest page; a link or an offset", orgId="{org}", start="0", max="1000"),
    listed("the second device", "/v1/devices", "whether start is obeyed", orgId="{org}", start="1", max="1"),
    listed("workspaces", "/v1/workspaces", "the largest page", orgId="{org}", start="0", max="1000"),
    listed("places", "/v1/places", "whether the old path still answers", max="1"),
    listed("locations", "/v1/locations", "the largest page", orgId="{org}", max="1000"),
    listed("hybrid clusters", "/v1/hybrid/clusters", "the answer where there is no hybrid service", orgId="{org}"),
    listed("hybrid connectors", "/v1/hybrid/connectors", "the answer where there is none", orgId="{org}"),
    listed("resource groups", "/v1/resourceGroups", "which fields groups have", orgId="{org}"),
    listed("group memberships", "/v1/resourceGroup/memberships", "the largest page", orgId="{org}", max="1000"),
    listed("group memberships 2", "/v1/resourceGroup/memberships/v2", "what it has more", orgId="{org}", max="1000"),
    listed("guests", "/v1/guests/count", "the form of the number"),
    listed("end of the token", "/v1/authorizations/tokenExpiry", "the form of the time"),
    listed(
        "audit events",
        "/v1/adminAudit/events",
        "the largest page; a link or an offset; the order",
        orgId="{org}",
        **{"from": "{days_ago_30}", "to": "{now}", "max": "1000"},
    ),
    listed(
        "audit events of a year ago",
        "/v1/adminAudit/events",
        "how far back it goes",
        orgId="{org}",
        **{"from": "{days_ago_364}", "to": "{days_ago_363}", "max": "1"},
    ),
    listed("events", "/v1/events", "the span without from, the order, the largest page", max="1000"),
    listed(
        "events of messages", "/v1/events", "the order with filters", resource="messages", type="created", max="100"
    ),
    listed("events from the newest on", "/v1/events", "whether from is included", max="100", **{"from": "{event}"}),
    listed(
        "events up to the newest",
        "/v1/events",
        "whether to is included",
        max="100",
        **{"from": "{before_event}", "to": "{event}"},
    ),
    *(
        listed(
            f"events of {days} days ago",
            "/v1/events",
            "how far back it goes",
            max="1",
            **{"from": f"{{days_ago_{days}}}", "to": f"{{days_ago_{days - 1}}}"},
        )
        for days in (89, 91, 370)
    ),
    Question(
        "daily totals",
        "/v1/analytics/messagingMetrics/dailyTotals",
        "whether it is permitted, and how far back it goes",
        {"from": "{date_ago_400}", "to": "{date_ago_1}"},
        Service.ANALYTICS,
    ),
)
DAYS_BACK = (1, 30, 88, 89, 90, 91, 363, 364, 369, 370, 400)
"""The days before now that questions ask about."""
