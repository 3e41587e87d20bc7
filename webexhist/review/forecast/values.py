"""What goes into a forecast, and what is said where there can be none."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class DailyPeak(NamedTuple):
    """The most units in use on one day."""

    day: date
    peak: int | float | None
    """None where no poll knew."""


@dataclass(frozen=True, slots=True)
class NoOutlook:
    """Nothing can be foretold."""

    reason: str
    """In the words of the page."""
