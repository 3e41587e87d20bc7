"""What units of licenses were by day and by month, together: out of what changed from snapshot to snapshot.

A sum is unknown where a part is; one unlimited license makes it unlimited; what is not listed counts nothing.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby, repeat
from operator import itemgetter
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


class Stand(NamedTuple):
    """Units together from a snapshot on."""

    number: int
    """Of the snapshot."""
    asked_before: int | None
    """As of `UnitChange`."""
    units: Units


NOTHING = Units(0, None, None)


def stands_of(licenses: Sequence[Sequence[UnitChange]]) -> tuple[Stand, ...]:
    """The units of licenses together after each snapshot with changes, in the order of these."""
    changes = sorted([(change.number, place, change) for place, own in enumerate(licenses) for change in own])
    values: dict[str, list[int | None]] = {
        "assigned": [None] * len(licenses),
        "listed": [0] * len(licenses),
        "purchased": [None] * len(licenses),
    }
    stands = []
    for number, of_snapshot in groupby(changes, key=itemgetter(0)):
        for _, place, change in of_snapshot:
            values[change.field][place] = change.value
        stands.append(Stand(number, change.asked_before, _together(**values)))
    return tuple(stands)


def _together(assigned: Sequence[int | None], listed: Sequence[int | None], purchased: Sequence[int | None]) -> Units:
    """The units of licenses, each at its place."""
    if 0 in listed:
        members = [place for place, value in enumerate(listed) if value != 0]
        if not members:
            return NOTHING
        assigned, purchased = [assigned[place] for place in members], [purchased[place] for place in members]
    elif len(listed) == 1:
        return Units(1, purchased[0], assigned[0])
    return Units(len(assigned), purchased_together(purchased), sum_known(assigned))


class EqualPeriods(NamedTuple):
    """Periods one after the other in which nothing changed, or one in which something did."""

    places: slice
    """Among all periods."""
    units: Units
    """At the end."""
    runs: Sequence[Run]
    """Of the one in which something changed; none else."""


def days_of_units(stands: Sequence[Stand], days: Periods[date]) -> Iterator[DailyUsage]:
    """The sums on every day on which a license was listed, or may have been."""
    for places, (members, purchased, assigned), runs in _equal_periods(stands, days):
        if runs:
            last, lowest, highest, _, purchased = _figures_of(runs)
            yield DailyUsage(days.times[places.start], last, lowest, highest, purchased)
        elif members:
            # At once, not one by one: of most licenses there are hundreds of them.
            extremes = [assigned if is_counted else None for is_counted in days.counted[places]]
            alike = (days.times[places], repeat(assigned), extremes, extremes, repeat(purchased))
            yield from map(DailyUsage._make, zip(*alike, strict=False))


def months_of_units(stands: Sequence[Stand], months: Periods[Month]) -> Iterator[MonthlyUsage]:
    """The same by month; of the mean each snapshot weighs the same."""
    for places, units, runs in _equal_periods(stands, months):
        if runs or units.members:
            for month, snapshots in zip(months.times[places], months.snapshots[places], strict=True):
                yield _month_of(month, runs or [_whole(snapshots, units)])


def _month_of(month: Month, runs: Sequence[Run]) -> MonthlyUsage:
    last, lowest, highest, mean, purchased = _figures_of(runs)
    return MonthlyUsage(month, last, lowest, highest, mean, purchased, utilization(purchased, last))


def _equal_periods(stands: Sequence[Stand], periods: Periods[Any]) -> Iterator[EqualPeriods]:
    """All periods, oldest first; without those with changes in which nothing was listed."""
    numbers = [stand.number for stand in stands]
    snapshots, lasts = periods.snapshots, periods.lasts
    passed, at, units = 0, 0, NOTHING
    while at < len(snapshots):
        first, last, asked = snapshots[at]
        if passed < len(stands) and numbers[passed] <= first:
            passed = bisect_right(numbers, first, passed)
            units = stands[passed - 1].units
        until = bisect_left(lasts, numbers[passed], at) if passed < len(stands) else len(snapshots)
        if until > at:
            yield EqualPeriods(slice(at, until), units, ())
            at = until
            continue
        begins, runs = first, list[Run]()
        while passed < len(stands) and numbers[passed] <= last:
            number, asked_before, following = stands[passed]
            runs.append(Run(number - begins, asked_before is None or asked_before >= begins, units))
            passed, begins, units = passed + 1, number, following
        runs.append(_whole(Period(begins, last, asked), units))
        if any(run.units.members for run in runs):
            yield EqualPeriods(slice(at, at + 1), units, runs)
        at += 1


def _whole(snapshots: Period, units: Units) -> Run:
    """A run over all of these snapshots."""
    return Run(snapshots.last + 1 - snapshots.first, snapshots.is_counted, units)


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
