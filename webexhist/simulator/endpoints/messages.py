"""Messages: `/v1/messages`, `/v1/messages/{id}` (Webex API reference, Messages)."""

from collections.abc import Iterator

from webexhist.simulator.endpoints.call import Call
from webexhist.simulator.endpoints.records import COMPUTED, SCRIPTED, Message
from webexhist.simulator.endpoints.rooms import readable_room
from webexhist.simulator.endpoints.simulation import Simulation
from webexhist.simulator.http.exchange import NOT_FOUND, Json, Page, Refusal
from webexhist.simulator.http.paging import cursor, position_of, take_page
from webexhist.simulator.world.directory import find
from webexhist.simulator.world.series import Position, newest_first
from webexhist.simulator.world.times import parse_time


def list_messages(simulation: Simulation, call: Call) -> Page:
    """Returns a page of the messages of a room, newest first, without those that were deleted."""
    room = readable_room(simulation, call, call.request.required("roomId"))
    size = simulation.page_size(call, default=50, limit=1000)
    taken, more = take_page(_messages(simulation, call, room), size)
    records, now_ms = simulation.records, call.request.now_ms
    items = [records.message_item(records.message(place, number), now_ms) for _, place, number in taken]
    return Page("message", items, (f"cursor={cursor(*taken[-1])}",) if more else None)


def get_message(simulation: Simulation, call: Call) -> Json:
    """Returns one message."""
    message = _message(simulation, call.groups[0])
    now_ms = call.request.now_ms
    if message.sent_ms > now_ms or _is_deleted(message, now_ms):
        raise Refusal(404, NOT_FOUND)
    return simulation.records.message_item(message, now_ms)


def _messages(simulation: Simulation, call: Call, room: int) -> Iterator[Position]:
    """Yields the positions of the messages of a room, from the cursor on."""
    now_ms = call.request.now_ms
    high_ms = now_ms + 1
    if call.request.query.get("before"):
        try:
            high_ms = min(high_ms, parse_time(call.request.query["before"]))
        except ValueError as error:
            raise Refusal(400, "The parameter 'before' is not a time.") from error
    after = position_of(call.request) or _position_before(simulation, call)
    positions = newest_first(simulation.activity.series_of_room(room), 0, high_ms, after)
    return (place for place in positions if not _is_deleted(simulation.records.message(place[1], place[2]), now_ms))


def _position_before(simulation: Simulation, call: Call) -> Position | None:
    public_id = call.request.query.get("beforeMessage", "")
    if not public_id:
        return None
    message = _message(simulation, public_id)
    number, place = find("MESSAGE", public_id) or (0, COMPUTED)
    return message.sent_ms, place, number


def _message(simulation: Simulation, public_id: str) -> Message:
    found = find("MESSAGE", public_id)
    if found is None or found[1] not in (COMPUTED, SCRIPTED):
        raise Refusal(404, NOT_FOUND)
    try:
        return simulation.records.message(found[1], found[0])
    except LookupError as error:
        raise Refusal(404, NOT_FOUND) from error


def _is_deleted(message: Message, now_ms: int) -> bool:
    return message.deleted_ms is not None and message.deleted_ms <= now_ms
