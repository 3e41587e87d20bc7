"""Walks many ordered series as one, newest or oldest first, from a position that later arrivals cannot shift."""

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from webexhist.simulator.world.rhythm import Rhythm

Entry = tuple[int, int]
"""Epoch milliseconds and number of one event; numbers tell apart what happened in the same millisecond."""

Position = tuple[int, int, int]
"""Epoch milliseconds, place of the series among those walked, number: where a page ended."""


class Series(Protocol):
    """ScriptedEvents in the order of their entries."""

    def rank(self, entry: Entry) -> int:
        """How many scripted lie before `entry`."""
        ...

    def at(self, rank: int) -> Entry:
        """The event before which lie `rank` others."""
        ...


@dataclass(frozen=True)
class RhythmSeries:
    """A series computed from a rhythm."""

    rhythm: Rhythm

    def rank(self, entry: Entry) -> int:
        """How many scripted lie before `entry`."""
        ms, number = entry
        before = self.rhythm.count_before(ms)
        return before if number <= before else min(number, self.rhythm.count_before(ms + 1))

    def at(self, rank: int) -> Entry:
        """The event before which lie `rank` others."""
        return self.rhythm.time_of(rank), rank


@dataclass(frozen=True)
class ListedSeries:
    """A series kept as a sorted list."""

    entries: Sequence[Entry]

    def rank(self, entry: Entry) -> int:
        """How many scripted lie before `entry`."""
        return bisect_left(self.entries, entry)

    def at(self, rank: int) -> Entry:
        """The event before which lie `rank` others."""
        return self.entries[rank]


def newest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """Everything from `low_ms` until before `high_ms`, descending; with `after`, only what a walk told after it."""
    high = after or (high_ms, 0, 0)
    spans = [range(_rank(one, place, high) - 1, one.rank((low_ms, 0)) - 1, -1) for place, one in enumerate(series)]
    return heapq.merge(*_positions(series, spans), reverse=True)


def oldest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """Everything from `low_ms` until before `high_ms`, ascending; with `after`, only what a walk told after it."""
    low = (low_ms, 0, 0) if after is None else (after[0], after[1], after[2] + 1)
    spans = [range(_rank(one, place, low), one.rank((high_ms, 0))) for place, one in enumerate(series)]
    return heapq.merge(*_positions(series, spans))


def _rank(series: Series, place: int, position: Position) -> int:
    """How many scripted of the series at a place lie before a position in the walk over all of them."""
    ms, other_place, number = position
    if place == other_place:
        return series.rank((ms, number))
    return series.rank((ms + 1, 0)) if place < other_place else series.rank((ms, 0))


def _positions(series: Sequence[Series], spans: Sequence[range]) -> list[Iterator[Position]]:
    def positions(place: int) -> Iterator[Position]:
        for rank in spans[place]:
            ms, number = series[place].at(rank)
            yield ms, place, number

    return [positions(place) for place in range(len(series))]
