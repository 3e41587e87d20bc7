"""How many items of a kind exist: a fixed number, or a number that changes with the clock."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from webexhist.simulator.world.times import DAY_MS, to_ms


class Timeline(Protocol):
    """A number for every point in time. The same time always has the same number."""

    def __call__(self, moment: datetime) -> int:
        """Returns how many there are at `moment`."""
        ...


Amount = int | Timeline


def amount_at(amount: Amount, moment: datetime) -> int:
    """Returns the number of an amount at `moment`."""
    return amount if isinstance(amount, int) else amount(moment)


def scatter(seed: int, number: int) -> float:
    """Returns a fraction in [0, 1) that looks random, but is always the same for a pair of `seed` and `number`."""
    mixed = (number * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03 + 0x632BE59BD9B4E019) & 0xFFFFFFFFFFFFFFFF
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 11) / (1 << 53)


@dataclass(frozen=True)
class Steps:
    """A number that jumps: it is `first` until `times[0]`, then `values[0]` until `times[1]`, and so on."""

    first: int
    times: tuple[datetime, ...]
    values: tuple[int, ...]

    def __call__(self, moment: datetime) -> int:
        """Returns the number at `moment`."""
        passed = bisect_right(self.times, moment)
        return self.values[passed - 1] if passed else self.first


@dataclass(frozen=True)
class Curve:
    """A number that follows straight lines between knots. It changes once on each working day, never at a weekend."""

    knots: tuple[tuple[datetime, float], ...]
    waver: float
    """The largest distance of a day from the line, up or down."""
    seed: int

    def __call__(self, moment: datetime) -> int:
        """Returns the number at `moment`: the one of the last change before it."""
        changed = _last_change(moment, self.seed)
        wavering = (2 * scatter(self.seed, to_ms(changed) // DAY_MS) - 1) * self.waver
        return max(0, round(self._line(changed) + wavering))

    def _line(self, moment: datetime) -> float:
        after = bisect_right([knot[0] for knot in self.knots], moment)
        if after == 0:
            return self.knots[0][1]
        if after == len(self.knots):
            return self.knots[-1][1]
        (left, low), (right, high) = self.knots[after - 1], self.knots[after]
        return low + (high - low) * ((moment - left) / (right - left))


def _last_change(moment: datetime, seed: int) -> datetime:
    """Returns the time of the last change up to `moment`: one on each working day, between 8 and 17 hours."""
    day = math.floor(to_ms(moment) / DAY_MS)
    while True:
        hour = 8 + 9 * scatter(seed + 1, day)
        at = datetime.fromtimestamp(day * 86_400 + round(hour * 3_600), moment.tzinfo)
        if at <= moment and at.weekday() < 5:
            return at
        day -= 1
