"""The messages of many rooms as one list, newest first.

Each room's list is newest first, and so are all of them together as far back as each of them is read. So what was
read shows how far back everything is known, as in any list in order, and no window has to be cut for many rooms.
Where a poll leaves the list, it leaves the rooms that are not read to their end: the next poll asks for no others.
"""

import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from webexhist.webex.api.client import WebexClient
from webexhist.webex.api.errors import BadAnswer
from webexhist.webex.api.items import Page, leading_to
from webexhist.webex.api.json_values import JsonObject, identifier, moment, query_time
from webexhist.webex.collectors.windows import MARGIN

PATH = "/v1/messages"
MESSAGE_PAGE = 100
MOST_AT_ONCE = 8
SHARE_AT_ONCE = 0.25
"""Of how many rooms that go on the next pages are asked for at once: where a poll ends, the furthest are lost."""
ALWAYS = datetime.min.replace(tzinfo=UTC)
Held = list[tuple[datetime | None, JsonObject]]
"""Messages with their times."""


class RoomReading:
    """One room, read page by page from a time down to another."""

    def __init__(self, client: WebexClient, room: str, after: datetime, until: datetime) -> None:
        # A time that has not come is no mistake here, and the very moment that is given is left out.
        before = query_time(until + MARGIN)
        self.pages = client.pages(PATH, roomId=room, before=before, max=MESSAGE_PAGE)
        self.room, self.after, self.until = room, after, until
        self.back_to = until
        """How far back it is read."""
        self.is_done = False
        self.held: Held = []
        """What was read and not taken yet, with its time."""

    def read(self) -> None:
        """Reads the next page, if there is one."""
        page = next(self.pages, None)
        if page is None:
            self.is_done = True
            return
        self.is_done = page.following is None
        for message in page:
            at = moment(message.get("created"))
            if at and at > self.until:
                continue
            self.back_to = min(self.back_to, at or self.back_to)
            self.is_done |= self.back_to < self.after
            # What follows a message of before the window is of before it too.
            if at >= self.after if at else self.back_to > self.after + MARGIN:
                self.held.append((at, without_content(message, self.room)))
        page.clear()  # the list waits for its next page meanwhile, and there may be many rooms

    def handed_over(self) -> Held:
        """What is left of a room that is read to its end."""
        held, self.held = self.held, []
        return held

    def taken(self, after: datetime) -> list[JsonObject]:
        """Takes what is newer than that, or has no time."""
        taken = [message for at, message in self.held if at is None or at > after]
        self.held = [each for each in self.held if each[0] is not None and each[0] <= after]
        return taken


def without_content(message: JsonObject, room: str) -> JsonObject:
    """What tells a message from others, of that room and of others, and when it was; all of one that has no id."""
    name = identifier(message.get("id"))
    if name is None:
        return message | {"roomId": room}
    return {"id": f"{name} of {room}", "created": message.get("created")}


def message_pages(
    client: WebexClient, rooms: Iterable[str], between: Mapping[str, str], left: Iterable[str] = ()
) -> Iterator[Page]:
    """The messages of rooms between two times, by `from` and `to`; the first page is all rooms' first.

    `left` are the times of further messages, which the last poll read in rooms that it read to their end.
    """
    after, until = (moment(between[end]) or ALWAYS for end in ("from", "to"))
    readings = asked = [RoomReading(client, room, after, until) for room in rooms]
    held: Held = [(moment(at), message_of(at, number)) for at, number in numbered(left)]
    client.require_time_for(len(readings), "a page of each room's messages")
    while asked or held:
        client.side_by_side(RoomReading.read, asked)
        unfinished = sorted((each for each in readings if not each.is_done), key=back_to, reverse=True)
        known_after = unfinished[0].back_to if unfinished else ALWAYS
        held += [each for reading in readings if reading.is_done for each in reading.handed_over()]
        messages = [message for each in readings for message in each.taken(known_after)]
        messages += [message for at, message in held if at is None or at > known_after]
        held = [each for each in held if each[0] is not None and each[0] <= known_after]
        page = MergedPage(sorted(messages, key=created, reverse=True))
        page.left = (unfinished, held, between["from"], known_after)
        page.following = PATH if unfinished else None
        yield page
        asked = unfinished[: max(1, min(MOST_AT_ONCE, int(SHARE_AT_ONCE * len(unfinished))))]


def numbered(times: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Each time with how many equal ones were before it."""
    before: Counter[str] = Counter()
    for at in times:
        yield at, before[at]
        before[at] += 1


def message_of(at: str, number: int) -> JsonObject:
    """A message of which only its time was kept: nobody reads it again."""
    return {"id": f"left {at} {number}", "created": at}


class MergedPage(Page):
    """A page of the list of many rooms."""

    left: tuple[Sequence[RoomReading], Held, str, datetime]
    """The rooms that are not read to their end, what was read in the others and is older, and between which times."""

    def place(self) -> str:
        """The rooms to go on with, and the times of what was read in the others."""
        unfinished, held, after, known_after = self.left
        times = [str(message["created"]) for _, message in held]
        rooms = [each.room for each in unfinished]
        return json.dumps({"rooms": rooms, "left": times, "from": after, "to": known_after.isoformat()})


def rest_of_pages(client: WebexClient, listed: Container[str], link: str) -> Iterator[Page]:
    """The pages from there on, of the rooms that are still listed; an empty one leads to them.

    Raises:
        BadAnswer: it is no place that was left.
    """
    try:
        kept = json.loads(link)
        rooms, left = ([str(each) for each in kept[name]] for name in ("rooms", "left"))
        between = {end: str(kept[end]) for end in ("from", "to")}
    except (ValueError, LookupError, TypeError) as error:
        raise BadAnswer("the place is none at which a list of messages was left") from error
    yield leading_to(link)
    yield from message_pages(client, [room for room in rooms if room in listed], between, left)


def back_to(reading: RoomReading) -> datetime:
    return reading.back_to


def created(message: JsonObject) -> datetime:
    return moment(message.get("created")) or ALWAYS
