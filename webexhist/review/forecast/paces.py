"""The paces that a history could go on with, each believed as far as it foretold this very history."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

from webexhist.review.forecast.bends import Bend, bent, foretold
from webexhist.review.forecast.runs import NO_RUN, run_of
from webexhist.review.forecast.weeks import Weeks

WINDOWS = {3: 0.4, 6: 0.8, 13: 1.1, 26: 1.0, 52: 2.0}
"""Weeks that a pace is taken from, and how far it is believed before it is tested."""
STILL = 2.2
"""The same for no pace at all, in a history of many weeks ..."""
STILL_WEEKS = 2.0
"""... and half of it in one of so many ..."""
STILL_LEVEL = 0.04
"""... which may still be so large a share of the level a year, as a deviation."""
LASTING = 13
"""Paces of so many weeks or more, and none at all, are what a history usually does."""
HALF_YEAR = 26
"""Weeks: after them a pace that the last few weeks alone had, faster than the usual ones, has come back to these."""
BENT = 0.4
"""The same for a pace that changes."""
BEND_WEEKS = 8
"""A bend compares the paces of the last so many weeks and of as many before."""
AHEADS = (2, 6)
"""Weeks that a pace must foretell in each test."""
EVERY = 2
"""Weeks from test to test."""
MOST_TESTS = 40
"""Weeks back to the first test."""
HALF = 18.0
"""Weeks after which a test counts half."""
FLOOR = 0.3
"""What chance alone makes a pace miss, as a share of the diffusion: a record is never better than that."""
POWER = 1.0
"""How much a test of its own says; 1 is what independent normal errors would."""
WIDE = 0.14
"""The weight of a pace near the mean of all that may be far off ..."""
WIDE_WEEKS = 14.0
"""... by what so many weeks could show of a pace, ..."""
WIDE_SHARE = 0.5
"""... by this share of itself, ..."""
WIDE_LEVEL = 0.04
"""... and by this share of the level a year, as deviations."""
SHORT = 2.5
"""A history of so many weeks is believed half: the wide pace has the rest ..."""
SHORT_LEVEL = 0.35
"""... and may be off by this share of the level a year more, as far as it has."""
TURNS = 0.2
"""How much of what paces changed from quarter to quarter they may change again, in squares."""
LATELY = 6
"""Weeks: where they moved less than all weeks, so much less will paces change ..."""
QUIET = 0.1
"""... but this share is left."""
QUARTER = 13
"""Weeks."""
UNSURE = 0.13
"""What a pace may change by: this share of it, as a deviation."""
LOCAL = 4.0
"""A pace of few weeks is as sure as its own days make it, their variance so many times: days resemble each other."""
FIRST_WEEKS = 2
"""A history of fewer has no pace of weeks: all of its days together have one ..."""
FIRST_DAYS = 4
"""... of which so many days are believed half."""
RUN = 3.0
"""How much a run speaks against a pace that is not its own."""
FRESH = 0.5
"""How far a fresh run is believed before it is held against what was before; one of n days ..."""
FRESH_DAYS = 3.0
"""... in no case to more than n / (n + this)."""


class Pace(NamedTuple):
    """One straight way to go on."""

    weight: float
    drift: float
    """Units a week."""
    deviation: float
    """How unsure the drift is, units a week."""
    slower: float = 0.0
    """By how many units a week it is slower after half a year."""

    def clock(self, weeks: float) -> float:
        """The weeks of its drift that go by within so many weeks."""
        if not self.slower or weeks <= HALF_YEAR:
            return weeks
        return HALF_YEAR + (weeks - HALF_YEAR) * (1 - self.slower / self.drift)


@dataclass(frozen=True, slots=True)
class Paces:
    """All paces of a history; their weights add up to 1."""

    straight: list[Pace]
    bend: Bend | None
    """The one that changes."""
    lasting: float
    """How far the usual ones are believed, among those that keep to what some weeks did: 0 to 1."""


class Sums:
    """The sum of a history's changes up to each week: the pace of any weeks follows from two of them."""

    def __init__(self, changes: Sequence[float]) -> None:
        self.sums = list(accumulate(changes, initial=0.0))
        self.totals = list(accumulate(self.sums, initial=0.0))
        self.firsts = list(accumulate((week * units for week, units in enumerate(self.sums)), initial=0.0))
        self.last = len(self.sums) - 1

    def pace(self, at: int, window: int) -> float:
        """Units a week over the `window` weeks before `at`: half the difference of the ends, half least squares."""
        start = at - window if at > window else 0
        count = at - start + 1
        if count < 2:
            return 0.0
        total = self.totals[at + 1] - self.totals[start]
        slope = self.firsts[at + 1] - self.firsts[start] - (start + at) / 2 * total
        return (self.sums[at] - self.sums[start]) / (2 * count - 2) + slope * 6 / (count * (count * count - 1))

    def bent(self, at: int) -> tuple[float, float]:
        """The pace at a week, and what it gains a week."""
        return bent(self.pace(at, BEND_WEEKS), self.pace(max(0, at - BEND_WEEKS), BEND_WEEKS), BEND_WEEKS)


