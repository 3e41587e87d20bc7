"""Messages, memberships and events as JSON, both the computed and the scripted ones."""

from dataclasses import dataclass

from webexhist.simulator.http.exchange import Json
from webexhist.simulator.world.activity import Activity
from webexhist.simulator.world.directory import (
    item_id,
    organization_bare_id,
    pair_id,
    person_email,
    person_name,
    room_kind,
    uuid,
)
from webexhist.simulator.world.ids import webex_id
from webexhist.simulator.world.plans import organization_id
from webexhist.simulator.world.rhythm import EchoRhythm
from webexhist.simulator.world.scripted_events import ScriptedEvent, ScriptedEvents
from webexhist.simulator.world.series import RhythmSeries, Series
from webexhist.simulator.world.times import iso

COMPUTED = 0
"""The place of the computed messages among the series of a room, and the owner in their ids."""
SCRIPTED = 1
"""The same for scripted messages."""
_FIRST_SCRIPTED_SOURCE = 0x100


@dataclass(frozen=True)
class EventSource:
    """The events of one resource and type, either computed or scripted."""

    resource: str
    kind: str
    number: int
    """A part of the ids of its events, which is different for each source."""
    series: Series

    @property
    def is_scripted(self) -> bool:
        """Whether its events are scripted."""
        return self.number >= _FIRST_SCRIPTED_SOURCE


@dataclass(frozen=True)
class Message:
    """A message with the times of its changes."""

    id: str
    room: int
    person: int
    text: str
    sent_ms: int
    edited_ms: int | None = None
    deleted_ms: int | None = None


class Records:
    """Makes the JSON of messages, memberships and events."""

    def __init__(self, activity: Activity, scripted: ScriptedEvents, domain: str) -> None:
        self._activity = activity
        self._scripted = scripted
        self._domain = domain

    def event_sources(self) -> list[EventSource]:
        """Returns all sources of events. They do not change when more events are added."""
        computed = [
            EventSource(resource, kind, number, RhythmSeries(rhythm))
            for number, ((resource, kind), rhythm) in enumerate(self._activity.computed.items())
        ]
        scripted = [
            EventSource(resource, kind, _FIRST_SCRIPTED_SOURCE + number, series)
            for number, ((resource, kind), series) in enumerate(self._scripted.series().items())
        ]
        return computed + [source for source in scripted if source.resource != "audit"]

    def message(self, place: int, number: int) -> Message:
        """Returns a computed or scripted message. Raises LookupError if there is no message of that number."""
        if place == SCRIPTED:
            posted = self._scripted.message(number)
            first = posted.created
            return Message(
                item_id("MESSAGE", number, SCRIPTED),
                first.room,
                first.person,
                first.text,
                first.ms,
                posted.edited_ms,
                posted.deleted_ms,
            )
        return self._computed_message(number, self._activity.messages.time_of(number))

    def _computed_message(self, number: int, sent_ms: int) -> Message:
        activity = self._activity
        return Message(
            item_id("MESSAGE", number, COMPUTED),
            activity.room_of(number),
            activity.person_of(number),
            f"Message {number}",
            sent_ms,
            activity.edited_ms(number, sent_ms),
            activity.deleted_ms(number, sent_ms),
        )

    def message_item(self, message: Message, now_ms: int) -> Json:
        """Returns a message as JSON."""
        item = {
            "id": message.id,
            "roomId": item_id("ROOM", message.room),
            "roomType": room_kind(message.room),
            "text": message.text,
            "personId": item_id("PEOPLE", message.person),
            "personEmail": person_email(message.person, self._domain),
            "created": iso(message.sent_ms),
        }
        if message.edited_ms is not None and message.edited_ms <= now_ms:
            item["updated"] = iso(message.edited_ms)
        return item

    def membership_item(self, room: int, person: int, created_ms: int) -> Json:
        """Returns the membership of a person in a room as JSON."""
        return {
            "id": pair_id("MEMBERSHIP", person, "ROOM", room),
            "roomId": item_id("ROOM", room),
            "roomType": room_kind(room),
            "personId": item_id("PEOPLE", person),
            "personEmail": person_email(person, self._domain),
            "personDisplayName": person_name(person),
            "personOrgId": organization_id(0),
            "isModerator": False,
            "isMonitor": False,
            "isRoomHidden": False,
            "created": iso(created_ms),
        }

    def event_item(self, source: EventSource, ms: int, number: int) -> Json:
        """Returns an event of a source as JSON, by its time and number."""
        if source.is_scripted:
            event = self._scripted.event(number)
            return self._event(source, number, ms, event.person, self._scripted_data(event))
        activity = self._activity
        if source.resource == "memberships":
            person = activity.person_of(number)
            return self._event(source, number, ms, person, self.membership_item(activity.room_of(number), person, ms))
        rhythm = activity.computed[source.resource, source.kind]
        if isinstance(rhythm, EchoRhythm):
            message = self.message(COMPUTED, rhythm.original(number))
        else:
            message = self._computed_message(number, ms)
        return self._event(source, number, ms, message.person, self.message_item(message, ms))

    def _scripted_data(self, event: ScriptedEvent) -> Json:
        if event.resource == "messages":
            number = event.number if event.message is None else event.message
            return self.message_item(self.message(SCRIPTED, number), event.ms) | {"text": event.text}
        if event.resource == "memberships":
            return self.membership_item(event.room, event.person, event.ms)
        return {"roomId": item_id("ROOM", event.room), "title": event.text}

    def _event(self, source: EventSource, number: int, ms: int, person: int, data: Json) -> Json:
        return {
            "id": webex_id("EVENT", uuid("EVENT", number, source.number)),
            "resource": source.resource,
            "type": source.kind,
            "appId": "null",
            "actorId": item_id("PEOPLE", person),
            "orgId": organization_bare_id(0),
            "created": iso(ms),
            "data": data,
        }
