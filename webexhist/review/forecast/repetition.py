"""Ways to go on that repeat themselves: what a cycle of this history, or its last year, did next."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import erfc
from typing import NamedTuple

from webexhist.review.forecast.parts import Normal
from webexhist.review.forecast.passage import ROOT_HALF, reached

UNSURE = 0.12
"""What a cycle gains may become more or less: this share of it, as a deviation."""
FEWEST_CRESTS = 3
"""Fewer cycles say nothing of how high the next one comes."""
NEVER = 1e-6
"""A smaller chance is none."""
AT_ONCE = 4.0
"""A cycle goes as far astray as it does in the first of so many parts of it."""


class Crests(NamedTuple):
    """The highest of each cycle that is known: a history that was never higher hardly comes higher next time."""

    mean: float
    """Units beyond today's, had all of them been in the last cycle."""
    variance: float
    """Units squared."""
    most: float
    """The highest of them, units beyond today's."""
    days: int
    """Days in which they were."""


class Path(NamedTuple):
    """One cycle, again and again, each time so many units higher."""

    weight: float
    changes: Sequence[float]
    """Units beyond today's after 1, 2, ... days of one whole cycle."""
    peaks: Sequence[float]
    """The highest of `changes` so far."""
    gain: float
    """What a cycle gains, units."""
    variance: float
    """How far a whole cycle goes astray, units squared."""
    diffusion: float
    """Units squared a week that any way may go astray."""
    jitter: int
    """Days by which it may come earlier or later."""
    crests: Crests | None = None
    """None where too few are known, and for what is no cycle."""

    def where(self, days: int) -> float:
        """Units beyond today's after so many days."""
        if days < 1:
            return 0.0
        cycles, day = divmod(days - 1, len(self.changes))
        return cycles * self.gain + self.changes[day]

    def normals(self, days: int, noise: float) -> list[Normal]:
        """Where it is after so many days, `noise` being the variance of a day.

        Near a day on which it moves far it is there or not there yet, and nowhere between.
        """
        spread = math.sqrt(self.spread(days) ** 2 + noise)
        sooner, on_time, later = (self.where(days + away) for away in (self.jitter, 0, -self.jitter))
        if max(sooner, on_time, later) - min(sooner, on_time, later) < spread:
            return [Normal(self.weight, on_time, spread)]
        return [
            Normal(self.weight / 4, sooner, spread),
            Normal(self.weight / 2, on_time, spread),
            Normal(self.weight / 4, later, spread),
        ]

    def spread(self, days: float) -> float:
        """How far it may be astray by then, units, where it is neither early nor late."""
        return self.spread_of(self.variance, days)

    def spread_of(self, variance: float, days: float) -> float:
        """The same, `variance` being how far one cycle goes astray."""
        cycles = days / len(self.changes)
        astray = variance * min(1.0, AT_ONCE * cycles) * (0.5 + 0.5 * cycles)
        return math.sqrt(astray + (UNSURE * self.gain * cycles) ** 2 + self.diffusion * days / 7)

    def passed(self, distance: float, days: int) -> float:
        """The chance to have been at `distance` by then; it never falls with days."""
        there = self.arrival(distance)
        if self.crests and 0 < days < there:
            # Where the path itself does not come, only what its crests may do counts.
            return min(self.came(distance, days, there), self.crested(distance, days, self.crests))
        return self.came(distance, days, there)

    def crested(self, distance: float, days: int, crests: Crests) -> float:
        """The chance that a crest was at `distance` by then: a bound for whatever comes between crests."""
        length, below = len(self.changes), 1.0
        for cycle in range(1, math.ceil(days / length) + 1):
            unsure = self.diffusion * cycle * length / 7 + (UNSURE * self.gain * cycle) ** 2
            away = (distance - crests.mean - self.gain * cycle) / math.sqrt(crests.variance + unsure)
            below *= 1 - 0.5 * erfc(away * ROOT_HALF)
            if below < NEVER:
                break
        if distance <= crests.most + max(0.0, self.gain) * math.ceil(days / length):
            return 1 - below
        # Laplace's rule of succession: what never came in n days comes in d more with d / (n + d).
        return min(1 - below, days / (crests.days + length + days))

    def came(self, distance: float, days: int, there: float) -> float:
        """The same by the path itself, early or late, and `there` after so many days."""
        if not self.jitter:
            return self.on_time(distance, days, there)
        sooner = self.on_time(distance, days + self.jitter, there)
        later = self.on_time(distance, days - self.jitter, there)
        return (sooner + 2 * self.on_time(distance, days, there) + later) / 4

    def on_time(self, distance: float, days: int, there: float) -> float:
        """The same for a path that is neither early nor late, and `there` after so many days.

        Once the path is there, what it goes astray later takes nothing back: the spread stays that of its arrival.
        """
        if days < 1:
            return 0.0
        if self.gain < 0 and math.isinf(there):
            # It only gets away: chance would have to bring it near within the first cycles.
            length = len(self.changes)
            wanders = (self.variance / length + self.diffusion / 7) * days
            near = distance - max(0.0, self.peaks[min(days, length) - 1])
            return reached(near, self.gain * days / length, math.sqrt(wanders))
        return reached(distance, max(0.0, self.highest(days)), self.spread(min(days, there)))

    def highest(self, days: int) -> float:
        """The most units beyond today's within so many days."""
        cycles, day = divmod(days - 1, len(self.changes))
        now = cycles * self.gain + self.peaks[day]
        return max(now, (cycles - 1) * max(0.0, self.gain) + self.peaks[-1]) if cycles else now

    def arrival(self, distance: float) -> float:
        """Days until the path is at `distance` for the first time; infinite where that never comes."""
        cycles = 0
        if self.peaks[-1] < distance:
            if self.gain <= 0:
                return math.inf
            cycles = math.ceil((distance - self.peaks[-1]) / self.gain)
        day = bisect_left(self.peaks, distance - cycles * self.gain)
        return cycles * len(self.changes) + min(day, len(self.changes) - 1) + 1


def path(
    weight: float,
    changes: Sequence[float],
    gain: float,
    variance: float,
    diffusion: float,
    jitter: int = 0,
    crests: Crests | None = None,
) -> Path:
    """A path with its peaks."""
    peaks = list(accumulate(changes, max))
    return Path(weight, changes, peaks, gain, variance, diffusion, jitter, crests)


def crests_of(highest: Sequence[float], days: int, least: float) -> Crests | None:
    """What the highest of each cycle, as if all had been in the last one, say of the next.

    `days` is how long these cycles were together, `least` a variance.
    """
    count = len(highest)
    if count < FEWEST_CRESTS:
        return None
    mean = sum(highest) / count
    variance = sum([(crest - mean) ** 2 for crest in highest]) / (count - 1)
    return Crests(mean, variance * (1 + 2 / count) + least, max(highest), days)
