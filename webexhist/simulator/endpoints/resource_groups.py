"""Resource groups, and both versions of their memberships (Webex API reference, the pages of these names)."""

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import Json, Page
from webexhist.simulator.http.paging import by_cursor, index_page, start_of
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.directory import item_id, uuid
from webexhist.simulator.world.ids import webex_id
from webexhist.simulator.world.plans import organization_id


def list_resource_groups(simulation: Simulation, call: Call) -> Page:
    """Returns the resource groups of an organization: only the default one."""
    organization = simulation.organization(call)
    group = {
        "id": item_id("RESOURCE_GROUP", 0, organization),
        "name": "Default",
        "orgId": organization_id(organization),
    }
    return Page("resource group", [group])


def list_memberships(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the memberships of people; the parameter for the organization is personOrgId."""
    return _memberships(simulation, call, simulation.organization(call, "personOrgId"), {"User"})


def list_memberships_v2(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the memberships of people and workspaces; the parameter for the organization is orgId."""
    wanted = call.request.query.get("type")
    return _memberships(
        simulation, call, simulation.organization(call), {wanted} if wanted else {"User", "Workspace"}
    )


def _memberships(simulation: Simulation, call: Call, organization: int, types: set[str]) -> Page:
    plan, moment = simulation.plan(organization), call.request.moment
    amounts = (
        ("User", "activated", plan.resource_group_activated),
        ("User", "pending", plan.resource_group_pending),
        ("User", "error", plan.resource_group_error),
        ("Workspace", "activated", plan.resource_group_workspaces),
    )
    everything = [(kind, status) for kind, status, amount in amounts for _ in range(amount_at(amount, moment))]
    wanted = call.request.query.get("status")
    numbers = [
        number for number, (kind, status) in enumerate(everything) if kind in types and wanted in (None, "", status)
    ]
    license_id = next((seat.webex_id for seat in simulation.seats(organization, moment)), "")

    def membership(place: int) -> Json:
        kind, status = everything[numbers[place]]
        holder = "PEOPLE" if kind == "User" else "PLACE"
        key = f"{uuid(holder, numbers[place], organization)}:{license_id[-12:]}"
        return {
            "id": webex_id("RESOURCE_GROUP_MEMBERSHIP", key),
            "resourceGroupId": item_id("RESOURCE_GROUP", 0, organization),
            "licenseId": license_id,
            "personId": item_id(holder, numbers[place], organization),
            "personOrgId": organization_id(organization),
            "status": status,
        }

    size = simulation.page_size(call, default=100, limit=1000)
    return index_page("resource group membership", start_of(call.request), len(numbers), size, membership, by_cursor)
