"""The messages of many rooms as one list, newest first.

Each room's list is newest first, and so are all of them together as far back as each of them is read. So what was
read shows how far back everything is known, as in any list in order, and no window has to be cut for many rooms.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.items import Page
from webexhist.webex.api.json_values import JsonObject, identifier, moment, query_time
from webexhist.webex.collectors.windows import MARGIN

MESSAGE_PAGE = 100
MOST_AT_ONCE = 8
SHARE_AT_ONCE = 0.25
"""Of how many rooms that go on the next pages are asked for at once: where a poll ends, the furthest are lost."""
ALWAYS = datetime.min.replace(tzinfo=UTC)


class RoomReading:
    """One room, read page by page from a time down to another."""

    def __init__(self, client: WebexClient, room: str, after: datetime, before: datetime) -> None:
        self.pages = client.pages("/v1/messages", roomId=room, before=query_time(before), max=MESSAGE_PAGE)
        self.room, self.after = room, after
        self.back_to = before
        """How far back it is read."""
        self.is_done = False
        self.held: list[tuple[datetime | None, JsonObject]] = []
        """What was read and not taken yet, with its time."""

    def read(self) -> None:
        """Reads the next page, if there is one."""
        page = next(self.pages, None)
        if page is None:
            self.is_done = True
            return
        for message in page:
            at = moment(message.get("created"))
            self.back_to = min(self.back_to, at or self.back_to)
            self.is_done |= self.back_to < self.after
            # What follows a message of before the window is of before it too.
            if at >= self.after if at else self.back_to > self.after + MARGIN:
                self.held.append((at, without_content(message, self.room)))
        page.clear()  # the list waits for its next page meanwhile, and there may be many rooms

    def taken(self, after: datetime) -> Page:
        """Takes what is newer than that, or has no time."""
        taken = [message for at, message in self.held if at is None or at > after]
        self.held = [each for each in self.held if each[0] is not None and each[0] <= after]
        return Page(taken)


def without_content(message: JsonObject, room: str) -> JsonObject:
    """What tells a message from others, of that room and of others, and when it was; all of one that has no id."""
    name = identifier(message.get("id"))
    if name is None:
        return message | {"roomId": room}
    return {"id": f"{name} of {room}", "created": message.get("created")}


def message_pages(client: WebexClient, rooms: Iterable[str], between: Mapping[str, str]) -> Iterator[Page]:
    """The messages of rooms between two times, by `from` and `to`; the first page is all rooms' first."""
    after, until = (moment(between[end]) or ALWAYS for end in ("from", "to"))
    # A time that has not come is no mistake here, and the very moment that is given is left out.
    readings = asked = [RoomReading(client, room, after, until + MARGIN) for room in rooms]
    while asked:
        client.side_by_side(RoomReading.read, asked)
        unfinished = sorted((each for each in readings if not each.is_done), key=back_to, reverse=True)
        known_after = unfinished[0].back_to if unfinished else ALWAYS
        messages = [message for each in readings for message in each.taken(known_after)]
        yield Page(sorted(messages, key=created, reverse=True))
        asked = unfinished[: max(1, min(MOST_AT_ONCE, int(SHARE_AT_ONCE * len(unfinished))))]


def back_to(reading: RoomReading) -> datetime:
    return reading.back_to


def created(message: JsonObject) -> datetime:
    return moment(message.get("created")) or ALWAYS
