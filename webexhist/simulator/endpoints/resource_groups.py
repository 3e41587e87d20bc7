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
    """Returns a page of the memberships; the parameter for the organization is personOrgId."""
    return _memberships(simulation, call, simulation.organization(call, "personOrgId"))


def list_memberships_v2(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the memberships; the parameter for the organization is orgId."""
    return _memberships(simulation, call, simulation.organization(call))


def _memberships(simulation: Simulation, call: Call, organization: int) -> Page:
    plan, moment = simulation.plan(organization), call.request.moment
    amounts = {
        "activated": amount_at(plan.resource_group_activated, moment),
        "pending": amount_at(plan.resource_group_pending, moment),
        "error": amount_at(plan.resource_group_error, moment),
    }
    statuses = [status for status, amount in amounts.items() for _ in range(amount)]
    wanted = call.request.query.get("status")
    numbers = [number for number, status in enumerate(statuses) if wanted in (None, "", status)]
    license_id = next((seat.webex_id for seat in simulation.seats(organization, moment)), "")

    def membership(place: int) -> Json:
        person = uuid("PEOPLE", numbers[place], organization)
        return {
            "id": webex_id("RESOURCE_GROUP_MEMBERSHIP", f"{person}:{license_id[-12:]}"),
            "resourceGroupId": item_id("RESOURCE_GROUP", 0, organization),
            "licenseId": license_id,
            "personId": item_id("PEOPLE", numbers[place], organization),
            "personOrgId": organization_id(organization),
            "status": statuses[numbers[place]],
        }

    size = simulation.page_size(call, default=100, limit=1000)
    return index_page("resource group membership", start_of(call.request), len(numbers), size, membership, by_cursor)
