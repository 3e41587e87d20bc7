"""When the k-th of millions of events took place. It is computed: only one number a day is kept in memory."""

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from webexhist.simulator.world.amounts import scatter
from webexhist.simulator.world.times import DAY_MS, start_of_day

_HOUR_MS = DAY_MS // 24

DayAmount = Callable[[date], int]
"""Returns how many events a UTC day has."""


class Rhythm(Protocol):
    """The times of an endless series of events, numbered from 0 and sorted by time."""

    def time_of(self, number: int) -> int:
        """Returns the epoch milliseconds of an event, which are never less than those of the event before it."""
        ...

    def count_before(self, ms: int) -> int:
        """Returns how many events are earlier than `ms`."""
        ...


class DailyRhythm:
    """A given number of events a day, spread as in a working day: few at night, most between 8 and 18 hours."""

    def __init__(self, first_day: date, amount_of: DayAmount, seed: int) -> None:
        self._first = first_day.toordinal()
        self._start_ms = start_of_day(first_day)
        self._amount_of = amount_of
        self._seed = seed
        self._starts = [0]
        """The number of the first event of each day computed so far, and of the day after."""
        self._lock = threading.Lock()

    def time_of(self, number: int) -> int:
        """Returns the epoch milliseconds of an event, which are never less than those of the event before it."""
        while self._starts[-1] <= number:
            self._compute_days(len(self._starts) + 30)
        day = bisect_right(self._starts, number) - 1
        amount = self._starts[day + 1] - self._starts[day]
        within = (number - self._starts[day] + scatter(self._seed, number)) / amount
        return self._start_of(day) + int(_working_day(within) * _HOUR_MS)

    def count_before(self, ms: int) -> int:
        """Returns how many events are earlier than `ms`."""
        day = (ms - self._start_of(0)) // DAY_MS
        if day < 0:
            return 0
        self._compute_days(day + 1)
        low, high = self._starts[day], self._starts[day + 1]
        while low < high:
            middle = (low + high) // 2
            if self.time_of(middle) < ms:
                low = middle + 1
            else:
                high = middle
        return low

    def _start_of(self, day: int) -> int:
        return self._start_ms + day * DAY_MS

    def _compute_days(self, days: int) -> None:
        """Computes the first events of the first `days` days."""
        with self._lock:
            for day in range(len(self._starts) - 1, days):
                amount = self._amount_of(date.fromordinal(self._first + day))
                self._starts.append(self._starts[day] + amount)


class EchoRhythm:
    """Events that follow every n-th event of another series after a fixed time: edits and deletions of messages."""

    def __init__(self, source: Rhythm, every: int, first: int, delay_ms: int) -> None:
        self._source = source
        self._every = every
        self._first = first
        self._delay_ms = delay_ms

    def original(self, number: int) -> int:
        """Returns the number of the event in the other series that this event follows."""
        return self._first + number * self._every

    def follows(self, original: int) -> bool:
        """Whether an event of this series follows the event `original` of the other series."""
        return original >= self._first and (original - self._first) % self._every == 0

    def time_of(self, number: int) -> int:
        """Returns the epoch milliseconds of an event, which are never less than those of the event before it."""
        return self._source.time_of(self.original(number)) + self._delay_ms

    def count_before(self, ms: int) -> int:
        """Returns how many events are earlier than `ms`."""
        originals = self._source.count_before(ms - self._delay_ms)
        return max(0, -((self._first - originals) // self._every))


class NoEvents:
    """A series without events."""

    def time_of(self, number: int) -> int:
        """Raises IndexError: there is no event."""
        raise IndexError(number)

    def count_before(self, ms: int) -> int:
        """Returns 0."""
        return 0


def none_a_day(day: date) -> int:
    """Returns 0 for every day."""
    return 0


@dataclass(frozen=True)
class EvenSpread:
    """Events a day: `total` from the first to the last day, few of them at weekends; after that `later` each day."""

    total: int
    first_day: date
    last_day: date
    later: int

    def __call__(self, day: date) -> int:
        """Returns how many events `day` has."""
        if day < self.first_day:
            return 0
        if day > self.last_day:
            return self.later
        return self._until(day.toordinal() + 1) - self._until(day.toordinal())

    def _until(self, ordinal: int) -> int:
        start = _weight_until(self.first_day.toordinal())
        return self.total * (_weight_until(ordinal) - start) // (_weight_until(self.last_day.toordinal() + 1) - start)


def _weight_until(ordinal: int) -> int:
    """Returns the sum of the weights of all days before one: 10 for a working day, 1 for a day of a weekend."""
    weeks, days = divmod(ordinal - 1, 7)
    return weeks * 52 + min(days, 5) * 10 + max(days - 5, 0)


_SHARES = (0.0, 0.05, 0.15, 0.5, 0.88, 1.0)
"""Shares of the events of a day …"""
_HOURS = (0, 6, 8, 12, 18, 24)
"""… and the hours by which they have taken place."""


def _working_day(share: float) -> float:
    """Returns the hour by which a share of the events of a day has taken place."""
    part = bisect_right(_SHARES, share) - 1
    progress = (share - _SHARES[part]) / (_SHARES[part + 1] - _SHARES[part])
    return _HOURS[part] + (_HOURS[part + 1] - _HOURS[part]) * progress
