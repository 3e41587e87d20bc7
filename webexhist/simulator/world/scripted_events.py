"""Events that a test or a person adds to the computed ones: messages, changes and others, at any time."""

import threading
from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from webexhist.simulator.world.series import Entry, ListedSeries
from webexhist.simulator.world.times import to_ms


@dataclass(frozen=True)
class ScriptedEvent:
    """An event that was added."""

    resource: str
    kind: str
    ms: int
    number: int
    room: int
    person: int
    text: str
    message: int | None = None
    """The number of the message that this event edits or deletes."""


@dataclass(frozen=True)
class PostedMessage:
    """A message that was posted, and when it was edited and deleted."""

    created: ScriptedEvent
    edited_ms: int | None = None
    deleted_ms: int | None = None


class ScriptedEvents:
    """A log of events. Events can be added while the service runs, in any order of time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._by_room: defaultdict[int, list[Entry]] = defaultdict(list)
        self._all: list[ScriptedEvent] = []
        self._messages: dict[int, PostedMessage] = {}

    def post_message(self, at: datetime, text: str = "Hello", *, room: int = 0, person: int = 0) -> int:
        """Posts a message at a time. Returns its number, by which it can be edited and deleted."""
        event = self.record_event("messages", "created", at, text, room=room, person=person)
        with self._lock:
            self._messages[event.number] = PostedMessage(event)
            insort(self._by_room[room], (event.ms, event.number))
        return event.number

    def edit_message(self, number: int, at: datetime, text: str = "Hello again") -> None:
        """Edits a message that was posted."""
        posted = self._messages[number]
        event = self._add_change("updated", posted, at, text)
        self._messages[number] = replace(posted, edited_ms=event.ms)

    def delete_message(self, number: int, at: datetime) -> None:
        """Deletes a message that was posted. It is no longer in its room; its events stay in the log."""
        posted = self._messages[number]
        event = self._add_change("deleted", posted, at, "")
        self._messages[number] = replace(posted, deleted_ms=event.ms)

    def record_event(
        self, resource: str, kind: str, at: datetime, text: str = "", *, room: int = 0, person: int = 0
    ) -> ScriptedEvent:
        """Adds an event of any resource and type, for instance `memberships`, `created`."""
        return self._add(resource, kind, at, text, room, person, None)

    def record_audit_event(
        self, at: datetime, text: str = "Somebody changed something", category: str = "USERS"
    ) -> None:
        """Adds an admin audit event."""
        self._add("audit", category, at, text, 0, 0, None)

    def series(self) -> dict[tuple[str, str], ListedSeries]:
        """Returns the events so far, by resource and type. It does not change when more are added."""
        with self._lock:
            return {key: ListedSeries(tuple(entries)) for key, entries in self._entries.items()}

    def series_of_room(self, room: int) -> ListedSeries:
        """Returns the messages posted in a room so far."""
        with self._lock:
            return ListedSeries(tuple(self._by_room.get(room, ())))

    def event(self, number: int) -> ScriptedEvent:
        """Returns the event with a number."""
        return self._all[number]

    def message(self, number: int) -> PostedMessage:
        """Returns the message with a number. Raises KeyError if the event of that number is no new message."""
        return self._messages[number]

    def _add_change(self, kind: str, posted: PostedMessage, at: datetime, text: str) -> ScriptedEvent:
        first = posted.created
        return self._add("messages", kind, at, text, first.room, first.person, first.number)

    def _add(
        self, resource: str, kind: str, at: datetime, text: str, room: int, person: int, message: int | None
    ) -> ScriptedEvent:
        with self._lock:
            event = ScriptedEvent(resource, kind, to_ms(at), len(self._all), room, person, text, message)
            self._all.append(event)
            insort(self._entries[resource, kind], (event.ms, event.number))
        return event
