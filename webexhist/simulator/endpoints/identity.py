"""People as the identity service knows them: SCIM 2 users (Webex API reference, SCIM 2 Users; RFC 7644)."""

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import Json, Page, Refusal
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.directory import person_email, person_name, uuid
from webexhist.simulator.world.ids import index_of
from webexhist.simulator.world.times import iso, start_of_day

USER_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
CISCO_SCHEMA = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
LARGEST_PAGE = 1000


def list_users(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the identities, by `startIndex` (from 1) and `count`: people first, then rooms."""
    query = call.request.query
    organization = simulation.organization_with_id(call, call.groups[0])
    people = simulation.people(organization, call.request.moment)
    total = people + amount_at(simulation.plan(organization).identities_besides_people, call.request.moment)
    numbers: range | list[int] = range(total)
    if query.get("filter"):
        wanted = _user_name_in(query["filter"])
        domain = simulation.plan(organization).domain
        numbers = [number for number in range(people) if person_email(number, domain) == wanted]
    start = max(1, _number(call, "startIndex", 1))
    shown = numbers[start - 1 : start - 1 + min(_number(call, "count", 100), LARGEST_PAGE)]
    attributes = [name for name in query.get("attributes", "").split(",") if name]
    users = [_user(simulation, organization, number, people) for number in shown]
    around = {
        "schemas": [LIST_SCHEMA],
        "totalResults": len(numbers),
        "itemsPerPage": len(shown),
        "startIndex": start,
    }
    return Page("user", [_only(user, attributes) for user in users], key="Resources", around=around)


def get_user(simulation: Simulation, call: Call) -> Json:
    """Returns one identity."""
    organization = simulation.organization_with_id(call, call.groups[0])
    people = simulation.people(organization, call.request.moment)
    try:
        _, number, _ = index_of(call.groups[1])
    except ValueError:
        number = people
    if number >= people or uuid("PEOPLE", number, organization) != call.groups[1]:
        raise Refusal(404, "The user was not found.", scim_type="noTarget")
    return _user(simulation, organization, number, people)


def _user(simulation: Simulation, organization: int, number: int, people: int) -> Json:
    domain, created = (
        simulation.plan(organization).domain,
        iso(start_of_day(simulation.world.opened) + number * 61_000),
    )
    is_person = number < people
    name = person_name(number) if is_person else f"Room {number - people:04d}"
    email = person_email(number, domain) if is_person else f"room.{number - people:04d}@{domain}"
    return {
        "schemas": [USER_SCHEMA, CISCO_SCHEMA],
        "id": uuid("PEOPLE", number, organization),
        "userName": email,
        "active": number % 50 != 18,
        "userType": "user" if is_person else "room",
        "displayName": name,
        "name": {"givenName": name.split()[0], "familyName": name.split()[1]},
        "emails": [{"value": email, "type": "work", "primary": True}],
        "meta": {
            "resourceType": "User",
            "location": f"https://webexapis.example/identity/scim/v2/Users/{uuid('PEOPLE', number, organization)}",
            "version": "1",
            "created": created,
            "lastModified": created,
        },
        CISCO_SCHEMA: {"accountStatus": ["active"]},
    }


def _only(user: Json, attributes: list[str]) -> Json:
    """Returns the attributes of the request and the schemas; all attributes if the request names none."""
    return {name: user[name] for name in user if name in attributes or name == "schemas"} if attributes else user


def _user_name_in(text: str) -> str:
    """Returns the name in a filter like `userName eq "…"`. Other filters are refused."""
    attribute, _, rest = text.partition(" eq ")
    if attribute.lower() != "username" or not rest.startswith('"') or not rest.endswith('"'):
        raise Refusal(400, f"The filter {text} is not supported.", scim_type="invalidFilter")
    return rest.strip('"')


def _number(call: Call, name: str, default: int) -> int:
    text = call.request.query.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise Refusal(400, f"{name} is not a number.", scim_type="invalidValue")
    return int(text)
