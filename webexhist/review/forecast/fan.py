"""What may come as lines: week by week, and as last year went on from here."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from webexhist.months import days_later
from webexhist.review.forecast.outlook import Outlook

SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""The ends of eight in ten, those of one in two, and the middle."""
WEEK = 7


class Rib(NamedTuple):
    """The units that may be in use on one day."""

    day: date
    lowest: float
    """Eight of ten are between this and `highest`."""
    low: float
    """One of two is between this and `high`."""
    middle: float
    high: float
    highest: float


def fan_of(outlook: Outlook, until: date, off: float = 0) -> tuple[Rib, ...]:
    """From the last day of the history, as of which everything is known, by the busiest day of each week.

    Where lines between other weeks miss a week by no more than `off` units, it is left out.
    """
    begin = outlook.weeks.now + max(outlook.weeks.offsets)
    days = [outlook.weeks.today, *busiest_days(outlook, until)]
    ribs = {0: Rib(days[0], begin, begin, begin, begin, begin)}
    if off > 0 and len(days) > 1:
        ribs[len(days) - 1] = rib_on(outlook, days[-1])
        add_ribs(ribs, outlook, days, (0, len(days) - 1), off)
    else:
        ribs |= {place: rib_on(outlook, days[place]) for place in range(1, len(days))}
    return tuple(rib for _, rib in sorted(ribs.items()))


def rib_on(outlook: Outlook, day: date) -> Rib:
    """The units that may be assigned on a day, by the shares of `SHARES`."""
    return Rib(day, *outlook.units_by_share(day, SHARES))


def add_ribs(ribs: dict[int, Rib], outlook: Outlook, days: Sequence[date], ends: tuple[int, int], off: float) -> None:
    """Adds those between two of them: the one in the middle, and more on both sides where lines would miss it."""
    first, last = ends
    middle = (first + last) // 2
    if middle in ends:
        return
    ribs[middle] = rib_on(outlook, days[middle])
    units = [ribs[place][1:] for place in (first, middle, last)]
    share = (middle - first) / (last - first)
    is_bent = any(abs(low + share * (high - low) - at) > off for low, at, high in zip(*units, strict=True))
    if is_bent or repeats_between(outlook, days[first : last + 1], off):
        add_ribs(ribs, outlook, days, (first, middle), off)
        add_ribs(ribs, outlook, days, (middle, last), off)


def repeats_between(outlook: Outlook, days: Sequence[date], off: float) -> bool:
    """Whether what repeats itself moves the middle of what may come off a straight line between two days."""
    for way in (outlook.mixture.cycle, outlook.mixture.year):
        if way:
            units = [way.weight * way.where(max(0, outlook.ahead(day))) for day in days]
            apart = (units[-1] - units[0]) / (len(days) - 1)
            if any(abs(units[0] + place * apart - at) > off for place, at in enumerate(units)):
                return True
    return False


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
