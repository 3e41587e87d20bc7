"""The JSON document that a Site24x7 plugin prints.

The names of counts are those of the plugin that this one replaces, letter for letter: its users have alerts on them.
An unknown value is left out: the agent has no null, and neither 0 nor -1 would be true.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from webexhist.agent.license_table import license_rows, license_totals
from webexhist.agent.message import failure_message, message
from webexhist.errors import WebexhistError
from webexhist.snapshot import CountChange, Metric, StoredSnapshot

PLUGIN_VERSION = 1
"""Rises by one whenever a name or a unit below changes: the agent reads them again only then."""
Document = dict[str, Any]

VALUES = {
    "Admin - Org Count": Metric.ORGANIZATIONS,
    "Admin - Teams Count": Metric.TEAMS,
    "Admin - Devices Count": Metric.DEVICES,
    "People Count": Metric.PEOPLE,
    "Hybrid - Clusters Count": Metric.HYBRID_CLUSTERS,
    "Hybrid - Connectors Count": Metric.HYBRID_CONNECTORS,
    "Admin - Rooms Count": Metric.ROOMS,
    "Places Count": Metric.PLACES,
    "Admin - Roles Count": Metric.ROLES,
    "Room - Memberships Count": Metric.TEAM_MEMBERSHIPS,
    "Admin Audit Events": Metric.ADMIN_AUDIT_EVENTS,
    "Resource Group Membership Active": Metric.RESOURCE_GROUP_MEMBERSHIPS_ACTIVATED,
    "Resource Group Membership Pending": Metric.RESOURCE_GROUP_MEMBERSHIPS_PENDING,
    "Resource Group Membership Error": Metric.RESOURCE_GROUP_MEMBERSHIPS_ERROR,
}
CHANGES = {
    "Messages Updated": Metric.MESSAGES_UPDATED,
    "Messages Deleted": Metric.MESSAGES_DELETED,
    "Memberships Created": Metric.MEMBERSHIPS_CREATED,
    "Memberships Updated": Metric.MEMBERSHIPS_UPDATED,
    "Memberships Deleted": Metric.MEMBERSHIPS_DELETED,
    "Audit Events Since Poll": Metric.ADMIN_AUDIT_EVENTS,
    "People Change": Metric.PEOPLE,
    "Devices Change": Metric.DEVICES,
    "Places Change": Metric.PLACES,
    "Rooms Change": Metric.ROOMS,
    "Teams Change": Metric.TEAMS,
    "Memberships Change": Metric.TEAM_MEMBERSHIPS,
}
TOTAL_MESSAGES = "Total Messages Exchanged"
NEW_MESSAGES = "Messages Since Last Poll"
LICENSE_TOTALS = (
    "License Total Units",
    "License Consumed Units",
    "License Free Units",
    "License Utilization",
    "Licenses Over 90 Percent",
)
LICENSE_CHANGES = ("Consumed Units Change", "Total Units Change")
OF_THE_POLL = ("Seconds Since Last Poll", "Collection Errors", "API Requests", "Poll Seconds")
ROWS = "Licenses"

UNITS = {
    "License Utilization": "%",
    "Seconds Since Last Poll": "s",
    "Poll Seconds": "s",
    ROWS: {"Utilization": "%"},
}
TABS = {
    "Licenses": {"order": 1, "tablist": [*LICENSE_TOTALS, ROWS]},
    "Changes": {
        "order": 2,
        "tablist": [NEW_MESSAGES, *CHANGES, *LICENSE_CHANGES, "Seconds Since Last Poll"],
    },
}


def plugin_document(snapshots: Sequence[StoredSnapshot]) -> Document:
    """The document of one poll: a snapshot for every organization, counts as their sums."""
    values: Document = {name: total(snapshots, metric, value_of) for name, metric in VALUES.items()}
    values[TOTAL_MESSAGES] = total(snapshots, messages_source(snapshots), value_of)
    values[NEW_MESSAGES] = new_messages(snapshots)
    values |= {name: total(snapshots, metric, change_of) for name, metric in CHANGES.items()}
    values |= license_totals(snapshots)
    values |= {
        "Seconds Since Last Poll": seconds_since_last_poll(snapshots),
        "Collection Errors": sum(run.status.is_trouble for snapshot in snapshots for run in snapshot.collections),
        "API Requests": sum(snapshot.requests for snapshot in snapshots),
        "Poll Seconds": round(max(snapshot.seconds for snapshot in snapshots), 1),
    }
    known = {name: value for name, value in values.items() if value is not None}
    return base_document(message(snapshots)) | known | {ROWS: license_rows(snapshots), "units": UNITS, "tabs": TABS}


def failure_document(error: WebexhistError) -> Document:
    """The document of a poll that failed altogether: status 0 shows the monitor as Down, with the reason."""
    return base_document(failure_message(error)) | {"status": 0}


def base_document(text: str) -> Document:
    return {"plugin_version": PLUGIN_VERSION, "heartbeat_required": "true", "msg": text}


def value_of(count: CountChange) -> int | None:
    return count.value


def change_of(count: CountChange) -> int | None:
    return count.change


def total(
    snapshots: Iterable[StoredSnapshot], metric: Metric, figure: Callable[[CountChange], int | None]
) -> int | None:
    """The sum over the organizations that hold the metric; unknown when none does, or one does not know it."""
    figures = [figure(count) for snapshot in snapshots for count in snapshot.counts if count.metric is metric]
    known = [value for value in figures if value is not None]
    return sum(known) if known and len(known) == len(figures) else None


def messages_source(snapshots: Sequence[StoredSnapshot]) -> Metric:
    """Where this poll counted messages: in the organization's events, else in the owner's rooms."""
    by_events = total(snapshots, Metric.MESSAGES_CREATED, value_of)
    return Metric.ROOM_MESSAGES_CREATED if by_events is None else Metric.MESSAGES_CREATED


def new_messages(snapshots: Sequence[StoredSnapshot]) -> int | None:
    """Messages since the last poll; unknown where that poll counted them from the other source."""
    source = messages_source(snapshots)
    sources = (Metric.MESSAGES_CREATED, Metric.ROOM_MESSAGES_CREATED)
    known_at = [
        (count.previous_at, count.metric)
        for snapshot in snapshots
        for count in snapshot.counts
        if count.metric in sources and count.previous_at
    ]
    switched = bool(known_at) and max(known_at)[1] is not source
    return None if switched else total(snapshots, source, change_of)


def seconds_since_last_poll(snapshots: Iterable[StoredSnapshot]) -> int | None:
    """The time over which the changes came about; the longest where organizations differ."""
    spans = [
        round((snapshot.taken_at - snapshot.previous_at).total_seconds())
        for snapshot in snapshots
        if snapshot.previous_at
    ]
    return max(spans, default=None)
