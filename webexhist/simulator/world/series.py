"""Merges several series of events into one, newest or oldest first.

Reading can go on from the position where a page ended; events that arrive later do not shift it.
"""

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from zlib import crc32

from webexhist.simulator.world.rhythm import Rhythm

HOUR_MS = 3_600_000
Entry = tuple[int, int]
"""Epoch milliseconds and number of an event. The numbers order events of the same millisecond."""

Position = tuple[int, int, int]
"""Where a page ended: epoch milliseconds, place of the series among those merged, number of the event."""


class Series(Protocol):
    """Events sorted by their entries."""

    def rank(self, entry: Entry) -> int:
        """Returns how many events are before `entry`."""
        ...

    def at(self, rank: int) -> Entry:
        """Returns the event that has `rank` events before it."""
        ...


@dataclass(frozen=True)
class RhythmSeries:
    """A series computed from a rhythm."""

    rhythm: Rhythm

    def rank(self, entry: Entry) -> int:
        """Returns how many events are before `entry`."""
        ms, number = entry
        before = self.rhythm.count_before(ms)
        return before if number <= before else min(number, self.rhythm.count_before(ms + 1))

    def at(self, rank: int) -> Entry:
        """Returns the event that has `rank` events before it."""
        return self.rhythm.time_of(rank), rank


@dataclass(frozen=True)
class ListedSeries:
    """A series kept as a sorted list."""

    entries: Sequence[Entry]

    def rank(self, entry: Entry) -> int:
        """Returns how many events are before `entry`."""
        return bisect_left(self.entries, entry)

    def at(self, rank: int) -> Entry:
        """Returns the event that has `rank` events before it."""
        return self.entries[rank]


def newest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """Yields the events from `low_ms` until before `high_ms`, newest first; with `after`, those that follow it."""
    high = after or (high_ms, 0, 0)
    spans = [range(_rank(one, place, high) - 1, one.rank((low_ms, 0)) - 1, -1) for place, one in enumerate(series)]
    return heapq.merge(*_positions(series, spans), reverse=True)


def oldest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """Yields the events from `low_ms` until before `high_ms`, oldest first; with `after`, those that follow it."""
    low = (low_ms, 0, 0) if after is None else (after[0], after[1], after[2] + 1)
    spans = [range(_rank(one, place, low), one.rank((high_ms, 0))) for place, one in enumerate(series)]
    return heapq.merge(*_positions(series, spans))


def by_kind_newest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """Yields the events from `low_ms` until before `high_ms`, the last series first, and each newest first."""
    in_order = list(oldest_first(series, low_ms, high_ms))
    return following(sorted(in_order, key=lambda one: (one[1], one[0], one[2]), reverse=True), after)


def by_kind_oldest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """The same, each oldest first."""
    in_order = list(oldest_first(series, low_ms, high_ms))
    return following(sorted(in_order, key=lambda one: (-one[1], one[0], one[2])), after)


def following(positions: list[Position], after: Position | None) -> Iterator[Position]:
    """Those that follow one of them; all without it."""
    return iter(positions if after is None else positions[positions.index(after) + 1 :])


def in_no_order(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """Yields the events from `low_ms` until before `high_ms`, mixed up; with `after`, those that follow it."""
    return _sorted_by(_mixed, series, low_ms, high_ms, after)


def nearly_newest_first(
    series: Sequence[Series], low_ms: int, high_ms: int, after: Position | None = None
) -> Iterator[Position]:
    """The same as if each were up to an hour older, and newest first."""
    return _sorted_by(_belated, series, low_ms, high_ms, after)


def _sorted_by(
    key: Callable[[Position], tuple[int, Position]],
    series: Sequence[Series],
    low_ms: int,
    high_ms: int,
    after: Position | None,
) -> Iterator[Position]:
    in_order = sorted(oldest_first(series, low_ms, high_ms), key=key)
    return iter(in_order if after is None else in_order[bisect_right(in_order, key(after), key=key) :])


def _mixed(position: Position) -> tuple[int, Position]:
    return crc32(repr(position).encode()), position


def _belated(position: Position) -> tuple[int, Position]:
    mixed, _ = _mixed(position)
    return mixed % HOUR_MS - position[0], position


def _rank(series: Series, place: int, position: Position) -> int:
    """Returns how many events of the series at `place` are before a position in the merged series."""
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
