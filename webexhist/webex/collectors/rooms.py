"""The token owner's rooms, and the messages in them, for a token that may not read the organization's events."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import WebexClient, distinct, identity
from webexhist.webex.api.json_values import JsonObject, created_at, moment, query_time
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.inventory import LARGEST_PAGE
from webexhist.webex.collectors.windows import MARGIN, Span, gather_windows, next_span, server_now

SOURCE = "rooms"
LOOK_BACK = timedelta(days=31)
"""Walking further back would be walking the history."""
MESSAGE_PAGE = 100


@dataclass(frozen=True, slots=True)
class RoomList:
    """Every room the owner is in, and the server's clock before they were listed."""

    asked_at: datetime
    rooms: Mapping[str, JsonObject]


class RoomListing:
    """Lists the rooms once a poll, for the collector that counts them and for the one that walks them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.listed: RoomList | None = None

    def get(self, client: WebexClient) -> RoomList:
        with self.lock:
            if self.listed is None:
                asked_at = server_now(client)
                self.listed = RoomList(asked_at, distinct(client.pages("/v1/rooms", max=LARGEST_PAGE)))
            return self.listed


def room_collectors() -> tuple[Collector, Collector]:
    """Two collectors for one poll: the number of rooms, and the messages in them."""
    listing = RoomListing()

    def collect_rooms(client: WebexClient, target: Target) -> Gathered:
        return Gathered((Count(Metric.ROOMS, len(listing.get(client).rooms)),))

    def collect_room_messages(client: WebexClient, target: Target) -> Gathered:
        listed = listing.get(client)
        # Not later than the list: a room that is touched after it was listed would be missed.
        span = next_span(target, SOURCE, listed.asked_at, LOOK_BACK)
        touched = [webex_id for webex_id, room in listed.rooms.items() if may_hold(room, span)]
        return gather_windows(client, span, SOURCE, room_messages, lambda part: count_messages(client, touched, part))

    rooms = Collector("rooms", collect_rooms, counts=(Metric.ROOMS,))
    room_messages = Collector("room messages", collect_room_messages, counts=(Metric.ROOM_MESSAGES_CREATED,))
    return rooms, room_messages


def may_hold(room: JsonObject, span: Span) -> bool:
    """Whether a room can hold messages of the span: those that nobody touched since it opened cannot."""
    touched_at = moment(room.get("lastActivity"))
    return touched_at is None or touched_at > span.opened_at


def count_messages(client: WebexClient, rooms: list[str], span: Span) -> Counter[Metric]:
    """The number of messages in those rooms in the span. Nothing of a message is kept but that it was there."""

    def count_room(room: str) -> int:
        return count_room_messages(client, room, span)

    empty = span.opened_at == span.counted_until
    return Counter({Metric.ROOM_MESSAGES_CREATED: 0 if empty else sum(client.side_by_side(count_room, rooms))})


def count_room_messages(client: WebexClient, room: str, span: Span) -> int:
    """One room, newest message first, from the span's end down to its start."""
    before = query_time(span.counted_until + MARGIN)
    seen: set[str] = set()
    for page in client.pages("/v1/messages", roomId=room, before=before, max=MESSAGE_PAGE):
        times = [created_at(message, "GET /v1/messages") for message in page]
        seen |= {identity(message) for message, at in zip(page, times, strict=True) if span.holds(at)}
        if times and min(times) <= span.opened_at:
            break
    return len(seen)
