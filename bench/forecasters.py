"""What a forecast is compared with, written as simply as can be: least squares, Theil and Sen's line, a bootstrap.

Each says the same as ours: dates of 10, 50 and 90 %, the chance to reach the limit within 90 days, and ranges of
units. All look back half a year.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise
from random import Random
from statistics import NormalDist, fmean, median

from histories import Case

from webexhist.review.forecast import NoOutlook, outlook

WINDOW = 182
LOOKS = (30, 90, 180)
"""Days ahead for which units are forecast."""
WITHIN = 90
"""Days ahead for which the chance is forecast."""
EIGHT_OF_TEN = NormalDist().inv_cdf(0.9)
NEVER = math.inf
SIMULATIONS = 200


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a method says of a case."""

    dates: tuple[float, float, float]
    """Days until the limit is reached with 10, 50 and 90 %; infinite where that never comes."""
    chance: float
    """To reach it within 90 days."""
    units: tuple[tuple[float, float], ...]
    """The range of eight in ten for each of `LOOKS`."""


Method = Callable[[Case], Foretold]


def ours(case: Case) -> Foretold:
    """The forecast that the program makes."""
    foreseen = outlook(case.peaks, case.notes, case.limit)
    assert not isinstance(foreseen, NoOutlook)
    dates = [foreseen.date_at(share) for share in (0.1, 0.5, 0.9)]
    low, middle, high = (NEVER if day is None else float((day - case.today).days) for day in dates)
    ahead = [case.today + timedelta(days=days) for days in LOOKS]
    return Foretold(
        (low, middle, high),
        foreseen.chance_before(case.today + timedelta(days=WITHIN)),
        tuple((foreseen.units_on(day, 0.1), foreseen.units_on(day, 0.9)) for day in ahead),
    )


def least_squares(case: Case) -> Foretold:
    """The straight line of the least squares, its slope as unsure as independent days would make it."""
    points = recent(case)
    center, mean = fmean(x for x, _ in points), fmean(y for _, y in points)
    width = sum((x - center) ** 2 for x, _ in points) or 1.0
    slope = sum((x - center) * (y - mean) for x, y in points) / width
    rests = sum((y - mean - slope * (x - center)) ** 2 for x, y in points)
    spread = max(0.5, math.sqrt(rests / max(1, len(points) - 2)))
    reach = EIGHT_OF_TEN * spread / math.sqrt(width)
    return line(case, mean - slope * center, spread, (slope - reach, slope, slope + reach))


def theil_sen(case: Case) -> Foretold:
    """The median of the slopes between all pairs of days, its range by Sen."""
    points = recent(case)
    points = points[:: -math.ceil(len(points) / 64)][::-1]
    if len(points) < 3:
        return line(case, points[-1][1], 0.5, (0.0, 0.0, 0.0))
    slopes = sorted((b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1 :])
    slope, count = median(slopes), len(points)
    rests = [y - slope * x for x, y in points]
    level = median(rests)
    spread = max(0.5, 1.4826 * median(abs(rest - level) for rest in rests))
    power = sum((rest - level) ** 2 for rest in rests)
    alike = sum((a - level) * (b - level) for a, b in pairwise(rests)) / power if power else 0.0
    alike = min(max(alike, 0.0), 0.95)
    variance = count * (count - 1) * (2 * count + 5) / 18 * (1 + alike) / (1 - alike)
    reach = EIGHT_OF_TEN * math.sqrt(variance) / 2
    low, high = (slopes[min(max(round(len(slopes) / 2 + way * reach), 0), len(slopes) - 1)] for way in (-1, 1))
    return line(case, level, spread, (min(low, slope), slope, max(high, slope)))


def bootstrap(case: Case) -> Foretold:
    """Weeks of the last half year drawn again, in pairs, two hundred times for a year."""
    points = recent(case)
    by_week = dict(sorted((math.floor(x / 7), y) for x, y in points))
    weeks = [by_week[min(by_week, key=lambda known: abs(known - week))] for week in range(min(by_week), 1)]
    changes = [b - a for a, b in pairwise(weeks)] or [0.0]
    random, now = Random(len(points)), points[-1][1]
    reached: list[float] = []
    at: list[list[float]] = [[] for _ in LOOKS]
    for _ in range(SIMULATIONS):
        drawn = [
            change for start in random.choices(range(len(changes)), k=27) for change in changes[start : start + 2]
        ]
        path = list(accumulate(drawn[:52], initial=now))
        reached.append(next((7.0 * week for week, units in enumerate(path) if units >= case.limit and week), NEVER))
        for found, days in zip(at, LOOKS, strict=True):
            found.append(path[min(len(path) - 1, round(days / 7))])
    reached.sort()
    tenth = SIMULATIONS // 10
    ranges = [(sorted(found)[tenth], sorted(found)[-tenth - 1]) for found in at]
    return Foretold(
        (reached[tenth], reached[SIMULATIONS // 2], reached[-tenth - 1]),
        sum(days <= WITHIN for days in reached) / SIMULATIONS,
        tuple(ranges),
    )


def line(case: Case, level: float, spread: float, slopes: tuple[float, float, float]) -> Foretold:
    """What a line says: `slopes` a day are those of 10, 50 and 90 %, `spread` is that of the days around it."""
    low, middle, high = slopes
    sure = EIGHT_OF_TEN * spread

    def spread_at(days: int, slope: float) -> float:
        return math.hypot(spread, days * (slope - middle) / EIGHT_OF_TEN)

    at = level + WITHIN * middle
    wide = spread_at(WITHIN, high if at < case.limit else low)
    return Foretold(
        (
            days_until(case.limit, level + sure, high),
            days_until(case.limit, level, middle),
            days_until(case.limit, level - sure, low),
        ),
        NormalDist(at, wide).cdf(2 * at - case.limit),
        tuple(
            (
                level + days * middle - EIGHT_OF_TEN * spread_at(days, low),
                level + days * middle + EIGHT_OF_TEN * spread_at(days, high),
            )
            for days in LOOKS
        ),
    )


def days_until(limit: float, level: float, slope: float) -> float:
    if level >= limit:
        return 1.0
    return math.ceil((limit - level) / slope) if slope > 0 else NEVER


def recent(case: Case) -> list[tuple[int, float]]:
    """Known peaks of the last half year, by days before today; of older ones the last where there is none."""
    known = [((peak.day - case.today).days, float(peak.peak)) for peak in case.peaks if peak.peak is not None]
    return [point for point in known if point[0] > -WINDOW] or known[-1:]
