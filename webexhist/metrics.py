"""Everything that is counted and is no license: one row a count, from which documents, pages and messages follow.

The rows stand in the order in which counts are shown. A new count is a row here and a collector that counts it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """How a count's values are to be read."""

    GAUGE = "gauge"
    """A count as it stands; the snapshot carries the value itself."""
    COUNTER = "counter"
    """A count that only grows; the snapshot carries what its window held, the database keeps the running total."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of a count."""

    words: str
    """For people, in small letters."""
    source: str
    """The list of Webex's API that it is counted from."""
    window: str = ""
    """Which event window a counter is counted in: "events", "rooms" or "audit"; empty for a gauge."""
    value: str = ""
    """The name of its value in the plugin document; empty where it has none."""
    change: str = ""
    """The name of its change there. Counts that share a name stand in for each other, the upper one first."""
    on_pages: bool = False
    """Whether the activity page shows it."""
    once_a_token: bool = False
    """True where Webex answers for the token's owner, False where every organization is asked for its own."""


class Metric(StrEnum):
    """A count, by the name under which the database keeps it."""

    row: Row

    # A lookup like Metric("people") is checked against this signature too, so that the row is one of any number.
    def __new__(cls, name: str, *rows: Row) -> "Metric":
        metric = str.__new__(cls, name)
        metric._value_ = name
        (metric.row,) = rows
        return metric

    @property
    def kind(self) -> Kind:
        """A counter counts what happens, and so has a window of time; a gauge counts what there is."""
        return Kind.COUNTER if self.row.window else Kind.GAUGE

    @property
    def words(self) -> str:
        """What people call it."""
        return self.row.words

    MESSAGES_CREATED = (
        "messages_created",
        Row(
            "messages",
            "GET /v1/events",
            window="events",
            value="Total Messages Exchanged",
            change="Messages Since Last Poll",
            on_pages=True,
            once_a_token=True,
        ),
    )
    ROOM_MESSAGES_CREATED = (
        "room_messages_created",
        Row(
            "messages in the token owner's rooms",
            "GET /v1/messages",
            window="rooms",
            value="Total Messages Exchanged",
            change="Messages Since Last Poll",
            on_pages=True,
            once_a_token=True,
        ),
    )
    MESSAGES_UPDATED = (
        "messages_updated",
        Row("messages updated", "GET /v1/events", window="events", change="Messages Updated", once_a_token=True),
    )
    MESSAGES_DELETED = (
        "messages_deleted",
        Row("messages deleted", "GET /v1/events", window="events", change="Messages Deleted", once_a_token=True),
    )
    MEMBERSHIPS_CREATED = (
        "memberships_created",
        Row(
            "memberships created", "GET /v1/events", window="events", change="Memberships Created", once_a_token=True
        ),
    )
    MEMBERSHIPS_UPDATED = (
        "memberships_updated",
        Row(
            "memberships updated", "GET /v1/events", window="events", change="Memberships Updated", once_a_token=True
        ),
    )
    MEMBERSHIPS_DELETED = (
        "memberships_deleted",
        Row(
            "memberships deleted", "GET /v1/events", window="events", change="Memberships Deleted", once_a_token=True
        ),
    )
    ADMIN_AUDIT_EVENTS = (
        "admin_audit_events",
        Row(
            "admin audit events",
            "GET /v1/adminAudit/events",
            window="audit",
            value="Admin Audit Events",
            change="Audit Events Since Poll",
        ),
    )
    PEOPLE = "people", Row("people", "GET /v1/people", value="People Count", change="People Change", on_pages=True)
    DEVICES = (
        "devices",
        Row("devices", "GET /v1/devices", value="Admin - Devices Count", change="Devices Change", on_pages=True),
    )
    PLACES = (
        "places",
        Row("places", "GET /v1/workspaces", value="Places Count", change="Places Change", on_pages=True),
    )
    ROOMS = (
        "rooms",
        Row(
            "rooms",
            "GET /v1/rooms",
            value="Admin - Rooms Count",
            change="Rooms Change",
            on_pages=True,
            once_a_token=True,
        ),
    )
    TEAMS = (
        "teams",
        Row("teams", "GET /v1/teams", value="Admin - Teams Count", change="Teams Change", once_a_token=True),
    )
    TEAM_MEMBERSHIPS = (
        "team_memberships",
        Row(
            "team memberships",
            "GET /v1/team/memberships",
            value="Room - Memberships Count",
            change="Memberships Change",
            once_a_token=True,
        ),
    )
    ORGANIZATIONS = (
        "organizations",
        Row("organizations", "GET /v1/organizations", value="Admin - Org Count", once_a_token=True),
    )
    ROLES = "roles", Row("roles", "GET /v1/roles", value="Admin - Roles Count", once_a_token=True)
    HYBRID_CLUSTERS = (
        "hybrid_clusters",
        Row("hybrid clusters", "GET /v1/hybrid/clusters", value="Hybrid - Clusters Count"),
    )
    HYBRID_CONNECTORS = (
        "hybrid_connectors",
        Row("hybrid connectors", "GET /v1/hybrid/connectors", value="Hybrid - Connectors Count"),
    )
    RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED = (
        "resource_group_memberships_activated",
        Row(
            "resource group memberships activated",
            "GET /v1/resourceGroup/memberships/v2",
            value="Resource Group Membership Active",
        ),
    )
    RESOURCE_GROUP_MEMBERSHIPS_PENDING = (
        "resource_group_memberships_pending",
        Row(
            "resource group memberships pending",
            "GET /v1/resourceGroup/memberships/v2",
            value="Resource Group Membership Pending",
        ),
    )
    RESOURCE_GROUP_MEMBERSHIPS_ERROR = (
        "resource_group_memberships_error",
        Row(
            "resource group memberships in error",
            "GET /v1/resourceGroup/memberships/v2",
            value="Resource Group Membership Error",
        ),
    )


def alternatives(names: Iterable[tuple[str, Metric]]) -> Mapping[str, tuple[Metric, ...]]:
    """The counts by a name that they may share, in the order of the table; an empty name is none."""
    grouped: dict[str, tuple[Metric, ...]] = {}
    for name, metric in names:
        if name:
            grouped[name] = (*grouped.get(name, ()), metric)
    return MappingProxyType(grouped)


PLUGIN_VALUES = alternatives((metric.row.value, metric) for metric in Metric)
"""What the plugin document shows as values, by their names there."""
PLUGIN_CHANGES = alternatives((metric.row.change, metric) for metric in Metric)
"""What it shows as changes."""
COUNTERS_OF_SOURCE = alternatives((metric.row.window, metric) for metric in Metric)
"""The counters that a window of each source feeds: they are known or unknown together."""
