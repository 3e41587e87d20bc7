"""Cycles of a history of which some days are known, as of weekly or irregular polls: found by pairs of known days.

Days that are whole cycles apart are alike, however many cycles that is, and others about as far apart are not. So
polls of every fourteenth day see a cycle of thirty: 28 or 210 days apart they are alike. Where several lengths agree
the one whose cycle is smoothest is taken, as in phase dispersion minimization (R. F. Stellingwerf, 1978) and by the
length of the string through the folded days (M. M. Dworetsky, 1983); all agree on how high a cycle comes.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import sub
from typing import NamedTuple

from webexhist.review.forecast.cycles import JITTER, ON_TIME
from webexhist.review.forecast.repetition import Path, crests_of, path

FEWEST_POINTS = 12
"""Fewer known days say nothing of cycles."""
MOST_POINTS = 64
"""Of more known days every second, third, ... is compared with others: pairs cost time."""
SHORTEST, LONGEST = 10, 140
"""Days of a cycle."""
STEP = 0.015
"""Lengths that are tried lie so large a share of them apart, ..."""
WHOLE = 0.065
"""... and days whole cycles apart may be so large a share of one off."""
CYCLES = 6
"""Days up to so many cycles apart are compared."""
FEWEST_PAIRS = 5
"""Fewer pairs say nothing of a length."""
CHANCE = 1.0
"""So many deviations of what chance makes of as many pairs are added to how unlike they are."""
CLEAR = 0.75
"""A cycle is one if days whole cycles apart are less unlike than this, as a share of others ..."""
RAMP = 0.2
"""... and is believed fully when they are so much less unlike still."""
FEWEST = 2.8
"""So many cycles must be known ..."""
SURE = 0.5
"""... and one is believed fully when so many more are."""
WEIGHT = 0.96
"""Nothing is believed more: cycles end."""
ALIKE = 0.15
"""A length that is less clear than the clearest by no more than this may be the true one ..."""
MOST_FOLDS = 5
"""... if it is among so many ..."""
NEAR = 0.06
"""... and not so near to a clearer one, as a share of it."""
LATELY = 13
"""The next cycle is like so many last ones ..."""
FADE = 0.9
"""... each of which counts so much of the next one."""
DOUBT = 4.0
"""Squares of a deviation by which a gain must differ from none."""
IN_CREST = 6
"""A crest is the highest of at least so many known days."""


class Fold(NamedTuple):
    """A length at which a history may repeat itself."""

    length: int
    """Days."""
    unlike: float
    """The squares between days whole cycles apart, as a share of those between others, and what chance may hide."""


class Cycle(NamedTuple):
    """A history laid over itself at one length."""

    length: int
    """Days."""
    drift: float
    """Units a day beyond the cycle."""
    usual: float
    """The variance between days next to each other within the cycle, without those that came early or late ..."""
    rough: float
    """... and with them."""


def folded(known: dict[int, float], now: float, floor: float, small: float, fewest: float = FEWEST) -> Path | None:
    """The way that the next cycles go, from the levels of known days by days back, newest last; None without one.

    `floor` is a variance that nothing is surer than, `small` what any way goes astray, units squared a week; `fewest`
    is how many cycles must be known.
    """
    if len(known) < FEWEST_POINTS:
        return None
    last = min(known)
    days, units = [last - back for back in known], list(known.values())
    folds = [fold for fold in folds_of(days, units, floor, fewest) if is_known_lately(days, fold.length)]
    if not folds:
        return None
    cycle, fold = min([(laid_over(days, units, fold.length), fold) for fold in folds], key=roughness)
    if len(days) > MOST_POINTS:
        # All days know the length better than the pairs that were looked at.
        near = [laid_over(days, units, cycle.length + away) for away in (-1, 1)]
        cycle = min(cycle, *near, key=lambda other: other.rough)
    length = cycle.length
    of_cycles, levels = lately(days, units, length)
    rests = [level - cycle.drift * day for day, level in zip(of_cycles, levels, strict=True)]
    shape = shape_of(of_cycles, rests, length)
    off = [rest - shape[day % length - 1] for day, rest in zip(of_cycles, rests, strict=True) if day > -length]
    moved = sum(off) / len(off) - now
    changes = [moved + cycle.drift * day + shape[day - 1] for day in range(1, length + 1)]
    variance = cycle.usual + floor
    crests = crests_of([moved + crest for crest in highest_of(of_cycles, rests, length)], -of_cycles[0], variance)
    believed = min(1.0, (CLEAR - fold.unlike) / RAMP) * min(1.0, (-days[0] / fold.length - FEWEST) / SURE)
    return path(WEIGHT * believed, changes, cycle.drift * length, variance, small, JITTER, crests)


def is_known_lately(days: Sequence[int], length: int) -> bool:
    """Whether enough of the last cycles is known, and anything of the last but one."""
    return days[-FEWEST_POINTS] > -LATELY * length and days[-2] > -2 * length


def roughness(found: tuple[Cycle, Fold]) -> float:
    """How rough a cycle is, whatever its length is like otherwise."""
    return found[0].rough


def folds_of(days: Sequence[int], units: Sequence[float], floor: float, fewest: float) -> list[Fold]:
    """The lengths at which whole cycles agree best, the clearest first; none of them near to another one."""
    every = math.ceil(len(days) / MOST_POINTS)
    some, of_some = days[::-every][::-1], units[::-every][::-1]
    span = some[-1] - some[0]
    slope = slope_of(some, of_some)
    pairs = Pairs(some, [level - slope * day for day, level in zip(some, of_some, strict=True)])
    found = []
    length = SHORTEST
    while length <= LONGEST and span > fewest * length:
        unlike = pairs.unlikeness(length, min(CYCLES, int(span / length - 0.5)), floor)
        if unlike < CLEAR:
            found.append(Fold(length, unlike))
        length = max(length + 1, round(length * (1 + STEP)))
    found.sort(key=lambda fold: fold.unlike)
    kept: list[Fold] = []
    for fold in found:
        if fold.unlike > found[0].unlike + ALIKE or len(kept) == MOST_FOLDS:
            break
        if all(abs(fold.length - other.length) > NEAR * other.length for other in kept):
            kept.append(fold)
    return kept


def slope_of(days: Sequence[int], units: Sequence[float]) -> float:
    """Units a day of the line of least squares."""
    middle = sum(days) / len(days)
    width = sum([(day - middle) ** 2 for day in days])
    return sum([(day - middle) * level for day, level in zip(days, units, strict=True)]) / width


class Pairs:
    """By how much pairs of known days differ, by how many days they are apart; sums of all nearer ones."""

    def __init__(self, days: Sequence[int], units: Sequence[float]) -> None:
        span = days[-1] - days[0]
        counts, squares, fourths = [0] * (span + 2), [0.0] * (span + 2), [0.0] * (span + 2)
        for step in range(1, len(days)):
            for apart, change in zip(map(sub, days[step:], days), map(sub, units[step:], units), strict=False):
                square = change * change
                counts[apart + 1] += 1
                squares[apart + 1] += square
                fourths[apart + 1] += square * square
        self.counts = list(accumulate(counts))
        self.squares = list(accumulate(squares))
        self.fourths = list(accumulate(fourths))

    def unlikeness(self, length: int, cycles: int, floor: float) -> float:
        """How unlike days whole cycles apart are, up to so many, as a share of all within half a cycle of these.

        Compared with others about as far apart, what only wanders is no cycle; and with the deviation of squares,
        what moved once is none either. Infinite where too few pairs are known.
        """
        counts, squares, fourths = self.counts, self.squares, self.fourths
        end, reach = len(counts) - 1, WHOLE * length
        count, found, usual, fourth = 0, 0.0, 0.0, 0.0
        for whole in range(length, cycles * length + 1, length):
            low, high = math.ceil(whole - reach), min(end, math.floor(whole + reach) + 1)
            alike = counts[high] - counts[low]
            if alike:
                first, last = math.ceil(whole - length / 2), min(end, math.floor(whole + length / 2) + 1)
                share = alike / (counts[last] - counts[first])
                count += alike
                found += squares[high] - squares[low]
                usual += share * (squares[last] - squares[first])
                fourth += share * (fourths[last] - fourths[first])
        if count < FEWEST_PAIRS or not usual:
            return math.inf
        return (found + floor * count) / (usual + floor * count) + CHANCE * math.sqrt(fourth) / usual


def lately(days: Sequence[int], units: Sequence[float], length: int) -> tuple[Sequence[int], Sequence[float]]:
    """The known days of the last cycles, and their units."""
    first = bisect_right(days, -LATELY * length)
    return days[first:], units[first:]


def laid_over(known: Sequence[int], levels: Sequence[float], length: int) -> Cycle:
    """The last cycles of a history in one; a drift that may be chance is less of one."""
    days, units = lately(known, levels, length)
    ordered = sorted(zip([day % length for day in days], days, units, strict=True))
    steps = [(later[1] - earlier[1], later[2] - earlier[2]) for earlier, later in pairwise(ordered)]
    drift = width = variance = 0.0
    for _ in range(2):
        steps.sort(key=lambda step: (step[1] - drift * step[0]) ** 2)
        kept = steps[: math.ceil(len(steps) * ON_TIME)]
        width = sum([apart * apart for apart, _ in kept])
        drift = sum([apart * change for apart, change in kept]) / width
        variance = sum([(change - drift * apart) ** 2 for apart, change in kept]) / len(kept)
    rough = sum([(change - drift * apart) ** 2 for apart, change in steps]) / len(steps)
    square = drift * drift * width
    sure = max(0.0, 1 - DOUBT * variance / square) if square else 0.0
    return Cycle(length, drift * sure, variance, rough)


def shape_of(days: Sequence[int], rests: Sequence[float], length: int) -> list[float]:
    """What each of the days to come has beyond the drift, for one cycle; on lines between those that are known."""
    sums, weights = [0.0] * length, [0.0] * length
    for day, rest in zip(days, rests, strict=True):
        weight = FADE ** (-day / length)
        sums[day % length - 1] += weight * rest
        weights[day % length - 1] += weight
    seen = [place for place in range(length) if weights[place]]
    shape = [0.0] * length
    for place, later in pairwise([*seen, seen[0] + length]):
        here, there = sums[place] / weights[place], sums[later % length] / weights[later % length]
        for day in range(place, later):
            shape[day % length] = here + (there - here) * (day - place) / (later - place)
    return shape


def highest_of(days: Sequence[int], rests: Sequence[float], length: int) -> list[float]:
    """The highest of each cycle, or of so many as have enough known days, newest first."""
    crests: list[float] = []
    end, crest, count = 0, -math.inf, 0
    for day, rest in zip(reversed(days), reversed(rests), strict=True):
        if count >= IN_CREST and day <= end - length:
            crests.append(crest)
            end, crest, count = day, -math.inf, 0
        crest, count = max(crest, rest), count + 1
    return crests
