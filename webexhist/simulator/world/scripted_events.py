"""What tests and people make happen beside the computed log: messages, changes and events at any moment they like."""

import threading
from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from webexhist.simulator.world.merge import Entry, ListedSeries
from webexhist.simulator.world.times import to_ms


@dataclass(frozen=True)
class ScriptedEvent:
    """One thing that happened, as it is remembered."""

    resource: str
    kind: str
    ms: int
    number: int
    room: int
    person: int
    text: str
    message: int | None = None
    """The number of the message that was edited or deleted."""


@dataclass(frozen=True)
class PostedMessage:
    """A message somebody posted, with what became of it."""

    event: ScriptedEvent
    edited_ms: int | None = None
    deleted_ms: int | None = None


class ScriptedEvents:
    """A log to which anything can be added while the service runs, in any order of time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._by_room: defaultdict[int, list[Entry]] = defaultdict(list)
        self._all: list[ScriptedEvent] = []
        self._messages: dict[int, PostedMessage] = {}

    def post_message(self, at: datetime, text: str = "Hello", *, room: int = 0, person: int = 0) -> int:
        """Posts a message that was created `at`; gives its number, by which it is edited and deleted."""
        event = self.record("messages", "created", at, text, room=room, person=person)
        with self._lock:
            self._messages[event.number] = PostedMessage(event)
            insort(self._by_room[room], (event.ms, event.number))
        return event.number

    def edit_message(self, number: int, at: datetime, text: str = "Hello again") -> None:
        """Edits a posted message."""
        posted = self._messages[number]
        event = self._follow("updated", posted, at, text)
        self._messages[number] = replace(posted, edited_ms=event.ms)

    def delete_message(self, number: int, at: datetime) -> None:
        """Deletes a posted message: it leaves its room, the events of its life stay."""
        posted = self._messages[number]
        event = self._follow("deleted", posted, at, "")
        self._messages[number] = replace(posted, deleted_ms=event.ms)

    def record(
        self, resource: str, kind: str, at: datetime, text: str = "", *, room: int = 0, person: int = 0
    ) -> ScriptedEvent:
        """Notes an event of any resource and type, for instance `memberships`, `created`."""
        return self._note(resource, kind, at, text, room, person, None)

    def audit(self, at: datetime, text: str = "Somebody changed something", category: str = "USERS") -> None:
        """Notes an administrator's act."""
        self._note("audit", category, at, text, 0, 0, None)

    def series(self) -> dict[tuple[str, str], ListedSeries]:
        """All that happened so far, by resource and type; later additions do not reach it."""
        with self._lock:
            return {key: ListedSeries(tuple(entries)) for key, entries in self._entries.items()}

    def series_of_room(self, room: int) -> ListedSeries:
        """The messages posted in a room so far."""
        with self._lock:
            return ListedSeries(tuple(self._by_room.get(room, ())))

    def event(self, number: int) -> ScriptedEvent:
        """What bears a number."""
        return self._all[number]

    def message(self, number: int) -> PostedMessage:
        """A posted message; raises KeyError where the number is another event's."""
        return self._messages[number]

    def _follow(self, kind: str, posted: PostedMessage, at: datetime, text: str) -> ScriptedEvent:
        first = posted.event
        return self._note("messages", kind, at, text, first.room, first.person, first.number)

    def _note(
        self, resource: str, kind: str, at: datetime, text: str, room: int, person: int, message: int | None
    ) -> ScriptedEvent:
        with self._lock:
            event = ScriptedEvent(resource, kind, to_ms(at), len(self._all), room, person, text, message)
            self._all.append(event)
            insort(self._entries[resource, kind], (event.ms, event.number))
        return event
