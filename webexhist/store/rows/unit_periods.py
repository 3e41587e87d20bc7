"""What units of licenses were by day and by month, together: out of what changed from snapshot to snapshot.

A sum is unknown where a part is; one unlimited license makes it unlimited; what is not listed counts nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from webexhist.months import Month
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.units import utilization

P = TypeVar("P", date, Month)


class UnitChange(NamedTuple):
    """A value of a license from a snapshot on."""

    number: int
    """Of the snapshot."""
    field: str
    """assigned, listed or purchased."""
    value: int | None
    asked_before: int | None
    """The snapshot that counted what the one before this only held; None where that counted it."""


class Period(NamedTuple):
    """The snapshots of a day or a month."""

    first: int
    last: int
    asked: int | None
    """The snapshot that counted what the last one only held; None where that counted it."""


class Units(NamedTuple):
    """Units together; None is unknown."""

    members: int
    """So many licenses are listed, or may be."""
    purchased: int | None
    assigned: int | None


class Run(NamedTuple):
    """Snapshots of a period, one after the other, with the same units."""

    length: int
    is_counted: bool
    """Whether one of them counted, and did not only hold."""
    units: Units


NOTHING = Units(0, None, None)


def days_of_units(
    licenses: Sequence[Sequence[UnitChange]], days: Iterable[tuple[date, Period]]
) -> Iterator[DailyUsage]:
    """The sums of licenses on every day on which one of them was listed, or may have been."""
    for day, runs in _runs_by_period(licenses, days):
        if len(runs) == 1:
            ((_, is_counted, (_, purchased, assigned)),) = runs
            extreme = assigned if is_counted else None
            yield DailyUsage(day, assigned, extreme, extreme, purchased)
        else:
            lowest, highest = _extremes(runs)
            yield DailyUsage(day, _last_assigned(runs), lowest, highest, _last_purchased(runs))


def months_of_units(
    licenses: Sequence[Sequence[UnitChange]], months: Iterable[tuple[Month, Period]]
) -> Iterator[MonthlyUsage]:
    """The same by month; of the mean each snapshot weighs the same."""
    for month, runs in _runs_by_period(licenses, months):
        known = [(run.length, run.units.assigned) for run in runs if run.units.assigned is not None]
        lowest, highest = _extremes(runs)
        last, purchased = _last_assigned(runs), _last_purchased(runs)
        yield MonthlyUsage(
            month=month,
            last=last,
            lowest=lowest,
            highest=highest,
            mean=sum(length * assigned for length, assigned in known) / sum(length for length, _ in known)
            if known
            else None,
            purchased=purchased,
            utilization=utilization(purchased, last),
        )


def _runs_by_period(
    licenses: Sequence[Sequence[UnitChange]], periods: Iterable[tuple[P, Period]]
) -> Iterator[tuple[P, Sequence[Run]]]:
    """The runs of each period in which something was listed, oldest first; periods are oldest first too."""
    changes = sorted(
        ((change, license_) for license_, own in enumerate(licenses) for change in own),
        key=lambda each: each[0].number,
    )
    values = [_Values() for _ in licenses]
    place, units = 0, NOTHING
    whole: list[Run] = []
    """The only run of a period in which nothing changed: most days are like the one before."""
    for name, (first, last, asked) in periods:
        begins, runs = first, list[Run]()
        while place < len(changes) and (number := changes[place][0].number) <= last:
            if number > begins:
                asked_before = changes[place][0].asked_before
                runs.append(Run(number - begins, asked_before is None or asked_before >= begins, units))
                begins = number
            while place < len(changes) and changes[place][0].number == number:
                (_, field, value, _), license_ = changes[place]
                setattr(values[license_], field, value)
                place += 1
            units, whole = _together(values), []
        length, is_counted = last + 1 - begins, asked is None or asked >= begins
        if runs or not whole or whole[0].length != length or whole[0].is_counted != is_counted:
            whole = [Run(length, is_counted, units)]
        if runs:
            runs += whole
            if any(run.units.members for run in runs):
                yield name, runs
        elif units.members:
            yield name, whole


class _Values:
    """What holds of a license."""

    __slots__ = ("assigned", "listed", "purchased")

    def __init__(self) -> None:
        self.listed: int | None = 0
        self.purchased: int | None = None
        self.assigned: int | None = None


def _together(licenses: Iterable[_Values]) -> Units:
    members = [each for each in licenses if each.listed != 0]
    if not members:
        return NOTHING
    purchased = [each.purchased for each in members if each.purchased is not None]
    assigned = [each.assigned for each in members if each.assigned is not None]
    return Units(
        len(members),
        None if len(purchased) < len(members) else min(purchased) if min(purchased) < 0 else sum(purchased),
        None if len(assigned) < len(members) else sum(assigned),
    )


def _extremes(runs: Iterable[Run]) -> tuple[int | None, int | None]:
    """The least and the most of what was counted, not only held."""
    counted = [run.units.assigned for run in runs if run.is_counted and run.units.assigned is not None]
    return min(counted, default=None), max(counted, default=None)


def _last_assigned(runs: Sequence[Run]) -> int | None:
    return next((run.units.assigned for run in reversed(runs) if run.units.assigned is not None), None)


def _last_purchased(runs: Sequence[Run]) -> int | None:
    return next((run.units.purchased for run in reversed(runs) if run.units.purchased is not None), None)
