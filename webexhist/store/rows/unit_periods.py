"""What units of licenses were by day and by month, together: out of what changed from snapshot to snapshot.

A sum is unknown where a part is; one unlimited license makes it unlimited; what is not listed counts nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import repeat
from typing import Any, Generic, NamedTuple, TypeVar

from webexhist.months import Month
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.units import purchased_together, sum_known, utilization

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

    @property
    def is_counted(self) -> bool:
        """Whether one of them counted, and did not only hold."""
        return self.asked is None or self.asked >= self.first


@dataclass(frozen=True)
class Periods(Generic[P]):
    """Days or months with polls, oldest first."""

    times: tuple[P, ...]
    snapshots: tuple[Period, ...]

    @classmethod
    def of(cls, dated: Iterable[tuple[P, Period]]) -> "Periods[P]":
        """Such, each with its snapshots."""
        pairs = tuple(dated)
        return cls(tuple(time for time, _ in pairs), tuple(snapshots for _, snapshots in pairs))

    @cached_property
    def lasts(self) -> list[int]:
        """The last snapshot of each."""
        return [each.last for each in self.snapshots]

    @cached_property
    def counted(self) -> list[bool]:
        """Whether a snapshot of it counted, of each."""
        return [each.is_counted for each in self.snapshots]

    def since(self, first: P) -> "Periods[P]":
        """Those from one on."""
        start = bisect_left(self.times, first)
        return Periods(self.times[start:], self.snapshots[start:])


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


class EqualPeriods(NamedTuple):
    """Periods one after the other in which nothing changed, or one in which something did."""

    places: slice
    """Among all periods."""
    units: Units
    """At the end."""
    runs: Sequence[Run]
    """Of the one in which something changed; none else."""


def days_of_units(licenses: Sequence[Sequence[UnitChange]], days: Periods[date]) -> Iterator[DailyUsage]:
    """The sums of licenses on every day on which one of them was listed, or may have been."""
    for places, (members, purchased, assigned), runs in _equal_periods(licenses, days):
        if runs:
            last, lowest, highest, _, purchased = _figures_of(runs)
            yield DailyUsage(days.times[places.start], last, lowest, highest, purchased)
        elif members:
            # At once, not one by one: of most licenses there are hundreds of them.
            extremes = [assigned if is_counted else None for is_counted in days.counted[places]]
            alike = (days.times[places], repeat(assigned), extremes, extremes, repeat(purchased))
            yield from map(DailyUsage._make, zip(*alike, strict=False))


def months_of_units(licenses: Sequence[Sequence[UnitChange]], months: Periods[Month]) -> Iterator[MonthlyUsage]:
    """The same by month; of the mean each snapshot weighs the same."""
    for places, units, runs in _equal_periods(licenses, months):
        if runs or units.members:
            for month, snapshots in zip(months.times[places], months.snapshots[places], strict=True):
                yield _month_of(month, runs or [_whole(snapshots, units)])


def _month_of(month: Month, runs: Sequence[Run]) -> MonthlyUsage:
    last, lowest, highest, mean, purchased = _figures_of(runs)
    return MonthlyUsage(month, last, lowest, highest, mean, purchased, utilization(purchased, last))


def _equal_periods(licenses: Sequence[Sequence[UnitChange]], periods: Periods[Any]) -> Iterator[EqualPeriods]:
    """All periods, oldest first; without those with changes in which nothing was listed."""
    values = [_Values() for _ in licenses]
    changes = sorted(
        [(change, own) for own, of_license in zip(values, licenses, strict=True) for change in of_license],
        key=_number_of,
    )
    numbers = [change.number for change, _ in changes]
    snapshots, lasts = periods.snapshots, periods.lasts

    def units_after(applied: int, number: int) -> tuple[int, Units]:
        """How many changes there were up to a snapshot, and the units then."""
        until = bisect_right(numbers, number, applied)
        for (_, field, value, _), own in changes[applied:until]:
            setattr(own, field, value)
        return until, _together(values)

    applied, at, units = 0, 0, NOTHING
    while at < len(snapshots):
        first, last, asked = snapshots[at]
        if applied < len(changes) and numbers[applied] <= first:
            applied, units = units_after(applied, first)
        until = bisect_left(lasts, numbers[applied], at) if applied < len(changes) else len(snapshots)
        if until > at:
            yield EqualPeriods(slice(at, until), units, ())
            at = until
            continue
        begins, runs = first, list[Run]()
        while applied < len(changes) and numbers[applied] <= last:
            asked_before = changes[applied][0].asked_before
            number = numbers[applied]
            runs.append(Run(number - begins, asked_before is None or asked_before >= begins, units))
            applied, units = units_after(applied, number)
            begins = number
        runs.append(_whole(Period(begins, last, asked), units))
        if any(run.units.members for run in runs):
            yield EqualPeriods(slice(at, at + 1), units, runs)
        at += 1


def _number_of(change: tuple[UnitChange, "_Values"]) -> int:
    return change[0].number


def _whole(snapshots: Period, units: Units) -> Run:
    """A run over all of these snapshots."""
    return Run(snapshots.last + 1 - snapshots.first, snapshots.is_counted, units)


class _Values:
    """What holds of a license."""

    __slots__ = ("assigned", "listed", "purchased")

    def __init__(self) -> None:
        self.listed: int | None = 0
        self.purchased: int | None = None
        self.assigned: int | None = None


def _together(licenses: Sequence[_Values]) -> Units:
    if len(licenses) == 1:
        (only,) = licenses
        return Units(1, only.purchased, only.assigned) if only.listed != 0 else NOTHING
    members = [each for each in licenses if each.listed != 0]
    if not members:
        return NOTHING
    return Units(
        len(members),
        purchased_together([each.purchased for each in members]),
        sum_known([each.assigned for each in members]),
    )


class _Figures(NamedTuple):
    """What is known of a period; extremes are of what was counted, not only held."""

    last: int | None
    lowest: int | None
    highest: int | None
    mean: float | None
    purchased: int | None


def _figures_of(runs: Iterable[Run]) -> _Figures:
    last: int | None = None
    lowest: int | None = None
    highest: int | None = None
    purchased: int | None = None
    snapshots = units = 0
    for length, is_counted, (_, bought, assigned) in runs:
        purchased = purchased if bought is None else bought
        if assigned is None:
            continue
        last = assigned
        snapshots += length
        units += length * assigned
        if is_counted:
            lowest = assigned if lowest is None or assigned < lowest else lowest
            highest = assigned if highest is None or assigned > highest else highest
    return _Figures(last, lowest, highest, units / snapshots if snapshots else None, purchased)
