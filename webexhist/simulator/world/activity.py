"""Millions of messages, edits, deletions and changes of membership. They are computed, and not kept in memory.

Messages come in blocks: a block has one message for each room, in an order of its own. So the room of a message and
the messages of a room are computed without reading any other message.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from webexhist.simulator.world.amounts import amount_at, scatter
from webexhist.simulator.world.plans import World
from webexhist.simulator.world.rhythm import DailyRhythm, EchoRhythm, NoEvents, Rhythm
from webexhist.simulator.world.scripted_events import ScriptedEvents
from webexhist.simulator.world.series import Entry, ListedSeries, RhythmSeries
from webexhist.simulator.world.times import from_ms, start_of_day

FIRST_ROOM_OF_OTHERS = 1_000_000
"""Rooms that the owner of the token is not in are numbered from here, so that more rooms of his can be added."""
EDIT_DELAY_MS = 3 * 60_000
DELETION_DELAY_MS = 7 * 60_000


class Activity:
    """The events of a world."""

    def __init__(self, world: World, scripted: ScriptedEvents) -> None:
        start = from_ms(start_of_day(world.opened))
        own_rooms = amount_at(world.rooms, start) if world.rooms_with_messages is None else world.rooms_with_messages
        self.scripted = scripted
        self.messages: Rhythm = DailyRhythm(world.opened, world.messages_a_day, world.seed)
        self.edits = _echo(self.messages, world.edited_every, EDIT_DELAY_MS)
        self.deletions = _echo(self.messages, world.deleted_every, DELETION_DELAY_MS)
        changes = DailyRhythm(world.opened, world.membership_changes_a_day, world.seed + 1)
        self.audit: Rhythm = DailyRhythm(world.opened, world.audit_events_a_day, world.seed + 2)
        self.computed: dict[tuple[str, str], Rhythm] = {
            ("messages", "created"): self.messages,
            ("messages", "updated"): self.edits,
            ("messages", "deleted"): self.deletions,
            ("memberships", "created"): EchoRhythm(changes, every=2, first=0, delay_ms=0),
            ("memberships", "deleted"): EchoRhythm(changes, every=4, first=1, delay_ms=0),
            ("memberships", "updated"): EchoRhythm(changes, every=4, first=3, delay_ms=0),
        }
        self._own_rooms = own_rooms
        self._assignment = RoomAssignment(own_rooms + world.rooms_of_others, world.seed)
        self._people = max(1, amount_at(world.own.people, start))

    def room_of(self, message: int) -> int:
        """Returns the room that a computed message is in."""
        return self._room_at(self._assignment.room_of(message))

    def person_of(self, number: int) -> int:
        """Returns the person who caused a computed event."""
        return number * 31 % self._people

    def edited_ms(self, message: int, sent_ms: int) -> int | None:
        """Returns when a computed message is edited, which may be in the future; None if it never is."""
        return sent_ms + EDIT_DELAY_MS if _has_echo(self.edits, message) else None

    def deleted_ms(self, message: int, sent_ms: int) -> int | None:
        """Returns when a computed message is deleted, which may be in the future; None if it never is."""
        return sent_ms + DELETION_DELAY_MS if _has_echo(self.deletions, message) else None

    def series_of_room(self, room: int) -> "tuple[RoomSeries, ListedSeries]":
        """Returns the messages of a room: the computed ones, and those that were posted."""
        return RoomSeries(self.messages, self._assignment, self._place_of(room)), self.scripted.series_of_room(room)

    def last_activities(self, now_ms: int) -> Callable[[int], int | None]:
        """Returns a function from a room to when its last message was sent, deleted or not; None if it has none."""
        sent = self.messages.count_before(now_ms + 1)

        def last_activity(room: int) -> int | None:
            computed, posted = self.series_of_room(room)
            ranks = ((computed, computed.rank_among(sent)), (posted, posted.rank((now_ms + 1, 0))))
            return max((series.at(rank - 1)[0] for series, rank in ranks if rank), default=None)

        return last_activity

    def _room_at(self, place: int) -> int:
        return place if place < self._own_rooms else FIRST_ROOM_OF_OTHERS + place - self._own_rooms

    def _place_of(self, room: int) -> int | None:
        """Returns the place of a room among those with computed messages; None if it has none."""
        if room >= FIRST_ROOM_OF_OTHERS:
            return room - FIRST_ROOM_OF_OTHERS + self._own_rooms
        return room if room < self._own_rooms else None


class RoomAssignment:
    """Assigns messages to rooms: one message of each block to each room, in an order that differs by block."""

    def __init__(self, rooms: int, seed: int) -> None:
        self.rooms = max(1, rooms)
        self._seed = seed
        self._factors = [n for n in range(1, 2 * self.rooms + 2) if math.gcd(n, self.rooms) == 1][:64]

    def room_of(self, message: int) -> int:
        """Returns the place of the room of a message."""
        block, place = divmod(message, self.rooms)
        factor, shift = self._order(block)
        return (place * factor + shift) % self.rooms

    def message_of(self, room: int, block: int) -> int:
        """Returns the number of the message that a room has in a block."""
        factor, shift = self._order(block)
        return block * self.rooms + (room - shift) * pow(factor, -1, self.rooms) % self.rooms

    def _order(self, block: int) -> tuple[int, int]:
        fraction = scatter(self._seed, block)
        return self._factors[int(fraction * len(self._factors))], int(fraction * 7_919 * self.rooms) % self.rooms


@dataclass(frozen=True)
class RoomSeries:
    """The computed messages of one room."""

    messages: Rhythm
    assignment: RoomAssignment
    place: int | None

    def rank(self, entry: Entry) -> int:
        """Returns how many messages of the room are before `entry`."""
        return self.rank_among(RhythmSeries(self.messages).rank(entry))

    def rank_among(self, before: int) -> int:
        """Returns how many of the first `before` messages of all rooms are in this room."""
        if self.place is None:
            return 0
        block = before // self.assignment.rooms
        return block + (self.assignment.message_of(self.place, block) < before)

    def at(self, rank: int) -> Entry:
        """Returns the message of the room that has `rank` messages before it."""
        assert self.place is not None
        message = self.assignment.message_of(self.place, rank)
        return self.messages.time_of(message), message


def _echo(messages: Rhythm, every: int, delay_ms: int) -> EchoRhythm | NoEvents:
    return EchoRhythm(messages, every, every // 2, delay_ms) if every else NoEvents()


def _has_echo(echo: EchoRhythm | NoEvents, message: int) -> bool:
    return isinstance(echo, EchoRhythm) and echo.follows(message)
