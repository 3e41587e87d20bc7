"""Teams and their memberships (Webex API reference: Teams, Team Memberships)."""

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal, Standing
from webexhist.simulator.http.paging import by_cursor, index_page, start_of
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.directory import find, find_pair, item_id, pair_id, person_email, person_name
from webexhist.simulator.world.plans import organization_id
from webexhist.simulator.world.times import iso, start_of_day


def list_teams(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the teams that the owner of the token is in."""
    total = amount_at(simulation.world.teams, call.request.moment)
    size = simulation.page_size(call, default=100, limit=1000)
    return index_page("team", start_of(call.request), total, size, lambda team: _team(simulation, team), by_cursor)


def get_team(simulation: Simulation, call: Call) -> Json:
    """Returns one team."""
    return _team(simulation, _number(simulation, call, call.groups[0]))


def list_team_memberships(simulation: Simulation, call: Call) -> Standing:
    """Returns a page of the members of a team."""
    team = _number(simulation, call, call.request.required("teamId"))
    moment = call.request.moment
    total = amount_at(simulation.world.memberships_per_team, moment)
    people = max(1, simulation.people(0, moment))
    size = simulation.page_size(call, default=100, limit=1000)

    def membership(place: int) -> Json:
        return _membership(simulation, team, (place + team * 7) % people, place)

    start = start_of(call.request)
    return Standing(
        (total, people),
        lambda: index_page("team membership", start, min(total, people), size, membership, by_cursor),
    )


def get_team_membership(simulation: Simulation, call: Call) -> Json:
    """Returns one membership."""
    found = find_pair("TEAM_MEMBERSHIP", call.groups[0])
    moment = call.request.moment
    people = max(1, simulation.people(0, moment))
    if found is None or found[1] >= amount_at(simulation.world.teams, moment):
        raise Refusal(404, NOT_FOUND)
    person, team = found
    place = (person - team * 7) % people
    if person >= people or place >= amount_at(simulation.world.memberships_per_team, moment):
        raise Refusal(404, NOT_FOUND)
    return _membership(simulation, team, person, place)


def _membership(simulation: Simulation, team: int, person: int, place: int) -> Json:
    return {
        "id": pair_id("TEAM_MEMBERSHIP", person, "TEAM", team),
        "teamId": item_id("TEAM", team),
        "personId": item_id("PEOPLE", person),
        "personEmail": person_email(person, simulation.world.own.domain),
        "personDisplayName": person_name(person),
        "personOrgId": organization_id(0),
        "isModerator": place == 0,
        "created": iso(start_of_day(simulation.world.opened) + place * 1_000),
    }


def _team(simulation: Simulation, team: int) -> Json:
    return {
        "id": item_id("TEAM", team),
        "name": f"Team {team:03d}",
        "creatorId": item_id("PEOPLE", 0),
        "created": iso(start_of_day(simulation.world.opened) + team * 60_000),
    }


def _number(simulation: Simulation, call: Call, public_id: str) -> int:
    found = find("TEAM", public_id)
    if found is None or found[0] >= amount_at(simulation.world.teams, call.request.moment):
        raise Refusal(404, NOT_FOUND)
    return found[0]
