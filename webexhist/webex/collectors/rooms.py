"""The token owner's rooms, and the messages in them, for a token that may not read the organization's events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.config import Settings
from webexhist.metrics import Metric
from webexhist.snapshot import Count
from webexhist.webex.api.client import LARGEST_PAGE, WebexClient
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.items import distinct
from webexhist.webex.api.json_values import moment
from webexhist.webex.auth.scopes import Permission, Scope
from webexhist.webex.collectors.event_lists import EventList
from webexhist.webex.collectors.interface import Collector, Gathered, Target
from webexhist.webex.collectors.lists import asked_twice
from webexhist.webex.collectors.room_messages import message_pages, rest_of_pages
from webexhist.webex.collectors.window_counting import gather_list
from webexhist.webex.collectors.windows import Span, next_span, reliable_now, span_up_to

SOURCE = "rooms"
LOOK_BACK = timedelta(days=31)
"""Reading further back would be reading the history."""

ROOMS_READ = Scope("spark:rooms_read", "the number of rooms", "no count of rooms, and no messages counted by rooms")
MESSAGES_READ = Scope(
    "spark:messages_read",
    "messages counted in the rooms that you are in; their texts are not kept",
    "no count of messages, unless with --compliance",
    unless="--compliance",
)


@dataclass(frozen=True, slots=True)
class RoomList:
    """Every room the owner is in."""

    asked_at: datetime | None
    """The server's clock before they were listed; None where it cannot be relied on."""
    rooms: Mapping[str, datetime | None]
    """When each was last used, by their ids."""

    @property
    def newest_activity(self) -> datetime | None:
        """When the room was used that was used last; None where none is known to have been."""
        return max((used_at for used_at in self.rooms.values() if used_at), default=None)

    def used_since(self, begin: str) -> list[str]:
        """The rooms that may hold messages since then: those that nobody used cannot."""
        after = moment(begin)
        return [room for room, used_at in self.rooms.items() if not (used_at and after) or used_at > after]


def list_rooms(client: WebexClient, target: Target) -> RoomList:
    """Every room of the token's owner, with when each was used last."""
    began = client.time.now()
    asked_at = reliable_now(client)

    def list_all() -> dict[str, datetime | None]:
        pages = client.pages_of("/v1/rooms", lambda: target.expected(Metric.ROOMS), max=LARGEST_PAGE)
        return distinct(pages, lambda room: moment(room.get("lastActivity")))

    rooms = asked_twice(client, target, [Metric.ROOMS], list_all)
    if asked_at is None and (listed_at := reliable_now(client)):  # the list was the first answer
        asked_at = listed_at - timedelta(seconds=client.time.now() - began)
    return RoomList(asked_at, rooms)


def collect_rooms(client: WebexClient, target: Target) -> Gathered:
    """The number of rooms of the token's owner."""
    return Gathered((Count(Metric.ROOMS, len(target.once.answer(list_rooms, client, target).rooms)),))


def collect_room_messages(client: WebexClient, target: Target) -> Gathered:
    """The messages of a window in the rooms of the token's owner."""
    listed = target.once.answer(list_rooms, client, target)
    if listed.asked_at is None and not listed.rooms:
        return Gathered((Count(Metric.ROOM_MESSAGES_CREATED, 0),))
    span = span_of(listed, target)
    is_empty = span.opened_at >= span.counted_until
    events = EventList(
        lambda client, between: message_pages(
            client, [] if is_empty else listed.used_since(between["from"]), between
        ),
        lambda _message: Metric.ROOM_MESSAGES_CREATED,
        lambda client, place: rest_of_pages(client, listed.rooms, place),
    )
    return gather_list(client, target, span, SOURCE, events)


def span_of(listed: RoomList, target: Target) -> Span:
    """What to count; not later than the list, for a room that is touched after it was listed would be missed.

    Messages of a time that has not come are asked for without complaint: no clock that may be wrong ends a window.

    Raises:
        BadAnswer: neither Webex's time nor that of any activity is known.
    """
    if listed.asked_at is not None:
        return next_span(target, SOURCE, listed.asked_at, LOOK_BACK)
    if listed.newest_activity is None:
        raise BadAnswer("GET /v1/rooms reported neither the time nor when any room was used")
    return span_up_to(target, SOURCE, listed.newest_activity, LOOK_BACK)


def are_messages_counted_in_rooms(settings: Settings) -> bool:
    """Whether the settings have messages counted in rooms alone."""
    return settings.messages_source == SOURCE


ROOM_MESSAGES = Collector(
    name="room messages",
    permission=Permission((ROOMS_READ, MESSAGES_READ)),
    collect=collect_room_messages,
    counts=(Metric.ROOM_MESSAGES_CREATED,),
    place=20,
    asks_by_time=True,
    is_asked=are_messages_counted_in_rooms,
)
ROOMS = Collector(
    name="rooms",
    permission=Permission((ROOMS_READ,)),
    collect=collect_rooms,
    counts=(Metric.ROOMS,),
    place=40,
)
COLLECTORS = (ROOM_MESSAGES, ROOMS)
