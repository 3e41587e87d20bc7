"""A history as weeks, counted back from the day that looks ahead, without what the day of the week does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from webexhist.review.forecast.days import (
    day_noise,
    every_day,
    far_off,
    known_days,
    level_now,
    weekday_shares,
    without_outliers,
    without_weekdays,
)
from webexhist.review.forecast.values import DailyPeak

DAILY = 4
"""A history of more known days in seven than this is followed day by day, of fewer week by week."""

COLLAPSE = 2.0
"""More than so many times of what is left is gone."""
YEAR = 52
"""Weeks."""

ORDINARY = [1.0] * 7
"""Shares of a history that does not know days of the week."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """What a history was, week by week."""

    today: date
    """The last day of the history, known or not."""
    levels: list[float]
    """The median of each week's peaks, oldest first; a week without any lies on the line between its neighbors."""
    changes: list[tuple[float, int]]
    """From known week to known week, oldest first: by how many units, in how many weeks."""
    days: list[float]
    """The level of each day, oldest first."""
    known: dict[int, float]
    """The level of each known day by days back, newest last."""
    is_daily: bool
    """Whether `days` were mostly known; else they lie on the lines between weeks."""
    silent_days: int
    """Days since the last known one."""
    latest: float
    """Units of the last known day, as they were."""
    now: float
    """Units today, were it an ordinary day."""
    undone: float
    """What they would be more, were a far move of the last day taken back; 0 where there was none."""
    noise: float
    """The deviation of a day that is gone the day after, units."""
    offsets: tuple[float, ...]
    """What Monday, ..., Sunday have more than an ordinary day."""


def weeks_of(peaks: Sequence[DailyPeak]) -> Weeks | None:
    """Reads daily peaks, oldest first; None where no day is known."""
    known = known_days(peaks)
    if not known:
        return None
    silent_days = min(known)
    latest = known[silent_days]
    far = far_off(list(known.values()))
    known = without_outliers(known, far)
    shares = weekday_shares(known)
    if shares != ORDINARY:
        known = without_weekdays(known, shares)
    levels, changes = filled(weekly_medians(known))
    kept = weeks_since_collapse(levels)
    if kept < len(levels):
        known = days_since_collapse(known, silent_days // 7 + kept)
        levels, changes = filled(weekly_medians(known))
    is_daily = 7 * len(known) > DAILY * (max(known) - silent_days + 1)
    noise = day_noise(known)
    today = peaks[-1].day
    now, undone = level_now(known, noise, far)
    return Weeks(
        today=today,
        levels=levels,
        changes=changes,
        days=every_day(known) if is_daily else between(levels),
        known=known,
        is_daily=is_daily,
        silent_days=silent_days,
        latest=latest,
        now=now,
        undone=undone,
        noise=noise,
        offsets=tuple(now * (shares[(weekday - today.weekday()) % 7] - 1) for weekday in range(7)),
    )


def weekly_medians(known: dict[int, float]) -> dict[int, float]:
    """The median of each week that has a known day, by weeks back."""
    by_week: dict[int, list[float]] = {}
    for back, units in known.items():
        by_week.setdefault(back // 7, []).append(units)
    return {week: median(units) for week, units in by_week.items()}


def filled(medians: dict[int, float]) -> tuple[list[float], list[tuple[float, int]]]:
    """Levels of all weeks, oldest first, and the changes between known ones; `medians` are by weeks back."""
    backs = sorted(medians, reverse=True)
    levels = [medians[backs[0]]]
    changes = []
    for older, newer in pairwise(backs):
        change, weeks = medians[newer] - medians[older], older - newer
        changes.append((change, weeks))
        levels += [medians[older] + change * week / weeks for week in range(1, weeks + 1)]
    return levels, changes


def weeks_since_collapse(levels: Sequence[float]) -> int:
    """How many of the last weeks came after most was gone within a week, and never was so little in the year before.

    How a team of hundreds moved says nothing of the ten that are left of it.
    """
    highest = now = levels[-1]
    for last in range(len(levels) - 2, -1, -1):
        if levels[last] - levels[last + 1] > COLLAPSE * now:
            before = levels[max(0, last - YEAR + 1) : last + 1]
            return len(levels) - 1 - last if min(before) > COLLAPSE * highest else len(levels)
        highest = max(highest, levels[last])
    return len(levels)


def days_since_collapse(known: dict[int, float], kept: int) -> dict[int, float]:
    """The days of so many last weeks; without those of the first one that came before most was gone."""
    lately = {back: units for back, units in known.items() if back // 7 < kept}
    most = COLLAPSE * max(weekly_medians(lately).values())
    first = max((back for back, units in lately.items() if units <= most), default=max(lately))
    return {back: units for back, units in lately.items() if back <= first}


def between(levels: Sequence[float]) -> list[float]:
    """Levels of all days on the lines between the weeks, oldest first."""
    return [older + (newer - older) * day / 7 for older, newer in pairwise(levels) for day in range(1, 8)]