def paces_of(changes: Sequence[float], weeks: Weeks, diffusion: float) -> Paces:
    """All paces of weekly changes without rare steps."""
    sums = Sums(changes)
    last, known = sums.last, len(weeks.changes)
    windows = [window for index, window in enumerate(WINDOWS) if not index or list(WINDOWS)[index - 1] < last]
    missed, still, curved, tests = tested(sums, windows)
    if last > known:
        # The line through a gap agrees with itself.
        share = known / last
        missed, still, curved, tests = [share * one for one in missed], share * still, share * curved, share * tests
    run = run_of(weeks.days) if weeks.is_daily else NO_RUN

    def weight(prior: float, squares: float, drift: float) -> float:
        against = 1 + RUN * run.sure * (drift - run.pace) ** 2
        return prior * record(squares / diffusion, tests) / against

    own: list[tuple[float, float, float]] = []
    for window, squares in zip(windows, missed, strict=True):
        drift = sums.pace(last, window) if last >= FIRST_WEEKS else first_pace(weeks)
        lately = min(diffusion, LOCAL / (7 * run.sure)) if run.sure and window <= 6 else diffusion
        own.append((weight(WINDOWS[window], squares, drift), drift, lately / max(1, min(window, last))))
    own.append(
        (weight(STILL * (last + 1) / (last + 1 + STILL_WEEKS), still, 0.0), 0.0, (STILL_LEVEL * weeks.now / 52) ** 2)
    )
    lasting = [one for window, one in zip([*windows, LASTING], own, strict=True) if window >= LASTING]
    usual = sum(weight for weight, _, _ in lasting)
    usual_drift = sum(weight * drift for weight, drift, _ in lasting) / usual
    if run.fresh:
        others = sum(weight for weight, _, _ in own)
        own.append((min(FRESH, others * run.fresh / FRESH_DAYS), run.pace, 1 / run.sure))
    total = sum(weight for weight, _, _ in own)
    mean = sum(weight * drift for weight, drift, _ in own) / total
    bend = None
    turns = TURNS * turned(sums, diffusion) * min(1.0, QUIET + busy_lately(changes))
    little = SHORT / (known + 1 + SHORT)
    wide = WIDE + (1 - WIDE) * little
    if last >= 2 * BEND_WEEKS + 4:
        now, gain = sums.bent(last)
        # Growth bends; a decline that bends would have to turn before it reaches anything.
        believed = weight(BENT, curved, now) if now > 0 else 0.0
        total += believed
        deviation = math.sqrt(diffusion / BEND_WEEKS + turns + (UNSURE * now) ** 2)
        bend = None if now <= 0 else Bend((1 - wide) * believed / total, now, gain, deviation, diffusion)
    paces = [
        Pace(
            (1 - wide) * weight / total,
            drift,
            math.sqrt(variance + turns + (UNSURE * drift) ** 2),
            max(0.0, drift - max(0.0, usual_drift)) if known >= HALF_YEAR and one not in lasting else 0.0,
        )
        for one in own
        for weight, drift, variance in (one,)
    ]
    apart = little * sum(weight * (drift - mean) ** 2 for weight, drift, _ in own) / total
    level = (WIDE_LEVEL + SHORT_LEVEL * little) * weeks.now / 52
    deviation = math.sqrt(diffusion / WIDE_WEEKS + turns + (WIDE_SHARE * mean) ** 2 + level**2 + apart)
    # One pace with three points would be certain to go this way or that: two of half the width lie side by side.
    humps = [Pace(wide / 2, mean + way * deviation, deviation / 2) for way in (-1, 1)]
    return Paces([*paces, *humps], bend, usual / sum(weight for weight, _, _ in own))


def tested(sums: Sums, windows: Sequence[int]) -> tuple[list[float], float, float, float]:
    """The squares a week that paces missed: of each window, of no pace, of the bend; and how many tests these were.

    Tests overlap: those of six weeks ahead count a sixth each.
    """
    missed = [0.0] * len(windows)
    still = curved = tests = 0.0
    for ahead, origin, belief in origins(sums.last):
        came = sums.sums[origin + ahead] - sums.sums[origin]
        scale = belief / ahead
        for index, window in enumerate(windows):
            missed[index] += scale * (ahead * sums.pace(origin, window) - came) ** 2
        still += scale * came * came
        if origin > BEND_WEEKS:
            now, gain = sums.bent(origin)
            curved += scale * (foretold(now, gain, ahead) - came) ** 2
        else:
            curved += scale * (ahead * sums.pace(origin, BEND_WEEKS) - came) ** 2
        tests += belief
    return missed, still, curved, tests


def origins(last: int) -> Iterator[tuple[int, int, float]]:
    """Weeks ahead, the week to look ahead from, and how much that counts."""
    fade = 0.5 ** (EVERY / HALF)
    for ahead in AHEADS:
        belief = EVERY / ahead / len(AHEADS)
        for origin in range(last - ahead, max(1, last - ahead - MOST_TESTS), -EVERY):
            yield ahead, origin, belief
            belief *= fade


def turned(sums: Sums, diffusion: float) -> float:
    """The mean square of how much the pace changed from quarter to quarter, beyond what chance makes of it."""
    ends = range(sums.last, QUARTER - 1, -QUARTER)
    paces = [sums.pace(end, QUARTER) for end in ends]
    if len(paces) < 2:
        return 0.0
    squares = [(later - earlier) ** 2 for later, earlier in pairwise(paces)]
    return max(0.0, sum(squares) / len(squares) - 2.4 * diffusion / QUARTER)


def busy_lately(changes: Sequence[float]) -> float:
    """How much the last weeks moved, as a share of what all did."""
    lately = changes[-LATELY:]
    usual = sum(map(abs, changes)) * len(lately)
    return sum(map(abs, lately)) * len(changes) / usual if usual else 0.0


def record(missed: float, tests: float) -> float:
    """How far a pace is believed: the likelihood of what it missed, its variance unknown.

    `missed` is the sum of squares as shares of the diffusion.
    """
    return float((missed / tests + FLOOR) ** (-0.5 * POWER * tests)) if tests else 1.0


def first_pace(weeks: Weeks) -> float:
    """Units a week of a history that has just begun: the less of its pace, the fewer days it has."""
    days = weeks.days if weeks.is_daily else []
    return 7 * (days[-1] - days[0]) / (len(days) - 1 + FIRST_DAYS) if days else 0.0
