"""Devices, workspaces, locations and hybrid services (Webex API reference, the pages of these names)."""

from collections.abc import Callable

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.faults.switches import PagingFault
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal, Standing
from webexhist.simulator.http.paging import by_cursor, index_page, start_of
from webexhist.simulator.world.amounts import Amount, amount_at
from webexhist.simulator.world.directory import find, item_id
from webexhist.simulator.world.plans import organization_id
from webexhist.simulator.world.times import iso

DEVICE_CAP = 100
_CONNECTOR_KINDS = ("calendar", "call", "message", "expresswayManagement", "videoMesh", "dataSecurity")

Builder = Callable[[int, int, int], Json]
"""Returns an item, by its number, its organization and the epoch milliseconds of the request."""


def list_devices(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the devices, by `start` and `max`."""
    organization = simulation.organization(call)
    total = amount_at(simulation.plan(organization).devices, call.request.moment)
    if PagingFault.DEVICES_CAPPED in simulation.faults.paging:
        total = min(total, DEVICE_CAP)
    return _offset_page(simulation, call, "device", organization, total, device)


def get_device(simulation: Simulation, call: Call) -> Json:
    """Returns one device."""
    return _one(simulation, call, "DEVICE", lambda number: simulation.plan(number).devices, device)


def list_workspaces(simulation: Simulation, call: Call) -> Standing:
    """Returns a page of the workspaces, by `start` and `max`."""
    organization = simulation.organization(call)
    total = amount_at(simulation.plan(organization).workspaces, call.request.moment)
    return Standing(
        (organization, total),
        lambda: _offset_page(simulation, call, "workspace", organization, total, workspace),
    )


def get_workspace(simulation: Simulation, call: Call) -> Json:
    """Returns one workspace."""
    return _one(simulation, call, "PLACE", lambda number: simulation.plan(number).workspaces, workspace)


def list_locations(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the locations."""
    organization = simulation.organization(call)
    total = amount_at(simulation.plan(organization).locations, call.request.moment)
    size = simulation.page_size(call, default=500, limit=500)
    build = _builder(call, organization, location)
    return index_page("location", start_of(call.request), total, size, build, by_cursor)


def get_location(simulation: Simulation, call: Call) -> Json:
    """Returns one location."""
    return _one(simulation, call, "LOCATION", lambda number: simulation.plan(number).locations, location)


def list_hybrid_clusters(simulation: Simulation, call: Call) -> Page:
    """Returns all hybrid clusters."""
    organization = simulation.organization(call)
    total = amount_at(simulation.plan(organization).hybrid_clusters, call.request.moment)
    return Page("hybrid", [_cluster(number, organization) for number in range(total)])


def list_hybrid_connectors(simulation: Simulation, call: Call) -> Page:
    """Returns all hybrid connectors."""
    organization = simulation.organization(call)
    plan, moment = simulation.plan(organization), call.request.moment
    clusters = max(1, amount_at(plan.hybrid_clusters, moment))
    connectors = range(amount_at(plan.hybrid_connectors, moment))
    return Page("hybrid", [_connector(number, organization, clusters, plan.domain) for number in connectors])


def device(number: int, organization: int, now_ms: int) -> Json:
    """Returns a room device. It is in the workspace of the same number."""
    return {
        "id": item_id("DEVICE", number, organization),
        "displayName": f"Room {number // 10}-{number % 10}",
        "workspaceId": item_id("PLACE", number, organization),
        "orgId": organization_id(organization),
        "capabilities": ["xapi"],
        "permissions": ["xapi:all"],
        "connectionStatus": "disconnected" if number % 15 == 7 else "connected",
        "product": "Cisco Room Kit",
        "type": "roomdesk",
        "tags": [],
        "mac": f"02:00:00:00:{number // 256 % 256:02X}:{number % 256:02X}",
        "serial": f"FOC{number:08d}",
        "software": "RoomOS 11.20.1.7",
        "upgradeChannel": "Stable",
        "created": "2023-03-01T10:00:00.000Z",
        "firstSeen": "2023-03-01T10:00:00.000Z",
        "lastSeen": iso(now_ms - number % 60 * 1000),
        "errorCodes": [],
        "managedBy": "CISCO",
        "devicePlatform": "cisco",
    }


def workspace(number: int, organization: int, now_ms: int) -> Json:
    """Returns a meeting room."""
    return {
        "id": item_id("PLACE", number, organization),
        "orgId": organization_id(organization),
        "displayName": f"Room {number // 10}-{number % 10}",
        "capacity": number % 12 if number % 5 else -1,
        "type": "huddle" if number % 3 else "meetingRoom",
        "sipAddress": f"room.{number:04d}@acme.rooms.example",
        "created": "2023-03-01T09:00:00.000Z",
        "calling": {"type": "freeCalling"},
        "calendar": {"type": "none"},
        "hotdeskingStatus": "off",
        "supportedDevices": "collaborationDevices",
        "devicePlatform": "cisco",
        "health": {"level": "ok", "issues": []},
    }


def location(number: int, organization: int, now_ms: int) -> Json:
    """Returns a location."""
    return {
        "id": item_id("LOCATION", number, organization),
        "name": f"Location {number:02d}",
        "orgId": organization_id(organization),
        "timeZone": "Europe/Lisbon",
        "preferredLanguage": "en_US",
        "address": {"address1": f"{number + 1} Example Street", "city": "Lisbon", "country": "PT", "state": "LX"},
        "latitude": f"{38.7 + number / 1000:.6f}",
        "longitude": f"{-9.1 - number / 1000:.6f}",
    }


def _cluster(number: int, organization: int) -> Json:
    return {
        "id": item_id("HYBRID_CLUSTER", number, organization),
        "orgId": organization_id(organization),
        "name": f"Cluster {number:02d}",
        "resourceGroupId": item_id("RESOURCE_GROUP", 0, organization),
    }


def _connector(number: int, organization: int, clusters: int, domain: str) -> Json:
    return {
        "id": item_id("HYBRID_CONNECTOR", number, organization),
        "orgId": organization_id(organization),
        "hybridClusterId": item_id("HYBRID_CLUSTER", number % clusters, organization),
        "hostname": f"connector-{number:02d}.{domain}",
        "status": "impaired" if number % 7 == 2 else "operational",
        "created": "2022-09-15T15:53:00Z",
        "type": _CONNECTOR_KINDS[number % len(_CONNECTOR_KINDS)],
        "version": "8.11-1.0.8211",
        "alarms": [],
    }


def _offset_page(
    simulation: Simulation, call: Call, kind: str, organization: int, total: int, build: Builder
) -> Page:
    size = simulation.page_size(call, default=100, limit=1000)
    start = call.request.whole_number("start", 0)
    return index_page(kind, start, total, size, _builder(call, organization, build), lambda end: (f"start={end}",))


def _builder(call: Call, organization: int, build: Builder) -> Callable[[int], Json]:
    now_ms = call.request.now_ms
    return lambda number: build(number, organization, now_ms)


def _one(simulation: Simulation, call: Call, kind: str, amount_of: Callable[[int], Amount], build: Builder) -> Json:
    found = find(kind, call.groups[0])
    if found is None or found[1] >= len(simulation.world.organizations):
        raise Refusal(404, NOT_FOUND)
    number, organization = found
    if number >= amount_at(amount_of(simulation.checked(call, organization)), call.request.moment):
        raise Refusal(404, NOT_FOUND)
    return build(number, organization, call.request.now_ms)
