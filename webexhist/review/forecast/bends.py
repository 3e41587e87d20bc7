"""Growth that quickens or comes to rest: the pace goes on changing as it did."""

import math
from typing import NamedTuple

from webexhist.review.forecast.parts import Normal
from webexhist.review.forecast.passage import reached

LASTS = 26.0
"""Weeks for which growth goes on quickening; then its pace stays."""


class Bend(NamedTuple):
    """A pace that changes by as much every week; one that falls to nothing stays there."""

    weight: float
    pace: float
    """Units a week, today."""
    bend: float
    """What the pace gains a week."""
    deviation: float
    """How unsure the pace is, units a week."""
    diffusion: float
    """Units squared a week."""

    def where(self, days: float) -> float:
        """Units beyond today's after so many days."""
        return foretold(self.pace, self.bend, days / 7)

    def normals(self, days: int, noise: float) -> list[Normal]:
        """Where it is after so many days, `noise` being the variance of a day."""
        return [Normal(self.weight, self.where(days), math.sqrt(self.spread(days) ** 2 + noise))]

    def spread(self, days: float) -> float:
        """How far it may be astray by then, units."""
        weeks = days / 7
        return math.sqrt(self.diffusion * weeks + (self.deviation * weeks) ** 2)

    def passed(self, distance: float, days: float) -> float:
        """The chance to have been at `distance` by then; it never falls with days."""
        if days <= 0:
            return 0.0
        return reached(distance, max(0.0, self.where(days)), self.spread(min(days, self.arrival(distance))))

    def arrival(self, distance: float) -> float:
        """Days until it is at `distance`; infinite where that never comes."""
        root = self.pace**2 + 2 * self.bend * distance
        forward = self.pace + math.sqrt(root) if root >= 0 else 0.0
        weeks = 2 * distance / forward if forward > 0 else math.inf
        if weeks <= LASTS:
            return 7 * weeks
        pace = self.pace + self.bend * LASTS
        if pace <= 0 or self.pace < 0:
            return math.inf
        return 7 * (LASTS + max(0.0, distance - foretold(self.pace, self.bend, LASTS)) / pace)


def foretold(pace: float, bend: float, weeks: float) -> float:
    """The units of the next weeks: faster and faster for a while, or slower and slower until the pace is nothing."""
    rests = -pace / bend if pace * bend < 0 else math.inf
    bent = min(weeks, LASTS, rests)
    units = pace * bent + bend * bent * bent / 2
    return units if bent == rests else units + (weeks - bent) * (pace + bend * bent)


def bent(last: float, before: float, apart: float) -> tuple[float, float]:
    """The pace today and what it gains a week, from the paces of the last weeks and of those `apart` weeks before.

    The last pace stands in the middle of its weeks; none turns its direction before it is here.
    """
    bend = (last - before) / apart
    now = last + bend * apart / 2
    return (now, bend) if now * last > 0 else (0.0, 0.0)
