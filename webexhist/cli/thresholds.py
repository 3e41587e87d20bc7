"""Thresholds as plugins of monitors take them (Monitoring Plugins Development Guidelines, "Threshold and ranges").

A number alone is reached by what is as large or larger; a range is left by what is outside of it.
"""

import re
from dataclasses import dataclass
from math import inf

from webexhist.errors import UsageError

NUMBER = r"-?\d{1,9}(?:\.\d{1,9})?"
RANGE = re.compile(
    rf"(?P<inside>@?)(?P<start>{NUMBER}|~)?:(?P<end>{NUMBER})?|(?P<inside_alone>@)?(?P<alone>{NUMBER})"
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """Bounds of percent, and on which side of them something is the matter."""

    typed: str
    low: float
    high: float
    within: bool
    """Whether what lies within the bounds, these included, is the matter; else what lies outside."""

    def is_crossed_by(self, percent: float) -> bool:
        """Whether so much is the matter."""
        return (self.low <= percent <= self.high) == self.within

    @property
    def number(self) -> float | None:
        """What is reached, where it is a number alone."""
        return self.low if self.within and self.high == inf else None


def threshold(option: str, typed: str | None) -> Threshold | None:
    """Reads what was given to an option; None where nothing was.

    Raises:
        UsageError: it is no threshold, or one that nothing could cross.
    """
    if typed is None:
        return None
    found = RANGE.fullmatch(typed.strip())
    if found is None:
        raise UsageError(f"{option} is {typed!r}", "give a number of percent, like 95, or a range like 10:95")
    if found["alone"] and not found["inside_alone"]:
        low, high, within = float(found["alone"]), inf, True
    elif found["alone"]:
        low, high, within = 0.0, float(found["alone"]), True
    else:
        low = -inf if found["start"] == "~" else float(found["start"] or 0)
        high, within = float(found["end"] or inf), bool(found["inside"])
    if low > high:
        raise UsageError(f"{option} is {typed!r}", "give the lower end of a range first")
    if found["alone"] and float(found["alone"]) < 0:
        raise UsageError(f"{option} is {typed!r}", "give a number of percent that is not negative")
    return Threshold(typed.strip(), low, high, within)


def require_order(warning: Threshold | None, critical: Threshold | None) -> None:
    """Raises UsageError where the limit of a warning is above the critical one: it would never be seen."""
    below = critical.number if critical else None
    above = warning.number if warning else None
    if above is not None and below is not None and above > below:
        raise UsageError(f"--warning {above:g} is above --critical {below:g}", "give the lower one to --warning")
