"""Organizations, roles and licenses (Webex API reference: Organizations, Roles, Licenses)."""

from webexhist.simulator.auth.access import ROLE_NAMES
from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal
from webexhist.simulator.http.paging import cursor, index_page, read_cursor
from webexhist.simulator.world.directory import item_id, person_email, person_name
from webexhist.simulator.world.ids import webex_id
from webexhist.simulator.world.plans import organization_id, organization_uuid
from webexhist.simulator.world.seats import Seats
from webexhist.simulator.world.times import from_ms, start_of_day

HOLDERS_A_PAGE = 300


def list_organizations(simulation: Simulation, call: Call) -> Page:
    """Returns the organizations that the token manages, even those that refuse every other request."""
    numbers = range(len(simulation.world.organizations))
    return Page(
        "organization",
        [_organization(simulation, number) for number in numbers if call.token.manages(number)],
    )


def get_organization(simulation: Simulation, call: Call) -> Json:
    """Returns one organization."""
    return _organization(simulation, simulation.organization_with_id(call, call.groups[0]))


def get_identity_organization(simulation: Simulation, call: Call) -> Json:
    """Returns one organization of the identity service, by its UUID."""
    number = simulation.organization_with_id(call, call.groups[0])
    created = _created(simulation)
    return {
        "schemas": ["urn:cisco:codev:identity:organization:core:1.0"],
        "id": organization_uuid(number),
        "displayName": simulation.plan(number).name,
        "preferredLanguage": "en_US",
        "meta": {"created": created, "lastModified": created, "version": "1"},
    }


def list_roles(simulation: Simulation, call: Call) -> Page:
    """Returns all administrator roles."""
    return Page("role", [{"id": webex_id("ROLE", key), "name": name} for key, name in ROLE_NAMES.items()])


def get_role(simulation: Simulation, call: Call) -> Json:
    """Returns one administrator role."""
    for key, name in ROLE_NAMES.items():
        if webex_id("ROLE", key) == call.groups[0]:
            return {"id": call.groups[0], "name": name}
    raise Refusal(404, NOT_FOUND)


def list_licenses(simulation: Simulation, call: Call) -> Page:
    """Returns all licenses of an organization."""
    organization = simulation.organization(call)
    return Page("license", [_license(seat) for seat in simulation.seats(organization, call.request.moment)])


def get_license(simulation: Simulation, call: Call) -> Page | Json:
    """Returns one license; with `includeAssignedTo=user` also a page of its holders."""
    for organization in range(len(simulation.world.organizations)):
        for seat in simulation.seats(organization, call.request.moment):
            if seat.webex_id == call.groups[0]:
                simulation.checked(call, organization)
                if call.request.query.get("includeAssignedTo") == "user":
                    return _holders(simulation, call, organization, seat)
                return _license(seat)
    raise Refusal(404, NOT_FOUND)


def _holders(simulation: Simulation, call: Call, organization: int, seat: Seats) -> Page:
    size = simulation.page_size(call, default=HOLDERS_A_PAGE, limit=HOLDERS_A_PAGE, name="limit")
    start = read_cursor(call.request.query["next"])[0] if call.request.query.get("next") else 0
    domain = simulation.plan(organization).domain

    def holder(number: int) -> Json:
        if number >= seat.internal_holders:
            stranger = number - seat.internal_holders
            return _holder("EXTERNAL", stranger, 0xFFFF, "partner.example")
        return _holder("INTERNAL", seat.holder(number), organization, domain)

    page = index_page("holder", start, seat.by_users or 0, size, holder, lambda end: (f"next={cursor(end)}",))
    return Page(page.kind, page.items, page.following, "users", _license(seat))


def _holder(kind: str, number: int, organization: int, domain: str) -> Json:
    return {
        "id": item_id("PEOPLE", number, organization),
        "type": kind,
        "displayName": person_name(number),
        "email": person_email(number, domain),
    }


def _license(seat: Seats) -> Json:
    item: Json = {
        "id": seat.webex_id,
        "name": seat.name,
        "totalUnits": seat.total,
        "consumedUnits": seat.consumed,
        "consumedByUsers": seat.by_users,
        "consumedByWorkspaces": seat.by_workspaces,
    }
    optional = {
        "subscriptionId": seat.plan.subscription,
        "siteUrl": seat.plan.site_url,
        "siteType": seat.plan.site_type,
    }
    return item | {name: value for name, value in optional.items() if value is not None}


def _organization(simulation: Simulation, number: int) -> Json:
    return {
        "id": organization_id(number),
        "displayName": simulation.plan(number).name,
        "created": _created(simulation),
    }


def _created(simulation: Simulation) -> str:
    return from_ms(start_of_day(simulation.world.opened)).isoformat()
