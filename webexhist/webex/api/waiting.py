"""The requests of a poll that wait for their turn, and whose turn is next.

Hundreds wait at once in a large poll, and each start and each answer asks who is next: so those are kept together
that ask for the same, because whatever they wait for concerns all of them, in the order in which they were begun.
"""

import threading
from bisect import insort
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from webexhist.webex.api.refusals import Asked


@dataclass(eq=False, frozen=True)
class Waiter:
    """A request that waits for its turn."""

    place: int
    """What was begun earlier goes first."""
    asked: Asked
    turn: threading.Condition
    """Is notified when it may be its turn."""


class Waiting:
    """All that wait; not safe between threads."""

    def __init__(self) -> None:
        self.groups: dict[Asked, list[Waiter]] = {}
        """By what they ask for, as long as any does."""

    def __len__(self) -> int:
        return sum(map(len, self.groups.values()))

    def __iter__(self) -> Iterator[Waiter]:
        for group in self.groups.values():
            yield from group

    def add(self, waiter: Waiter) -> None:
        """Adds one, behind those of its place."""
        insort(self.groups.setdefault(waiter.asked, []), waiter, key=lambda one: one.place)

    def remove(self, waiter: Waiter) -> None:
        """Removes one that does not wait any more."""
        group = self.groups[waiter.asked]
        group.remove(waiter)
        if not group:
            del self.groups[waiter.asked]

    def number(self, is_counted: Callable[[Asked], bool]) -> int:
        """How many of them ask for something that is counted."""
        return sum(len(group) for asked, group in self.groups.items() if is_counted(asked))

    def next(self, now: float, ready_at: Callable[[Asked], float], goes_behind: Callable[[Asked], bool]) -> Waiter:
        """The one of some whose turn is next.

        `ready_at` says from when on something may be asked for, `goes_behind` whether others that may be go first.
        """
        firsts = (group[0] for group in self.groups.values())
        return min(firsts, key=lambda one: (max(now, ready_at(one.asked)), goes_behind(one.asked), one.place))
