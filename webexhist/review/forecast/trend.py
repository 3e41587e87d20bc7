"""A straight line through days that a few odd ones do not bend, and how sure it is.

Slope: H. Theil (1950), P. K. Sen (1968), "Estimates of the regression coefficient based on Kendall's tau". Its range
follows Sen's, with Kendall's variance enlarged for days that resemble the day before: counts do, and n such days tell
less than n days of which each knows nothing of the other.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from statistics import median

SURE = 1.645
"""Standard deviations to either side that hold nine of ten cases."""
SPREAD = 2.5 * 1.4826
"""Median absolute deviations that make two and a half standard deviations of a normal distribution."""
LEAST_DEVIATION = 0.34
"""Counts are whole numbers: half a unit, as a median absolute deviation."""
MOST_DAYS = 64
"""So many days are paired at most."""
MOST_ALIKE = 0.95
"""The resemblance of neighboring days is not taken for higher: a handful of days would be left."""


@dataclass(frozen=True, slots=True)
class Level:
    """A figure that is not known exactly."""

    low: float
    middle: float
    high: float

    def joined(self, other: "Level") -> "Level":
        """This figure in the range of both."""
        return Level(min(self.low, other.low), self.middle, max(self.high, other.high))


def robust_slope(days: Sequence[int], levels: Sequence[float]) -> Level:
    """Units a day, for levels on at least three days, which are whole numbers and rise."""
    # Half a year's every third day tells the same in a ninth of the time.
    every = math.ceil(len(days) / MOST_DAYS)
    days, levels = days[::-every][::-1], levels[::-every][::-1]
    slopes = sorted(
        ((levels[later] - levels[earlier]) / (days[later] - days[earlier]), days[later] - days[earlier])
        for earlier in range(len(days))
        for later in range(earlier + 1, len(days))
    )
    middle = weighed_median(slopes)
    rests = [level - middle * day for day, level in zip(days, levels, strict=True)]
    height = median(rests)
    alike = enlargement([rest - height for rest in rests])
    reach = SURE * math.sqrt(kendall_variance(len(days)) * alike) / 2
    low, high = (at_rank(slopes, len(slopes) / 2 + way * reach) for way in (-1, 1))
    return Level(min(low, middle), middle, max(middle, high))


def weighed_median(slopes: Sequence[tuple[float, int]]) -> float:
    """Slopes weigh as the days between: of neighbors most are the same whole number, and their slope nothing."""
    weights = list(accumulate(span for _, span in slopes))
    return slopes[bisect_left(weights, weights[-1] / 2)][0]


def at_rank(slopes: Sequence[tuple[float, int]], rank: float) -> float:
    """The slope at a rank, within the ends."""
    return slopes[min(max(round(rank), 0), len(slopes) - 1)][0]


def robust_level(days: Sequence[int], levels: Sequence[float], slope: float) -> Level:
    """Units on day 0 of a line with that slope."""
    rests = [level - slope * day for day, level in zip(days, levels, strict=True)]
    height = median(rests)
    spread = SPREAD * max(LEAST_DEVIATION, median(abs(rest - height) for rest in rests))
    return Level(height - spread, height, height + spread)


def kendall_variance(count: int) -> float:
    """The variance of the number of rising less falling pairs, were there no trend."""
    return count * (count - 1) * (2 * count + 5) / 18


def enlargement(rests: Sequence[float]) -> float:
    """By how much resemblance of each day to the day before enlarges a variance (autoregression of order one)."""
    power = sum(rest * rest for rest in rests)
    alike = sum(earlier * later for earlier, later in pairwise(rests)) / power if power else 0.0
    alike = min(max(alike, 0.0), MOST_ALIKE)
    return (1 + alike) / (1 - alike)
