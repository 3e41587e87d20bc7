"""Rooms, messages and memberships of rooms (Webex API reference, by those names)."""

from collections.abc import Iterator

from webexhist.demo.activity import FIRST_ROOM_OF_OTHERS
from webexhist.demo.amounts import amount_at
from webexhist.demo.directory import find, find_pair, item_id, room_kind
from webexhist.demo.exchange import NOT_FOUND, Call, Json, Page, Refusal
from webexhist.demo.paging import (
    by_cursor,
    cursor,
    index_page,
    position_of,
    read_cursor,
    start_of,
    take_page,
)
from webexhist.demo.records import COMPUTED, POSTED, Message
from webexhist.demo.simulation import Simulation
from webexhist.demo.times import iso, opening_of, parse_time
from webexhist.demo.walk import Position, newest_first
from webexhist.demo.world import organization_id

COMPLIANCE_ROOMS = "spark-compliance:rooms_read"


def list_rooms(simulation: Simulation, call: Call) -> Page:
    """A page of the rooms that the token's owner is in."""
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
    return index_page(
        "room", start, len(wanted), size, lambda place: room_item(simulation, call, wanted[place]), by_cursor
    )


def _latest_rooms(simulation: Simulation, call: Call, rooms: list[int], size: int) -> Page:
    """The rooms by their last activity, latest first. The cursor is a place in that order."""
    now_ms = call.request.now_ms
    ordered = sorted(((_last_activity(simulation, room, now_ms), -room) for room in rooms), reverse=True)
    if call.request.query.get("cursor"):
        after = read_cursor(call.request.query["cursor"])
        ordered = [place for place in ordered if place < after]
    items = [room_item(simulation, call, -room) for _, room in ordered[:size]]
    following = (f"cursor={cursor(*ordered[size - 1])}",) if len(ordered) > size else None
    return Page("room", items, following)


def get_room(simulation: Simulation, call: Call) -> Json:
    """One room; a compliance officer may read those he is not in."""
    return room_item(simulation, call, _room(simulation, call, call.groups[0]))


def room_item(simulation: Simulation, call: Call, room: int) -> Json:
    """A room as the API tells it."""
    created = opening_of(simulation.world.opened) + room % 100_000 * 60_000
    item: Json = {
        "id": item_id("ROOM", room),
        "title": f"Room {room:04d}",
        "type": room_kind(room),
        "isLocked": False,
        "lastActivity": iso(_last_activity(simulation, room, call.request.now_ms)),
        "creatorId": item_id("PEOPLE", 0),
        "created": iso(created),
        "ownerId": organization_id(0),
        "isAnnouncementOnly": False,
        "isReadOnly": False,
        "isPublic": False,
    }
    team = _team_of(simulation, call, room)
    return item if team is None else item | {"teamId": item_id("TEAM", team)}


def list_messages(simulation: Simulation, call: Call) -> Page:
    """A page of a room's messages, newest first; deleted ones are gone."""
    room = _room(simulation, call, call.request.required("roomId"))
    size = simulation.page_size(call, default=50, limit=1000)
    taken, more = take_page(_messages(simulation, call, room), size)
    records, now_ms = simulation.records, call.request.now_ms
    items = [records.message_item(records.message(place, number), now_ms) for _, place, number in taken]
    return Page("message", items, (f"cursor={cursor(*taken[-1])}",) if more else None)


def get_message(simulation: Simulation, call: Call) -> Json:
    """One message."""
    message = _message(simulation, call.groups[0])
    now_ms = call.request.now_ms
    if message.sent_ms > now_ms or _is_deleted(message, now_ms):
        raise Refusal(404, NOT_FOUND)
    return simulation.records.message_item(message, now_ms)


def list_memberships(simulation: Simulation, call: Call) -> Page:
    """A page of a room's members; without a room, of the rooms of the token's owner."""
    size = simulation.page_size(call, default=100, limit=1000)
    start = start_of(call.request)
    if call.request.query.get("roomId"):
        room = _room(simulation, call, call.request.query["roomId"])
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
    """One membership."""
    found = find_pair("MEMBERSHIP", call.groups[0])
    if found is None:
        raise Refusal(404, NOT_FOUND)
    person, room = found
    _readable(simulation, call, room)
    return simulation.records.membership_item(room, person, opening_of(simulation.world.opened))


def _membership(simulation: Simulation, call: Call, room: int, place: int) -> Json:
    others = simulation.people(0, call.request.moment) - 1
    person = 1 + (place - 1 + room * 5) % others if place else 0
    return simulation.records.membership_item(room, person, opening_of(simulation.world.opened))


def _messages(simulation: Simulation, call: Call, room: int) -> Iterator[Position]:
    """Where the messages of a room stand, from the cursor on."""
    now_ms = call.request.now_ms
    high_ms = now_ms + 1
    if call.request.query.get("before"):
        try:
            high_ms = min(high_ms, parse_time(call.request.query["before"]))
        except ValueError as error:
            raise Refusal(400, "The parameter 'before' is not a time.") from error
    after = position_of(call.request) or _position_before(simulation, call)
    walk = newest_first(simulation.activity.series_of_room(room), 0, high_ms, after)
    return (place for place in walk if not _is_deleted(simulation.records.message(place[1], place[2]), now_ms))


def _position_before(simulation: Simulation, call: Call) -> Position | None:
    public_id = call.request.query.get("beforeMessage", "")
    if not public_id:
        return None
    message = _message(simulation, public_id)
    number, place = find("MESSAGE", public_id) or (0, COMPUTED)
    return message.sent_ms, place, number


def _message(simulation: Simulation, public_id: str) -> Message:
    found = find("MESSAGE", public_id)
    if found is None or found[1] not in (COMPUTED, POSTED):
        raise Refusal(404, NOT_FOUND)
    try:
        return simulation.records.message(found[1], found[0])
    except LookupError as error:
        raise Refusal(404, NOT_FOUND) from error


def _is_deleted(message: Message, now_ms: int) -> bool:
    return message.deleted_ms is not None and message.deleted_ms <= now_ms


def _room(simulation: Simulation, call: Call, public_id: str) -> int:
    """The number of a room that the token may read; anything else is not found."""
    found = find("ROOM", public_id)
    if found is None:
        raise Refusal(404, NOT_FOUND)
    return _readable(simulation, call, found[0])


def _readable(simulation: Simulation, call: Call, room: int) -> int:
    """The same number; not found where the token may not read that room."""
    if room < amount_at(simulation.world.rooms, call.request.moment):
        return room
    others = room - FIRST_ROOM_OF_OTHERS
    if 0 <= others < simulation.world.rooms_of_others and COMPLIANCE_ROOMS in call.token.scopes:
        return room
    raise Refusal(404, NOT_FOUND)


def _last_activity(simulation: Simulation, room: int, now_ms: int) -> int:
    return simulation.activity.last_activity(room, now_ms) or opening_of(simulation.world.opened)


def _team_of(simulation: Simulation, call: Call, room: int) -> int | None:
    """The team whose general room it is: the first rooms belong to the teams, unless they are direct."""
    teams = amount_at(simulation.world.teams, call.request.moment)
    return room if room < teams and room_kind(room) == "group" else None
