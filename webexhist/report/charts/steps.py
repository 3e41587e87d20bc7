"""Days of a review as steps on the time axis of a chart."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median_low

from webexhist.report.charts.svg import Step
from webexhist.report.charts.timeline import Timeline
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyUsage, OfADay
from webexhist.units import is_unlimited

NEIGHBORS = 4
"""So many days with polls on either side say how far apart they are here."""


def level_steps(days: Sequence[OfADay], timeline: Timeline) -> list[Step]:
    """The last value of every day in which it is known; days in a row with the same one as one step."""
    return joined([None if day.last is None else (day.last, day.last) for day in days], days, timeline)


def range_steps(days: Sequence[OfADay], timeline: Timeline) -> list[Step]:
    """From the lowest to the highest value of every day in which it moved: else the line shows as much."""
    edges = [
        (day.lowest, day.highest)
        if day.lowest is not None and day.highest is not None and day.lowest < day.highest
        else None
        for day in days
    ]
    return joined(edges, days, timeline)


def purchased_steps(days: Sequence[DailyUsage], timeline: Timeline) -> list[Step]:
    """The units purchased on every day in which they are known; unlimited ones draw no line."""
    # What is bought stays for months: there are few numbers of units, and many days.
    edges = {
        units: None if units is None or is_unlimited(units) else (units, units)
        for units in {day.purchased for day in days}
    }
    return joined([edges[day.purchased] for day in days], days, timeline)


def over_steps(days: Sequence[DailyUsage], timeline: Timeline) -> list[Step]:
    """From the units purchased up to those assigned, on days that end with more assigned."""
    edges = [
        (day.purchased, day.last)
        if day.purchased is not None and day.last is not None and 0 <= day.purchased < day.last
        else None
        for day in days
    ]
    return joined(edges, days, timeline)


def unknown_steps(days: Sequence[OfADay], timeline: Timeline) -> list[Step]:
    """The days with polls in which none knew the value; days in a row as one step."""
    return joined([(0, 0) if day.last is None else None for day in days], days, timeline)


def joined(edges: Sequence[tuple[int, int] | None], days: Sequence[OfADay], timeline: Timeline) -> list[Step]:
    """Steps of the low and the high edge of each day; neighbors of the same edges are one, a day without any none.

    A day lasts until the next poll, where that is as far as usual there: polls once a week make one line; where one
    of them is missing there is a gap.
    """
    if not days:
        return []
    begun = timeline.index(days[0].day)
    if timeline.index(days[-1].day) - begun == len(days) - 1:  # polled every day: there are thousands of days
        return list(_rows_of_days(edges, begun))
    steps: list[Step] = []
    starts = [timeline.index(day.day) for day in days]
    apart = [later - earlier for earlier, later in pairwise(starts)]
    for start, length, of_day in zip(starts, lengths([*apart, 1]), edges, strict=True):
        if of_day is None:
            continue
        if steps and steps[-1].end == start and (steps[-1].low, steps[-1].high) == of_day:
            steps[-1] = Step(steps[-1].start, steps[-1].length + length, *of_day)
        else:
            steps.append(Step(start, length, *of_day))
    return steps


def _rows_of_days(edges: Iterable[tuple[int, int] | None], begun: int) -> Iterator[Step]:
    for of_days, same in groupby(edges):
        length = len(list(same))
        if of_days is not None:
            yield Step(begun, length, *of_days)
        begun += length


def lengths(apart: Sequence[int]) -> Iterator[int]:
    """How many days each day with polls stands for; `apart` is how far the next one is, 1 for the last."""
    between = apart[:-1]
    for place, here in enumerate(apart):
        usual = median_low(between[max(place - NEIGHBORS, 0) : place + NEIGHBORS + 1] or [1])
        yield here if here <= usual else 1


def amount_steps(amounts: Sequence[DailyAmount], timeline: Timeline) -> list[Step]:
    """A bar a day: every amount is spread evenly over the time since the one before it was counted.

    Of a day that is counted in part the bar is what the whole day would have at that pace.
    """
    spread: dict[int, float] = {}
    covered: dict[int, float] = {}
    before: DailyAmount | None = None
    for amount in amounts:
        ends = timeline.index(amount.day) + amount.passed
        begins = ends - amount.days if before is None else timeline.index(before.day) + before.passed
        before = amount
        if ends <= begins:
            continue
        for day in range(max(int(begins), 0), int(-(-ends // 1))):
            part = min(ends, day + 1) - max(begins, day)
            if part > 0:
                spread[day] = spread.get(day, 0) + amount.amount * part / (ends - begins)
                covered[day] = covered.get(day, 0) + part
    return [Step(day, 1, low=0, high=round(spread[day] / covered[day])) for day in sorted(spread)]


def joined_levels(steps: Sequence[Step]) -> list[Step]:
    """Neighbors of the same height as one step, gaps between them included."""
    levels = []
    for height, same in groupby(steps, key=lambda step: step.high):
        group = list(same)
        levels.append(Step(group[0].start, group[-1].end - group[0].start, height, height))
    return levels
