"""Rooms: `/v1/rooms`, `/v1/rooms/{id}` (Webex API reference, Rooms)."""

from collections.abc import Callable

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal
from webexhist.simulator.http.paging import by_cursor, cursor, index_page, read_cursor, start_of
from webexhist.simulator.world.activity import FIRST_ROOM_OF_OTHERS
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.directory import find, item_id, room_kind
from webexhist.simulator.world.plans import organization_id
from webexhist.simulator.world.times import iso, start_of_day

COMPLIANCE_ROOMS = "spark-compliance:rooms_read"


def list_rooms(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the rooms that the owner of the token is in."""
    query = call.request.query
    size = simulation.page_size(call, default=100, limit=1000)
    rooms = range(amount_at(simulation.world.rooms, call.request.moment))
    wanted = [room for room in rooms if query.get("type", room_kind(room)) == room_kind(room)]
    if query.get("teamId"):
        team = find("TEAM", query["teamId"])
        wanted = [room for room in wanted if team and _team_of(simulation, call, room) == team[0]]
    if query.get("sortBy") == "lastactivity":
        return _latest_rooms(simulation, call, wanted, size)
    start = start_of(call.request)
    build = _builder(simulation, call)
    return index_page("room", start, len(wanted), size, lambda place: build(wanted[place]), by_cursor)


def _latest_rooms(simulation: Simulation, call: Call, rooms: list[int], size: int) -> Page:
    """Returns a page of the rooms by their last activity, latest first. The cursor is a place in that order."""
    last_activity = _last_activity(simulation, call)
    ordered = sorted(((last_activity(room), -room) for room in rooms), reverse=True)
    if call.request.query.get("cursor"):
        after = read_cursor(call.request.query["cursor"])
        ordered = [place for place in ordered if place < after]
    build = _builder(simulation, call)
    following = (f"cursor={cursor(*ordered[size - 1])}",) if len(ordered) > size else None
    return Page("room", [build(-room) for _, room in ordered[:size]], following)


def get_room(simulation: Simulation, call: Call) -> Json:
    """Returns one room. A compliance officer may read rooms that he is not in."""
    return _builder(simulation, call)(readable_room(simulation, call, call.groups[0]))


def readable_room(simulation: Simulation, call: Call, public_id: str) -> int:
    """Returns the number of the room with a public id. It is refused with 404 if the token may not read it."""
    found = find("ROOM", public_id)
    if found is None or not may_read(simulation, call, found[0]):
        raise Refusal(404, NOT_FOUND)
    return found[0]


def may_read(simulation: Simulation, call: Call, room: int) -> bool:
    """Whether the owner of the token is in a room, or may read it as a compliance officer."""
    others = room - FIRST_ROOM_OF_OTHERS
    is_of_others = 0 <= others < simulation.world.rooms_of_others
    return room < amount_at(simulation.world.rooms, call.request.moment) or (
        is_of_others and COMPLIANCE_ROOMS in call.token.scopes
    )


def _builder(simulation: Simulation, call: Call) -> Callable[[int], Json]:
    """Returns a function that returns a room by its number."""
    opened_ms = start_of_day(simulation.world.opened)
    last_activity = _last_activity(simulation, call)

    def build(room: int) -> Json:
        item: Json = {
            "id": item_id("ROOM", room),
            "title": f"Room {room:04d}",
            "type": room_kind(room),
            "isLocked": False,
            "lastActivity": iso(last_activity(room)),
            "creatorId": item_id("PEOPLE", 0),
            "created": iso(opened_ms + room % FIRST_ROOM_OF_OTHERS * 60_000),
            "ownerId": organization_id(0),
            "isAnnouncementOnly": False,
            "isReadOnly": False,
            "isPublic": False,
        }
        team = _team_of(simulation, call, room)
        return item if team is None else item | {"teamId": item_id("TEAM", team)}

    return build


def _last_activity(simulation: Simulation, call: Call) -> Callable[[int], int]:
    """Returns a function that returns the last activity of a room: the first day if it has no message yet."""
    last_activity = simulation.activity.last_activities(call.request.now_ms)
    opened_ms = start_of_day(simulation.world.opened)
    return lambda room: last_activity(room) or opened_ms


def _team_of(simulation: Simulation, call: Call, room: int) -> int | None:
    """Returns the team of a room. Of the first rooms, as many as there are teams, the group rooms belong to them."""
    teams = amount_at(simulation.world.teams, call.request.moment)
    return room if room < teams and room_kind(room) == "group" else None
