"""What the last year did next, believed as far as the year before foretold it."""

import math
from collections.abc import Sequence
from statistics import median

from webexhist.review.forecast.repetition import Path, path

YEAR = 365
"""Days."""
JITTER = 2
"""Days by which a year is early or late: terms begin on Mondays."""
AHEAD = 42
"""Days that the year before must foretell in each test."""
QUARTER = 91
"""Days whose pace, and no pace at all, the year before must beat."""
EVERY = 7
"""Days from test to test."""
PRIOR = 0.06
"""How far last year is believed before it is tested."""
BELIEF = 0.75
"""How much a test of its own says; 1/2 is what independent normal errors would."""
RETURN = 1.2
"""A year that ends n times nearer to its beginning than this share of its way is believed n times as much ..."""
MOST_RETURN = 60.0
"""... at most so many times: few ways go far and come back by chance."""
MOST_SCALE = 1.25
"""A year's changes may be so many times those of the year before."""
MOST = 4.5
"""Tests say together no more than so many times that."""
FLOOR = 0.3
"""What chance alone makes a year miss, as a share of the diffusion."""
ON_TIME = 0.85
"""The share of tests that shows how far a year goes astray; the others differ by its being early or late."""
ASTRAY = 0.25
"""Of what six weeks miss, the share that goes on to grow."""


def last_year(days: Sequence[float], diffusion: float, noise: float, small: float) -> Path | None:
    """The way of last year's same days, `days` being the levels of all days, oldest first; None where there is none.

    `diffusion` is a variance a week, `noise` that of a day, `small` what any way goes astray, units squared a week.
    """
    last = len(days) - 1
    if last <= YEAR:
        return None
    missed: list[float] = []
    still = paced = alike = moved = 0.0
    for origin in range(last - AHEAD, YEAR - 1, -EVERY):
        came = days[origin + AHEAD] - days[origin]
        foretold = days[origin + AHEAD - YEAR] - days[origin - YEAR]
        missed.append((came - foretold) ** 2)
        still += came * came
        paced += (came - (days[origin] - days[origin - QUARTER]) * AHEAD / QUARTER) ** 2
        alike += came * foretold
        moved += foretold * foretold
    floor = AHEAD / 7 * diffusion * FLOOR + 4 * noise
    tests = ((len(missed) - 1) * EVERY + AHEAD) / AHEAD if missed else 0.0
    begin = last - YEAR
    start = median(days[max(0, begin - 2) : begin + 3])
    odds = PRIOR / (1 - PRIOR) * returned(days[begin:], start, noise)
    odds *= ((min(still, paced) + floor) / (sum(missed) + floor)) ** min(MOST, BELIEF * tests)
    missed.sort()
    kept = missed[: max(1, round(len(missed) * ON_TIME))]
    variance = sum(kept) / len(kept) if kept else AHEAD / 7 * diffusion / 4
    scale = min(MOST_SCALE, max(1 / MOST_SCALE, (alike + floor) / (moved + floor)))
    changes = [scale * (units - start) for units in days[begin + 1 :]]
    return path(odds / (1 + odds), changes, changes[-1], variance, ASTRAY * variance * 7 / AHEAD + small, JITTER)


def returned(year: Sequence[float], start: float, noise: float) -> float:
    """How much more a year is believed because it came back to where it began; `noise` is a variance."""
    apart = abs(year[-1] - start) + 2 * math.sqrt(noise) + 1
    return min(MOST_RETURN, max(1.0, RETURN * (max(year) - min(year)) / apart))
