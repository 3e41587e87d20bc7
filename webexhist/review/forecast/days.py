"""Single days of a history: outliers, what the day of the week does, and noise that is gone the day after.

A history is read as a dict from days back (0: the day that looks ahead) to the units of that day; days that no poll
knew are not in it.
"""

from bisect import bisect, bisect_left
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from operator import itemgetter, sub
from statistics import median

from webexhist.months import days_later
from webexhist.review.forecast.values import DailyPeak

MOST_DAYS = 106 * 7
"""Two years and a bit: older days say nothing of next month, and cost time."""
FAR = 8.0
"""A day is an outlier if it lies so many usual moves off both neighbors (the third quartile of all moves) ..."""
FAR_SHARE = 0.05
"""... at least this share of the level ..."""
FAR_UNITS = 3.0
"""... and so many units."""
WEEKDAY_DAYS = 91
"""The effect of the day of the week is that of so many last days."""
FEWEST_WEEKS = 3
"""Seen less often, a difference between days of the week may be chance."""
LEAST_FALLS = 0.1
"""Days that fall by a smaller share of what they rise only grow."""
LEAST_SHARE = 0.2
"""Days with a smaller share of the ordinary day's are not read."""
NOISE_DAYS = 91
"""Day-to-day noise is that of so many last days."""
STEPS_LEFT_OUT = 20
"""One in so many moves, the largest, is no noise: those are steps."""


def peaks_until(days: Sequence[tuple[date, int | None]], until: date) -> list[DailyPeak]:
    """Daily peaks as far back as anything looks, oldest first like `days`; `until` is the last one, known or not."""
    by_day, since = itemgetter(0), days_later(until, 1 - MOST_DAYS)
    within = days[bisect_left(days, since, key=by_day) : bisect(days, until, key=by_day)]
    peaks = list(map(DailyPeak._make, within))
    return peaks if peaks and peaks[-1].day == until else [*peaks, DailyPeak(until, None)]


def known_days(peaks: Sequence[DailyPeak]) -> dict[int, float]:
    """The days that are known, newest last; only the last one where all are older than `MOST_DAYS`."""
    today = peaks[-1].day.toordinal() if peaks else 0
    known = {today - day.toordinal(): float(units) for day, units in peaks if units is not None}
    if known and max(known) >= MOST_DAYS:
        last = min(known)
        known = {back: units for back, units in known.items() if back < MOST_DAYS or back == last}
    return known


def far_off(values: Sequence[float]) -> float:
    """How many units off its neighbors makes a day an outlier; infinite where too little is known."""
    moves: list[float] = sorted(map(abs, map(sub, values[1:], values)))
    if len(moves) < 4:
        return float("inf")
    return max(FAR_UNITS, FAR * moves[len(moves) * 3 // 4], FAR_SHARE * abs(values[-1]))


def without_outliers(known: dict[int, float], far: float) -> dict[int, float]:
    """Single days far off both neighbors lie between these: a trial of a script, an import undone."""
    backs, values = list(known), list(known.values())
    evened = dict(known)
    moves: list[float] = list(map(sub, values[1:], values))
    if not moves or max(max(moves), -min(moves)) <= far:
        return evened
    for index in [index for index, move in enumerate(moves[:-1], 1) if abs(move) > far]:
        # There and back again.
        if abs(moves[index]) > far and moves[index] * moves[index - 1] < 0:
            evened[backs[index]] = (values[index - 1] + values[index + 1]) / 2
    return evened


def weekday_shares(known: dict[int, float]) -> list[float]:
    """What days have as a share of the ordinary one's, by (minus days back) modulo 7; ones where nothing is sure.

    A day is compared with the mean of the seven around it, so that growth does not look like a day of the week. A
    share, because a tenth less on Sundays stays a tenth when a team grows.
    """
    days = min(WEEKDAY_DAYS, max(known) + 1)
    values = [known.get(back) for back in range(days - 1, -1, -1)]
    found: list[list[float]] = [[] for _ in range(7)]
    gaps = [0, *accumulate(units is None for units in values)]
    sums = [0.0, *accumulate(units or 0.0 for units in values)]
    for index in range(3, days - 3):
        here, week = values[index], (sums[index + 4] - sums[index - 3]) / 7
        if here is not None and gaps[index + 4] == gaps[index - 3] and week > 0:
            found[(index - days + 1) % 7].append(here / week)
    if min(map(len, found)) < FEWEST_WEEKS or not comes_and_goes(values):
        return [1.0] * 7
    shares = [median(of_day) for of_day in found]
    spread = max(median(abs(one - share) for one in of_day) for share, of_day in zip(shares, found, strict=True))
    level, ordinary = sums[-1] / days, median(shares)
    if max(shares) - min(shares) < max(1 / level, 3 * spread):
        return [1.0] * 7
    return [share / ordinary if abs(share - ordinary) * level >= 0.5 else 1.0 for share in shares]


def comes_and_goes(values: Sequence[float | None]) -> bool:
    """Whether days fall as well as rise: seats that are added every Monday are no days of the week."""
    known = [units for units in values if units is not None]
    moves: list[float] = list(map(sub, known[1:], known))
    falls: float = sum([move for move in moves if move < 0])
    return -falls >= LEAST_FALLS * (sum(moves) - falls)


def without_weekdays(known: dict[int, float], shares: Sequence[float]) -> dict[int, float]:
    """Every day as if it were an ordinary one; days on which hardly anybody works say nothing of it."""
    return {back: units / shares[-back % 7] for back, units in known.items() if shares[-back % 7] >= LEAST_SHARE}


def day_noise(known: dict[int, float]) -> float:
    """The deviation that a day does not hand on to the next, units.

    A walk moves twice as far (in squares) in two days as in one, noise does not: what one day moves beyond half of
    two days' is noise.
    """
    ones, twos = [], []
    for back in range(min(NOISE_DAYS, max(known))):
        if back in known and back + 1 in known and back + 2 in known:
            units = known[back]
            ones += [(units - known[back + 1]) ** 2, (known[back + 1] - known[back + 2]) ** 2]
            twos.append((units - known[back + 2]) ** 2)
    if len(twos) < 10:
        return 0.0
    return float(max(0.0, usual_square(ones) - usual_square(twos) / 2) ** 0.5)


def usual_square(squares: list[float]) -> float:
    """The mean of squares without the largest."""
    squares.sort()
    kept = squares[: len(squares) - len(squares) // STEPS_LEFT_OUT]
    return sum(kept) / len(kept)


def level_now(known: dict[int, float], noise: float, far: float) -> tuple[float, float]:
    """Units today, and what they would be more, were a far move of the last day taken back tomorrow.

    Today's are the last day's; where days are noisy, nearly the median of a fortnight without far moves.
    """
    last = min(known)
    lately = [known[back] for back in range(last, last + 14) if back in known]
    moves: list[float] = list(map(sub, lately[1:], lately))
    since = next((count for count, move in enumerate(moves, 1) if abs(move) > far), len(lately))
    undone = moves[0] if since == 1 and moves else 0.0
    lately = lately[:since]
    return lately[0] if noise < 0.5 else (median(lately) + median(lately[:3])) / 2, undone


def every_day(known: dict[int, float]) -> list[float]:
    """Levels of all days up to the last known one, oldest first; an unknown one keeps the level before."""
    first, last = max(known), min(known)
    if len(known) == first - last + 1:
        return list(known.values())
    levels, level = [], 0.0
    for back in range(first, last - 1, -1):
        level = known.get(back, level)
        levels.append(level)
    return levels
