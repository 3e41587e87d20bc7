"""What may come as lines: week by week, and as last year went on from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.review.forecast.outlook import Outlook

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The ends of eight in ten, those of one in two, and the middle."""
WEEK = 7


@dataclass(frozen=True, slots=True)
class Rib:
    """The units that may be in use on one day."""

    day: date
    lowest: float
    """Eight of ten are between this and `highest`."""
    low: float
    """One of two is between this and `high`."""
    middle: float
    high: float
    highest: float


def fan_of(outlook: Outlook, until: date) -> tuple[Rib, ...]:
    """From the last day of the history, as of which everything is known, by the busiest day of each week."""
    days = busiest_days(outlook, until)
    begin = outlook.weeks.now + max(outlook.weeks.offsets)
    ribs = [Rib(outlook.weeks.today, begin, begin, begin, begin, begin)]
    return (*ribs, *(Rib(day, *outlook.units_by_share(day, SHARES)) for day in days))


def last_year_of(outlook: Outlook, until: date) -> tuple[tuple[date, float], ...]:
    """Units by week, were the coming days to go as those of last year; nothing where that is not believed."""
    year = outlook.last_year
    if year is None:
        return ()
    begin = outlook.weeks.now + max(outlook.weeks.offsets)
    days = [outlook.weeks.today, *busiest_days(outlook, until)]
    return tuple((day, max(0.0, begin + year.where(outlook.ahead(day)))) for day in days)


def busiest_days(outlook: Outlook, until: date) -> Iterator[date]:
    """The busiest day of each week after the history, up to a day; the last of the week where all are alike."""
    week = [days_later(outlook.weeks.today, ahead) for ahead in range(1, WEEK + 1)]
    day = max(week, key=lambda one: (outlook.weeks.offsets[one.weekday()], one))
    while day <= until:
        yield day
        if (until - day).days < WEEK:  # the calendar may end with it
            return
        day += timedelta(days=WEEK)
