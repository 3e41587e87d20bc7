"""Memberships of rooms: `/v1/memberships`, `/v1/memberships/{id}` (Webex API reference, Memberships)."""

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.rooms import may_read, readable_room
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal
from webexhist.simulator.http.paging import by_cursor, index_page, start_of
from webexhist.simulator.world.amounts import amount_at
from webexhist.simulator.world.directory import find_pair, room_kind
from webexhist.simulator.world.times import start_of_day


def list_memberships(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the members of a room; without a room, of the memberships of the owner of the token."""
    size = simulation.page_size(call, default=100, limit=1000)
    start = start_of(call.request)
    if call.request.query.get("roomId"):
        room = readable_room(simulation, call, call.request.query["roomId"])
        members = 2 if room_kind(room) == "direct" else 3 + room % 20
        total = min(members, simulation.people(0, call.request.moment))
        return index_page(
            "membership", start, total, size, lambda number: _membership(simulation, call, room, number), by_cursor
        )
    rooms = amount_at(simulation.world.rooms, call.request.moment)
    return index_page(
        "membership", start, rooms, size, lambda room: _membership(simulation, call, room, 0), by_cursor
    )


def get_membership(simulation: Simulation, call: Call) -> Json:
    """Returns one membership."""
    found = find_pair("MEMBERSHIP", call.groups[0])
    if found is None or not may_read(simulation, call, found[1]):
        raise Refusal(404, NOT_FOUND)
    person, room = found
    return simulation.records.membership_item(room, person, start_of_day(simulation.world.opened))


def _membership(simulation: Simulation, call: Call, room: int, place: int) -> Json:
    others = simulation.people(0, call.request.moment) - 1
    person = 1 + (place - 1 + room * 5) % others if place else 0
    return simulation.records.membership_item(room, person, start_of_day(simulation.world.opened))
