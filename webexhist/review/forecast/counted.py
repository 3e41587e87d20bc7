"""What this very history did in so many weeks, counted: no law of chance, but it knows how quiet it mostly is."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import sub

from webexhist.review.forecast.parts import Normal

AHEADS = (1, 2, 4, 8, 13)
"""Weeks ahead that are counted; what lies between them is between what they say."""
PART = 3
"""No weeks ahead are counted that a history has not seen so many times."""
MOST = 0.45
"""How far it is believed at the most: the rest have ways that know where the pace goes."""
WEEKS = 13.0
"""n weeks counted are believed to n / (n + this)."""
UNSEEN = 1.0
"""Rises that are added to those counted: what never came may come, the less so the farther it is ..."""
UNSEEN_WEEKS = 2.0
"""... and weeks that are added to all."""
FAR = 1.5
"""A rise of so many times the usual is half as likely to be among the unseen ones ..."""
FAR_UNITS = 2.0
"""... and so many units more."""
GROUPS = 6
"""So many normal distributions stand for the moves of so many weeks."""
NEAR = 0.7
"""So large a share of the weeks is counted, those with levels nearest to today's: what was as high says more ..."""
NEAR_WEEKS = 13
"""... but so many weeks at the least."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The moves that began in each week of a history."""

    weight: float
    """How far it is believed, 0 to 1."""
    aheads: Sequence[int]
    """Weeks."""
    moves: Sequence[Sequence[float]]
    """Of each of `aheads`: by how many units it was higher so many weeks later, in order of size."""
    rises: Sequence[Sequence[float]]
    """The same at the highest of these weeks."""
    far: float
    """Units: farther rises than these are hardly among those unseen."""

    def passed(self, distance: float, days: int) -> float:
        """The chance to have been `distance` > 0 units higher by so many days; it never falls with days.

        Beyond the weeks counted rises grow as they did in these.
        """
        weeks, longest = days / 7, self.aheads[-1]
        if weeks >= longest:
            return self.rose(-1, distance * longest / weeks)
        above = bisect_right(self.aheads, weeks)
        if not above:
            return weeks / self.aheads[0] * self.rose(0, distance)
        share = (weeks - self.aheads[above - 1]) / (self.aheads[above] - self.aheads[above - 1])
        return (1 - share) * self.rose(above - 1, distance) + share * self.rose(above, distance)

    def rose(self, index: int, distance: float) -> float:
        """The share of weeks after which it rose so far."""
        rises = self.rises[index]
        seen = len(rises) - bisect_left(rises, distance)
        return (seen + UNSEEN / (1 + (distance / self.far) ** 2)) / (len(rises) + UNSEEN_WEEKS)

    def normals(self, days: int, weight: float, noise: float) -> list[Normal]:
        """Where it is after so many days, as parts that together weigh `weight`; `noise` is a variance."""
        weeks = days / 7
        above = bisect_right(self.aheads, weeks)
        if above in (0, len(self.aheads)):
            nearest = self.aheads[0] if not above else self.aheads[-1]
            return stretched(self.moves[0 if not above else -1], weeks / nearest, weight, noise)
        share = (weeks - self.aheads[above - 1]) / (self.aheads[above] - self.aheads[above - 1])
        return [
            *stretched(self.moves[above - 1], 1.0, (1 - share) * weight, noise),
            *stretched(self.moves[above], 1.0, share * weight, noise),
        ]


def stretched(moves: Sequence[float], times: float, weight: float, noise: float) -> list[Normal]:
    """Moves in order of size as some normal distributions, as if they went on so many times as long."""
    count = len(moves)
    mean, root = sum(moves) / count, math.sqrt(times)
    ends = [group * count // GROUPS for group in range(GROUPS + 1)]
    parts = []
    for first, end in pairwise(ends):
        if end > first:
            group = moves[first:end]
            middle = sum(group) / (end - first)
            spread = sum([(move - middle) ** 2 for move in group]) / (end - first)
            center = mean * times + (middle - mean) * root
            parts.append(Normal(weight * (end - first) / count, center, math.sqrt(spread * times + noise)))
    return parts


def counted(levels: Sequence[float], lasting: float) -> Counted | None:
    """Counts the weeks of a history, oldest first; None where they are too few.

    `lasting` is how far its usual paces are believed, 0 to 1: where a new one has begun, the weeks before say little.
    """
    aheads = [weeks for weeks in AHEADS if weeks * PART <= len(levels)]
    if not aheads:
        return None
    count = len(levels) - aheads[-1]
    origins = levels[:count]
    highest = [-math.inf] * count
    away = [abs(level - levels[-1]) for level in origins]
    near = sorted(range(count), key=away.__getitem__)[: max(NEAR_WEEKS, round(NEAR * count))]
    moves, rises = [], []
    for weeks in range(1, aheads[-1] + 1):
        moved = list(map(sub, levels[weeks : weeks + count], origins))
        highest = list(map(max, highest, moved))
        if weeks in aheads:
            moves.append(sorted([moved[index] for index in near]))
            rises.append(sorted([highest[index] for index in near]))
    usual = math.sqrt(sum([rise * rise for rise in highest]) / count)
    return Counted(MOST * lasting * count / (count + WEEKS), aheads, moves, rises, FAR * usual + FAR_UNITS)
