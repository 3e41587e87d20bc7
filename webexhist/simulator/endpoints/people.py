"""People: `/v1/people`, `/v1/people/me`, `/v1/people/{id}` (Webex API reference, People)."""

from collections.abc import Callable, Iterator

from webexhist.simulator.auth.access import COMPLIANCE_OFFICER, FULL_ADMIN
from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal
from webexhist.simulator.http.paging import take_page
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.directory import find, item_id, person_email, person_name
from webexhist.simulator.world.ids import webex_id
from webexhist.simulator.world.plans import organization_id
from webexhist.simulator.world.times import DAY_MS, iso, start_of_day

ADMIN_SCOPE = "spark-admin:people_read"
PEOPLE_IN_ONE_REQUEST = 85
"""How many ids a request may have."""

Matches = Callable[[int], bool]


def list_people(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the people of an organization."""
    query = call.request.query
    if ADMIN_SCOPE not in call.token.scopes and not query.get("email") and not query.get("displayName"):
        raise Refusal(400, "Email, displayName, or id list should be specified.")
    organization = simulation.organization(call)
    limit = 100 if call.request.flag("callingData") else 1000
    limit = 50 if query.get("locationId") else limit
    size = simulation.page_size(call, default=100, limit=limit)
    matches = _filter(simulation, call, organization)
    candidates = (number for number in _remaining(simulation, call, organization) if matches(number))
    numbers, more = take_page(candidates, size)
    build = _person_builder(simulation, call, organization)
    following = ("before", f"after={item_id('PEOPLE', numbers[-1], organization)}") if more else None
    return Page("person", [build(number) for number in numbers], following, around={"notFoundIds": []})


def get_person(simulation: Simulation, call: Call) -> Json:
    """Returns one person."""
    found = find("PEOPLE", call.groups[0])
    if found is None or found[1] >= len(simulation.world.organizations):
        raise Refusal(404, NOT_FOUND)
    number, organization = found
    if number >= simulation.people(simulation.checked(call, organization), call.request.moment):
        raise Refusal(404, NOT_FOUND)
    return _person_builder(simulation, call, organization)(number)


def get_me(simulation: Simulation, call: Call) -> Json:
    """Returns the owner of the token."""
    return _person_builder(simulation, call, 0)(0)


def _remaining(simulation: Simulation, call: Call, organization: int) -> Iterator[int]:
    """Yields the numbers of the people after the cursor."""
    after = call.request.query.get("after", "")
    first = 0
    if after:
        found = find("PEOPLE", after)
        if found is None:
            raise Refusal(400, "The parameter 'after' is not valid.")
        first = found[0] + 1
    return iter(range(first, simulation.people(organization, call.request.moment)))


def _filter(simulation: Simulation, call: Call, organization: int) -> Matches:
    query = call.request.query
    domain = simulation.plan(organization).domain
    if query.get("id"):
        ids = query["id"].split(",")
        if len(ids) > PEOPLE_IN_ONE_REQUEST:
            raise Refusal(400, f"At most {PEOPLE_IN_ONE_REQUEST} ids may be asked for.")
        wanted = {found[0] for found in (find("PEOPLE", one) for one in ids) if found}
        return wanted.__contains__
    if query.get("email"):
        return lambda number: person_email(number, domain) == query["email"]
    if query.get("displayName"):
        return lambda number: person_name(number).startswith(query["displayName"])
    if query.get("locationId"):
        location = find("LOCATION", query["locationId"])
        return lambda number: (
            location is not None and location == _location_of(simulation, call, organization, number)
        )
    if query.get("roles"):
        return lambda number: any(role in query["roles"].split(",") for role in roles_of(number))
    return lambda number: True


def roles_of(number: int) -> list[str]:
    """Returns the ids of the administrator roles of a person. Only the first person has any."""
    return [webex_id("ROLE", FULL_ADMIN), webex_id("ROLE", COMPLIANCE_OFFICER)] if number == 0 else []


def _person_builder(simulation: Simulation, call: Call, organization: int) -> Callable[[int], Json]:
    plan = simulation.plan(organization)
    public_id, domain = organization_id(organization), plan.domain
    seats = simulation.seats(organization, call.request.moment)
    now_ms = call.request.now_ms
    opened_ms = start_of_day(simulation.world.opened)
    with_presence = not call.request.flag("excludeStatus") and not call.request.query.get("id")

    def build(number: int) -> Json:
        name = person_name(number)
        habits = plan.habits(number, now_ms)
        person: Json = {
            "id": item_id("PEOPLE", number, organization),
            "emails": [person_email(number, domain)],
            "phoneNumbers": [],
            "displayName": name,
            "firstName": "Person",
            "lastName": f"{number:04d}",
            "userName": person_email(number, domain),
            "orgId": public_id,
            "roles": roles_of(number),
            "licenses": [seat.webex_id for seat in seats if seat.holds(number)],
            "created": iso(opened_ms + number * 61_000),
            "lastModified": iso(opened_ms + number * 61_000 + DAY_MS),
            "invitePending": habits.invite_pending,
            "loginEnabled": habits.login_enabled,
            "type": "person",
        }
        optional = {"department": habits.department, "title": habits.title}
        person |= {key: value for key, value in optional.items() if value}
        if not _lacks_details(number):
            person |= {"manager": person_name(0), "managerId": item_id("PEOPLE", 0, organization)}
        location = _location_of(simulation, call, organization, number)
        if location:
            person["locationId"] = item_id("LOCATION", *location)
        if with_presence and habits.status:
            person["status"] = habits.status
        if with_presence and habits.last_activity_ms is not None:
            person["lastActivity"] = iso(habits.last_activity_ms)
        return person

    return build


def _lacks_details(number: int) -> bool:
    """Whether a person has neither a manager nor a location."""
    return number % 10 == 9


def _location_of(simulation: Simulation, call: Call, organization: int, number: int) -> tuple[int, int] | None:
    """Returns number and organization of the location of a person; None if he has none."""
    locations = amount_at(simulation.plan(organization).locations, call.request.moment)
    return None if _lacks_details(number) or not locations else (number % locations, organization)
