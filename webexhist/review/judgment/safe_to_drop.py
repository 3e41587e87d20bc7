"""Purchased units that nobody needed for a year, and that hardly anybody will need in the year to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.months import Month, months_later
from webexhist.review.forecast import Outlook
from webexhist.store.values import MonthlyUsage

MONTHS = 12
NEAR = timedelta(days=90)
SURE = 0.9
"""How sure it must be that the rest suffices."""


@dataclass(frozen=True, slots=True)
class SafeToDrop:
    """Purchased units that nobody needed for twelve months, and will not need until a day with nine in ten."""

    units: int
    """Purchased units less the larger of `peak` and `needed`; never below 0."""
    peak: int
    """The most units assigned at once within twelve months."""
    needed: int
    """The units that suffice until `until` with a chance of nine in ten."""
    until: date
    """A year after the renewal; where that is not known, in a year."""
    renewal: date | None
    """The next day on which a term ends; None where that was not told."""
    is_near_renewal: bool
    """Whether the anniversary is at most 90 days away."""


def safe_to_drop(
    purchased: int,
    months: Sequence[MonthlyUsage],
    outlook: Outlook,
    renewal: date | None,
    as_of: date,
) -> SafeToDrop | None:
    """What can be given back as of a day; None where one of the twelve months up to it is not known."""
    last = Month.of(as_of)
    year = [month.highest for month in months if last.plus(1 - MONTHS) <= month.month <= last]
    known = [highest for highest in year if highest is not None]
    if len(known) < MONTHS:
        return None
    until = months_later(renewal or as_of, MONTHS)
    needed = outlook.suffice_until(until, SURE)
    return SafeToDrop(
        units=max(0, purchased - max(*known, needed)),
        peak=max(known),
        needed=needed,
        until=until,
        renewal=renewal,
        is_near_renewal=renewal is not None and renewal - as_of <= NEAR,
    )
