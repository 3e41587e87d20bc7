"""Purchased units that nobody needed for a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.months import Month
from webexhist.store.values import MonthlyUsage

MONTHS = 12
NEAR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class SafeToDrop:
    """Purchased units that nobody needed for twelve months."""

    units: int
    """Purchased units less the peak; never below 0."""
    peak: int
    """The most units assigned at once within twelve months."""
    renewal: date | None
    """The next anniversary; None where no contract was entered."""
    is_near_renewal: bool
    """Whether the anniversary is at most 90 days away."""


def safe_to_drop(
    purchased: int, months: Sequence[MonthlyUsage], last: Month, renewal: date | None, as_of: date
) -> SafeToDrop | None:
    """What nobody needed in the twelve months up to `last`; None where one of them is not known."""
    year = [month.highest for month in months if last.plus(1 - MONTHS) <= month.month <= last]
    known = [highest for highest in year if highest is not None]
    if len(known) < MONTHS:
        return None
    return SafeToDrop(
        units=max(0, purchased - max(known)),
        peak=max(known),
        renewal=renewal,
        is_near_renewal=renewal is not None and renewal - as_of <= NEAR,
    )
