"""When a license runs out, as a range of dates, or the plain reason why that cannot be told.

The slope is Theil and Sen's: the median of the slopes between all pairs of days. A few days that are far off do not
bend it, as they bend a least-squares line.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from webexhist.review.forecast.breaks import last_break
from webexhist.review.forecast.trend import Level, robust_level, robust_slope

FEWEST_DAYS = 28
"""A trend needs so many days, and so many known ones."""
WINDOW = timedelta(days=182)
"""How far a trend looks back: half a year, so that it follows when growth changes its pace."""
LEAST_KNOWN = 0.6
"""The share of days that must be known, of all and of the last four weeks."""
LEAST_RANGE = 1.25
"""The fastest growth in the range is at least so many times the middle, the slowest at most that part of it."""
HORIZON = 730
"""Days ahead beyond which no date is told."""


@dataclass(frozen=True, slots=True)
class DailyPeak:
    """The most units assigned on one day; None where no poll knew."""

    day: date
    peak: int | None


class Reason(StrEnum):
    """Why there is no forecast, in the words of the page."""

    NO_LIMIT = "no purchased units to run out of"
    ALREADY_REACHED = "all purchased units are assigned"
    TOO_FEW_DAYS = "fewer than 28 days of history"
    POOR_COVERAGE = "too many days without a poll"
    STEP_CHANGE = "fewer than 28 days since a step"
    FALLING = "falling"
    FLAT = "flat"
    FAR = "not within two years"
    """Not even at the fast end of the range."""


@dataclass(frozen=True, slots=True)
class NoForecast:
    """No date can be told."""

    reason: Reason
    since: date | None = None
    """The day of the step that broke the trend."""


@dataclass(frozen=True, slots=True)
class Trend:
    """How use develops, as a steady time tells."""

    slope: Level
    """Units a day."""
    level: Level
    """Units on the last day; nearly all days lie between low and high."""
    since: date
    """The first day that the trend rests on."""
    until: date
    """The day it looks ahead from."""
    days: int
    """How many known days in between it rests on."""

    def at(self, day: date) -> Level:
        """What is expected to be assigned on a later day."""
        days = (day - self.until).days
        return Level(
            self.level.low + days * self.slope.low,
            self.level.middle + days * self.slope.middle,
            self.level.high + days * self.slope.high,
        )


@dataclass(frozen=True, slots=True)
class Forecast(Trend):
    """When the limit is reached, if use goes on as it did."""

    limit: int
    earliest: date
    """The first day of the range; later than `until`."""
    likely: date | None
    """The day on which the middle of the range reaches the limit; None where that takes more than two years."""
    latest: date | None
    """The last day of the range; None where the slow end does not reach the limit within two years."""


def forecast(peaks: Sequence[DailyPeak], steps: Sequence[date], limit: int) -> Forecast | NoForecast:
    """When daily peaks, oldest first, reach `limit`: what came after the last of `steps`, or the last jump, tells."""
    return reached(trend_of(peaks, steps), last_peak(peaks), limit)


def last_peak(peaks: Sequence[DailyPeak]) -> int | None:
    """The last known one."""
    return next((peak.peak for peak in reversed(peaks) if peak.peak is not None), None)


def trend_of(peaks: Sequence[DailyPeak], steps: Sequence[date]) -> Trend | NoForecast:
    """The trend of daily peaks, oldest first; the last may be unknown, and is the day to look ahead from."""
    known = [(peak.day, peak.peak) for peak in peaks if peak.peak is not None]
    if not known or (known[-1][0] - known[0][0]).days < FEWEST_DAYS - 1:
        return NoForecast(Reason.TOO_FEW_DAYS)
    last_day = peaks[-1].day
    recent = [(day, peak) for day, peak in known if day > last_day - WINDOW]
    step = last_step(recent, steps, last_day)
    if step is not None and (last_day - step).days < FEWEST_DAYS - 1:
        return NoForecast(Reason.STEP_CHANGE, step)
    steady = [(day, peak) for day, peak in recent if step is None or day >= step]
    if not is_covered([day for day, _ in steady], last_day):
        return NoForecast(Reason.POOR_COVERAGE)
    return steady_trend(steady, last_day)


def last_step(known: Sequence[tuple[date, int]], steps: Sequence[date], last_day: date) -> date | None:
    """The last step told or found up to a day."""
    found = last_break([day.toordinal() for day, _ in known], [peak for _, peak in known])
    told = [step for step in steps if step <= last_day]
    return max([*told, known[found][0]] if found else told, default=None)


def is_covered(days: Sequence[date], last_day: date) -> bool:
    """Whether enough of the days, and of the last four weeks, are known."""
    if not days:
        return False
    all_days = (last_day - days[0]).days + 1
    lately = sum(day > last_day - timedelta(days=FEWEST_DAYS) for day in days)
    return len(days) >= max(FEWEST_DAYS, all_days * LEAST_KNOWN) and lately >= FEWEST_DAYS * LEAST_KNOWN


def steady_trend(steady: Sequence[tuple[date, int]], last_day: date) -> Trend:
    """The slope of all days, from the slowest to the fastest that all or their later half could mean.

    The level is that of the last four weeks. Growth changes its pace: the range of the slope is never narrower than
    `LEAST_RANGE`.
    """
    days = [(day - last_day).days for day, _ in steady]
    peaks = [peak for _, peak in steady]
    slope = robust_slope(days, peaks)
    half = len(peaks) // 2
    if half >= FEWEST_DAYS:
        slope = slope.joined(robust_slope(days[half:], peaks[half:]))
    lately = bisect_right(days, -FEWEST_DAYS)
    return Trend(
        slope=slope.joined(least_range(slope.middle)),
        level=robust_level(days[lately:], peaks[lately:], slope.middle),
        since=steady[0][0],
        until=last_day,
        days=len(steady),
    )


def least_range(pace: float) -> Level:
    """How far a pace may change at least, whichever way it goes."""
    slower, faster = sorted((pace / LEAST_RANGE, pace * LEAST_RANGE))
    return Level(slower, pace, faster)


def reached(trend: Trend | NoForecast, assigned: int | None, limit: int) -> Forecast | NoForecast:
    """The range of days on which a trend reaches the limit, `assigned` being its last known peak."""
    if limit <= 0:
        return NoForecast(Reason.NO_LIMIT)
    if assigned is not None and assigned >= limit:
        return NoForecast(Reason.ALREADY_REACHED)
    if isinstance(trend, NoForecast):
        return trend
    earliest = day_reached(trend.until, limit, trend.level.high, trend.slope.high)
    if trend.slope.middle < 0:
        return NoForecast(Reason.FALLING if trend.slope.high < 0 else Reason.FLAT)
    if earliest is None or trend.slope.high == 0:
        return NoForecast(Reason.FAR if trend.slope.middle > 0 else Reason.FLAT)
    return Forecast(
        slope=trend.slope,
        level=trend.level,
        since=trend.since,
        until=trend.until,
        days=trend.days,
        limit=limit,
        earliest=earliest,
        likely=day_reached(trend.until, limit, trend.level.middle, trend.slope.middle),
        latest=day_reached(trend.until, limit, trend.level.low, trend.slope.low),
    )


def day_reached(until: date, limit: int, level: float, slope: float) -> date | None:
    """The day after `until` on which a line is at the limit; None for one that is not within the horizon."""
    if level >= limit:
        return until + timedelta(days=1)
    days = math.ceil((limit - level) / slope) if slope > 0 else HORIZON + 1
    return until + timedelta(days=days) if days <= HORIZON else None
