"""Cycles that a history has shown several times: monthly clean-ups, batches on a rhythm, stairs, quarters.

After one whole cycle a history has changed by nearly the same every time, after a half one by anything: the variance
of what changes in so many days is small at the length of the cycle. Growth on a rhythm is a cycle with a gain.
"""

import math
from collections.abc import Sequence
from itertools import accumulate
from operator import mul, sub
from statistics import median

from webexhist.review.forecast.repetition import Path, crests_of, path

SHORTEST = 7
"""Days: what comes and goes within a week is known to `days.weekday_shares`, what comes every week is a cycle."""
LONGEST = 140
"""Days."""
FEWEST = 2.1
"""So many cycles must be known: two whole ones, and that a third begins the same way ..."""
SURE = 0.45
"""... and one is believed fully when a third goes the same way for so large a part of it."""
RETURNS = 0.25
"""... and before that only one that comes back: what it gains is less than this share of its height."""
CLEAR = 0.55
"""A cycle is one if the squares after all of it are below this share of those after a part of it ..."""
RAMP = 0.2
"""... and is believed fully when they are so much lower still."""
CYCLES = 0.25
"""n cycles are believed to n / (n + this)."""
WEIGHT = 0.97
"""Nothing is believed more: cycles end."""
ON_TIME = 0.85
"""The share of days that show how far a cycle goes astray; the others differ by its being early or late ..."""
LATE = 2.0
"""... if all of them differ (in squares) by more than so many times that ..."""
JITTER = 2
"""... by so many days."""
AVERAGED = 3
"""The next cycle is the mean of so many last ones."""
FINE = 16
"""Days up to which every length is tried; beyond, every third and then its neighbors."""
LATELY = 200
"""Days in which short cycles are looked for."""
EXACT = 1e-12
"""Squares are exact to this share of themselves."""


def cycle_of(days: Sequence[float], now: float, floor: float, small: float, fewest: float = FEWEST) -> Path | None:
    """The way that the next cycles go, from the levels of all days, oldest first; None where there is none.

    `floor` is a variance that nothing is surer than, `small` what any way goes astray, units squared a week; `fewest`
    is how many cycles must be known.
    """
    longest = min(LONGEST, int(len(days) / fewest))
    if longest < SHORTEST:
        return None
    spans = Spans(days)
    length, unlike = clearest(spans, longest, floor)
    if unlike >= CLEAR or spans.varied(length + 1) < spans.varied(length):
        # Where a longer one agrees better still, the cycle is longer than is known twice.
        return None
    if spans.varied(length) + floor >= CLEAR * (spans.apart(length) + floor):
        # What happened once has no day after a whole cycle that is like it.
        return None
    cycles = len(days) / length
    weight = WEIGHT * min(1.0, (CLEAR - unlike) / RAMP) * cycles / (cycles + CYCLES) * min(1.0, (cycles - 2) / SURE)
    changes, gain = next_cycle(days, length)
    if cycles < 2 + SURE and abs(gain) > RETURNS * (max(changes) - min(changes)):
        return None
    usual, all_in_all = astray(days, length)
    jitter = JITTER if all_in_all > LATE * (usual + floor) else 0
    crests = crests_of(highest_of(days, now, length, gain), len(days), floor)
    return path(weight, [units - now for units in changes], gain, usual + floor, small, jitter, crests)


def highest_of(days: Sequence[float], now: float, length: int, gain: float) -> list[float]:
    """The highest of each whole cycle, newest first, units beyond `now`, as if all had been in the last one."""
    return [
        max(days[end - length : end]) - now + back * gain
        for back, end in enumerate(range(len(days), length - 1, -length))
    ]


def astray(days: Sequence[float], length: int) -> tuple[float, float]:
    """The variance of what a cycle gains, without the days that only came early or late, and with them."""
    gains = list(map(sub, days[length:], days))
    center = median(gains)
    squares = sorted((gain - center) ** 2 for gain in gains)
    kept = squares[: math.ceil(len(squares) * ON_TIME)]
    return sum(kept) / len(kept), sum(squares) / len(squares)


def next_cycle(days: Sequence[float], length: int) -> tuple[list[float], float]:
    """The levels of the days to come, and what a cycle gains: the mean of the last cycles, moved to the last one."""
    known = min(AVERAGED, len(days) // length - 1)
    end = len(days)
    gained = sum(days[end - length :]) - sum(days[end - (known + 1) * length : end - known * length])
    gain = gained / (length * known)
    ahead = [
        sum(days[end - back * length + day] + back * gain for back in range(1, known + 1)) / known
        for day in range(length)
    ]
    moved = sum(map(sub, days[end - length :], ahead)) / length + gain
    return [units + moved for units in ahead], gain


class Spans:
    """By how much levels change in any number of days: found by sums of products, in one pass each."""

    def __init__(self, levels: Sequence[float]) -> None:
        center = sum(levels) / len(levels)
        self.levels = [units - center for units in levels]
        self.sums: list[float] = list(accumulate(self.levels, initial=0.0))
        self.squares: list[float] = list(accumulate(map(mul, self.levels, self.levels), initial=0.0))

    def varied(self, lag: int) -> float:
        """The variance of what changes in so many days."""
        count = len(self.levels) - lag
        mean = (self.sums[-1] - self.sums[lag] - self.sums[count]) / count
        products: float = sum(map(mul, self.levels[lag:], self.levels))
        squares = self.squares[-1] - self.squares[lag] + self.squares[count] - 2 * products
        return max(0.0, squares / count - mean * mean)

    def apart(self, lag: int) -> float:
        """The same, had the days so far apart nothing to do with each other."""
        count = len(self.levels) - lag
        earlier, later = self.sums[count], self.sums[-1] - self.sums[lag]
        squares = self.squares[count] + self.squares[-1] - self.squares[lag]
        return max(0.0, (squares - (earlier * earlier + later * later) / count) / count)

    @property
    def rounding(self) -> float:
        """What is left of a variance by the exactness of floats alone."""
        return EXACT * self.squares[-1] / len(self.levels)


def clearest(spans: Spans, longest: int, floor: float) -> tuple[int, float]:
    """The length, in days, whose whole cycles agree best, and how much their squares are of those of a part."""
    floor += spans.rounding
    lately = Spans(spans.levels[-LATELY:])
    found = {lag: lately.varied(lag) for lag in range(2, min(longest, FINE) + 1)}
    if longest > FINE:
        thirds = Spans(spans.levels[::-3][::-1])
        found.update({3 * lag: thirds.varied(lag) for lag in range(FINE // 3 + 1, longest // 3 + 1)})
    best, least = SHORTEST, 1.0
    for lag in found:
        if lag >= SHORTEST and (ratio := unlikeness(found, lag, floor)) < 0.9 * least:
            best, least = lag, ratio
    if best > FINE:
        near = {lag: spans.varied(lag) for lag in range(best - 2, min(best + 2, longest) + 1)}
        best = min(near, key=lambda lag: near[lag])
        least = unlikeness(found | {best: near[best]}, best, floor)
    return best, least


def unlikeness(found: dict[int, float], lag: int, floor: float) -> float:
    """How much of the squares after a part of `lag` days is there after all of it.

    Halves, thirds, and whole weeks near the half: what is left of weekdays must not pass for a cycle.
    """
    parts = [lag // 2, lag // 3, 7 * round(lag / 14) or lag // 2]
    known = [found[part] if part in found else found.get(part // 3 * 3, found[lag]) for part in parts]
    return (found[lag] + floor) / (min(known) + floor)
