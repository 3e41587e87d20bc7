"""When the k-th of millions of events happened, by arithmetic: nothing is kept but one number a day."""

import threading
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from webexhist.simulator.world.amounts import scatter
from webexhist.simulator.world.times import DAY_MS, opening_of

_HOUR_MS = DAY_MS // 24

DayAmount = Callable[[date], int]
"""How many events a UTC day holds."""


class Rhythm(Protocol):
    """An endless series of events in order of time, numbered from 0."""

    def time_of(self, number: int) -> int:
        """Epoch milliseconds of an event; never earlier than the event before it."""
        ...

    def count_before(self, ms: int) -> int:
        """How many events lie before the moment `ms`, itself excluded."""
        ...


class DailyRhythm:
    """So many events a day, spread as a working day is: few at night, most between eight and six."""

    def __init__(self, first_day: date, amount_of: DayAmount, seed: int) -> None:
        self._first = first_day.toordinal()
        self._opening_ms = opening_of(first_day)
        self._amount_of = amount_of
        self._seed = seed
        self._starts = [0]
        """The number of the first event of each day known so far, and of the day after them."""
        self._lock = threading.Lock()

    def time_of(self, number: int) -> int:
        """Epoch milliseconds of an event; never earlier than the event before it."""
        while self._starts[-1] <= number:
            self._learn(len(self._starts) + 30)
        day = bisect_right(self._starts, number) - 1
        amount = self._starts[day + 1] - self._starts[day]
        within = (number - self._starts[day] + scatter(self._seed, number)) / amount
        return self._opening(day) + int(_working_day(within) * _HOUR_MS)

    def count_before(self, ms: int) -> int:
        """How many events lie before the moment `ms`, itself excluded."""
        day = (ms - self._opening(0)) // DAY_MS
        if day < 0:
            return 0
        self._learn(day + 1)
        low, high = self._starts[day], self._starts[day + 1]
        while low < high:
            middle = (low + high) // 2
            if self.time_of(middle) < ms:
                low = middle + 1
            else:
                high = middle
        return low

    def _opening(self, day: int) -> int:
        return self._opening_ms + day * DAY_MS

    def _learn(self, days: int) -> None:
        """Makes the starts of so many days known."""
        with self._lock:
            for day in range(len(self._starts) - 1, days):
                amount = self._amount_of(date.fromordinal(self._first + day))
                self._starts.append(self._starts[day] + amount)


class EchoRhythm:
    """Every n-th event of another series, a fixed time later: edits and deletions of messages."""

    def __init__(self, source: Rhythm, every: int, first: int, delay_ms: int) -> None:
        self._source = source
        self._every = every
        self._first = first
        self._delay_ms = delay_ms

    def original(self, number: int) -> int:
        """The number, in the other series, of the event that this one follows."""
        return self._first + number * self._every

    def follows(self, original: int) -> bool:
        """Whether the event `original` of the other series has an echo in this one."""
        return original >= self._first and (original - self._first) % self._every == 0

    def time_of(self, number: int) -> int:
        """Epoch milliseconds of an event; never earlier than the event before it."""
        return self._source.time_of(self.original(number)) + self._delay_ms

    def count_before(self, ms: int) -> int:
        """How many events lie before the moment `ms`, itself excluded."""
        originals = self._source.count_before(ms - self._delay_ms)
        return max(0, -((self._first - originals) // self._every))


class Silence:
    """A series without events."""

    def time_of(self, number: int) -> int:
        """There is none to ask for."""
        raise IndexError(number)

    def count_before(self, ms: int) -> int:
        """None, whatever the moment."""
        return 0


def none_a_day(day: date) -> int:
    """The day amount of a series without events."""
    return 0


@dataclass(frozen=True)
class EvenSpread:
    """Day amounts that sum to `total` from the first to the last day, weekends light; then `later` a day."""

    total: int
    first_day: date
    last_day: date
    later: int

    def __call__(self, day: date) -> int:
        """How many events `day` holds."""
        if day < self.first_day:
            return 0
        if day > self.last_day:
            return self.later
        return self._until(day.toordinal() + 1) - self._until(day.toordinal())

    def _until(self, ordinal: int) -> int:
        opening = _weight_until(self.first_day.toordinal())
        return (
            self.total
            * (_weight_until(ordinal) - opening)
            // (_weight_until(self.last_day.toordinal() + 1) - opening)
        )


def _weight_until(ordinal: int) -> int:
    """The weights of all days before one: 10 a working day, 1 a day of the weekend."""
    weeks, days = divmod(ordinal - 1, 7)
    return weeks * 52 + min(days, 5) * 10 + max(days - 5, 0)


_SHARES = (0.0, 0.05, 0.15, 0.5, 0.88, 1.0)
"""Shares of a day's events …"""
_HOURS = (0, 6, 8, 12, 18, 24)
"""… and the hours by which they have happened."""


def _working_day(share: float) -> float:
    """The hour at which so large a share of a day's events has happened."""
    part = bisect_right(_SHARES, share) - 1
    progress = (share - _SHARES[part]) / (_SHARES[part + 1] - _SHARES[part])
    return _HOURS[part] + (_HOURS[part + 1] - _HOURS[part]) * progress
