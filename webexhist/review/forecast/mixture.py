"""All ways to go on together: where use is after some days, and how likely it has been at a distance."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import erfc, exp
from statistics import NormalDist
from typing import NamedTuple, Protocol

from webexhist.review.forecast.counted import Counted
from webexhist.review.forecast.paces import HALF_YEAR, Pace
from webexhist.review.forecast.parts import Normal
from webexhist.review.forecast.passage import ROOT_HALF, ROOT_TWO_PI, reached
from webexhist.review.forecast.repetition import Path

HALF_UNIT = 0.5
"""A way reaches a limit when it rounds to it; what only wanders must come a whole unit far."""
NEAREST = 0.2
"""Units: nothing is nearer to a limit that is not reached."""
OUT_OF_REACH = 7.0
"""Deviations: what is farther off is not reached by chance."""
WIDEST = 40.0
"""Deviations beyond which no quantile is looked for."""
EXACT = 1e-3
"""Units: how near a quantile is looked for."""
HALF_STEP = 0.5
"""A bend makes a step twice as long at the most."""
CALM = 0.85
"""What may have come of chance and of unsure paces lacks this share of its squares at first ..."""
CALM_WEEKS = 9.0
"""... and a third of that after so many weeks: moves that were alike lately go on alike for a while."""
STANDARD = NormalDist()
NODES = ((-math.sqrt(3), 1 / 6), (0.0, 2 / 3), (math.sqrt(3), 1 / 6))
"""Three points that stand for a normal distribution: deviations and weights (Gauss and Hermite's)."""
SLIGHT = 0.02
"""Straight ways of less weight are left out: they cost as much time as others."""


class Way(Protocol):
    """A way to go on that is not straight."""

    @property
    def weight(self) -> float:
        """How far it is believed, 0 to 1."""

    def normals(self, days: int, noise: float) -> list[Normal]:
        """The units beyond today's after so many days; `noise` is the variance of a day around its level."""

    def passed(self, distance: float, days: int) -> float:
        """The chance to have been at `distance` by then; it never falls with days."""


class Width(NamedTuple):
    """What chance may have done by some day."""

    probability: float
    weeks: float
    """Weeks of drift that went by."""
    steps: float
    """Units that steps added, on the mean."""
    variance: float
    """Units squared."""
    stepped: bool
    """Whether there was a step."""


@dataclass(frozen=True)
class Mixture:
    """Straight ways, which share what chance does, and others."""

    paces: Sequence[Pace]
    """Straight ways; their weights are shares of their sum."""
    straight: float
    """The weight of all these together; the others have the rest."""
    ways: tuple[Way, ...]
    diffusion: float
    """Units squared a week."""
    events: float
    """How often anything changes, a week: a quiet team may stay as it is."""
    step_rate: float
    """Steps and episodes a week; 0 where there are none."""
    step_square: float
    """Units squared of each."""
    step_mean: float
    """Units of each."""
    counted: Counted | None = None
    """What the history did, which has its share of the weight of straight ways."""
    cycle: Path | None = None
    """That of `ways` which repeats a cycle of this history."""
    year: Path | None = None
    """That of `ways` which follows its last year."""

    @cached_property
    def drifts(self) -> list[Pace]:
        """Each pace as three that stand for all it may be; their weights add up to 1."""
        drifts = [
            # None turns back: what was reached would be taken back.
            Pace(weight * pace.weight / self.paced, drift, 0.0, min(pace.slower, max(0.0, drift)))
            for pace in self.paces
            for node, weight in NODES
            for drift in (pace.drift + node * pace.deviation,)
        ]
        kept = [pace for pace in drifts if pace.weight > SLIGHT]
        whole = sum(pace.weight for pace in kept)
        return [pace._replace(weight=pace.weight / whole) for pace in kept]

    @cached_property
    def paced(self) -> float:
        """The sum of the weights of all paces."""
        return sum(pace.weight for pace in self.paces)

    def widths(self, days: int) -> list[Width]:
        """The cases that chance has by a day; what is left of 1 is that nothing changed at all."""
        weeks = days / 7
        some = -math.expm1(-self.events * weeks)
        busy = weeks / some
        if not self.step_rate:
            return [Width(some, busy, 0.0, self.diffusion * busy, stepped=False)]
        stepped = -math.expm1(-self.step_rate * weeks)
        steps = self.step_rate * weeks / stepped
        return [
            Width(some * (1 - stepped), busy, 0.0, self.diffusion * busy, stepped=False),
            Width(
                stepped,
                weeks,
                self.step_mean * steps,
                self.diffusion * weeks + self.step_square * steps,
                stepped=True,
            ),
        ]

    def passed(self, distance: float, days: int) -> float:
        """The chance to have been `distance` > 0 units above today's by so many days; it never falls with days."""
        if days <= 0:
            return 0.0
        total = sum(way.weight * way.passed(max(distance - HALF_UNIT, NEAREST), days) for way in self.ways)
        straight = self.straight
        if self.counted:
            believed = straight * self.counted.weight
            total += believed * self.counted.passed(max(distance - HALF_UNIT, NEAREST), days)
            straight -= believed
        there = 0.0
        for width in self.widths(days):
            # With a step it is no less likely than without, even for ways that would be there anyway.
            there = max(there, self.straight_passed(distance, width))
            total += straight * width.probability * there
        return min(1.0, total)

    def straight_passed(self, distance: float, width: Width) -> float:
        """The same for straight ways alone, in one case of what chance did."""
        _, weeks, steps, variance, _ = width
        usual = math.sqrt(variance)
        rate = self.step_rate if width.stepped else 0.0
        pull, lasting = self.step_mean * rate, self.diffusion + self.step_square * rate
        away, total = variance / lasting, 0.0
        for pace in self.drifts:
            weight, drift, _, slower = pace
            spread = usual
            # A drift away must run on the clock of chance, or what was reached would be taken back.
            ahead = (drift + pull) * away if drift + pull < 0 else drift * weeks + steps
            if slower and weeks > HALF_YEAR:
                # So must all that it does, where it is slower later.
                share = pace.clock(weeks) / weeks
                ahead, spread = share * ahead, math.sqrt(share) * usual
            near = distance
            if ahead > 0:
                near -= HALF_UNIT * ahead / (ahead + spread)
                if near < NEAREST:
                    near = NEAREST
            if ahead < 0 or near - ahead < OUT_OF_REACH * spread:
                total += weight * reached(near, ahead, spread)
        return total

    def normals(self, days: int, noise: float) -> list[Normal]:
        """The units beyond today's after so many days; `noise` is the variance of a day around its level."""
        if days <= 0:
            return [Normal(1.0, 0.0, math.sqrt(noise))]
        around = math.sqrt(noise)
        parts = [part for way in self.ways for part in way.normals(days, noise)]
        still, straight = 1.0, self.straight
        if self.counted:
            believed = straight * self.counted.weight
            parts += self.counted.normals(days, believed, noise)
            straight -= believed
        for probability, weeks, steps, variance, _ in self.widths(days):
            share = straight * probability / self.paced
            calm = 1 - CALM * exp(-weeks / CALM_WEEKS)
            around_pace, unsure = calm * variance + noise, calm * weeks * weeks
            parts += [
                Normal(
                    share * pace.weight,
                    pace.drift * pace.clock(weeks) + steps,
                    math.sqrt(around_pace + unsure * pace.deviation * pace.deviation),
                )
                for pace in self.paces
            ]
            still -= probability
        parts.append(Normal(straight * max(0.0, still), 0.0, around))
        return parts


def share_above(parts: list[Normal], units: float) -> float:
    """The share of a mixture of normals above some units."""
    total = 0.0
    for weight, mean, deviation in parts:
        total += weight * erfc((units - mean) / deviation * ROOT_HALF)
    return min(1.0, total / 2)


def quantile(parts: list[Normal], share: float) -> float:
    """The units that a share of a mixture of normals lies below."""
    (units,) = quantiles(parts, (share,))
    return units


def quantiles(parts: list[Normal], shares: Iterable[float]) -> list[float]:
    """The units that each of these shares of a mixture of normals lies below.

    Looked for from where it is if all were one normal distribution, by the slope and the bend of the curve there
    (Halley's way), and by halves where that leads astray.
    """
    mean = sum([part.weight * part.mean for part in parts])
    spread = math.sqrt(sum([weight * (deviation**2 + (at - mean) ** 2) for weight, at, deviation in parts]))
    near = EXACT + 1e-9 * (abs(mean) + spread)
    # What is left of an error is its cube over the square of the narrowest part.
    last = (near * min([part.deviation for part in parts]) ** 2) ** (1 / 3)
    found = []
    for share in shares:
        units = mean + spread * (STANDARD.inv_cdf(share) if 0 < share < 1 else math.copysign(WIDEST, share - 0.5))
        low, high = -math.inf, math.inf
        while high - low > near and abs(units - mean) <= WIDEST * spread:
            below, slope, bend = curve_at(parts, units)
            off = below - share
            if off < 0:
                low = units
            else:
                high = units
            step = math.copysign(spread, off)
            if slope * spread > abs(off):
                straight = off / slope
                step = straight / max(HALF_STEP, 1 - straight * bend / slope / 2)
            if abs(step) >= last and not low < units - step < high:
                step = units - (low + high) / 2
            units -= step
            if abs(step) < last:
                break
        found.append(units)
    return found


def curve_at(parts: list[Normal], units: float) -> tuple[float, float, float]:
    """The share of a mixture of normals below some units, how dense it is there, and how that changes."""
    below = dense = bend = 0.0
    for weight, mean, deviation in parts:
        away = (units - mean) / deviation
        below += weight * erfc(-away * ROOT_HALF)
        here = weight / deviation * exp(-0.5 * away * away)
        dense += here
        bend -= here * away / deviation
    return below / 2, dense / ROOT_TWO_PI, bend / ROOT_TWO_PI
