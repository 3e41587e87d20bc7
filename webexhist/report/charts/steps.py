"""Days of a review as steps on the time axis of a chart."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby, repeat
from operator import sub
from statistics import median_low
from typing import TypeVar

from webexhist.report.charts.svg import Step
from webexhist.report.charts.timeline import Timeline
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyUsage, DailyValue

Day = TypeVar("Day", DailyValue, DailyUsage)

NEIGHBORS = 4
"""So many days with polls on either side say how far apart they are here."""


def level_steps(days: Sequence[DailyValue], timeline: Timeline) -> list[Step]:
    """The last value of every day in which it is known; days in a row with the same one as one step."""
    return joined([(*span, day.last, day.last) for day, span in spans(days, timeline) if day.last is not None])


def range_steps(days: Sequence[DailyValue], timeline: Timeline) -> list[Step]:
    """From the lowest to the highest value of every day in which it moved: else the line tells as much."""
    return joined(
        [
            (*span, day.lowest, day.highest)
            for day, span in spans(days, timeline)
            if day.lowest is not None and day.highest is not None and day.lowest < day.highest
        ]
    )


def purchased_steps(days: Sequence[DailyUsage], timeline: Timeline) -> list[Step]:
    """The units purchased on every day in which they are known; unlimited ones draw no line."""
    return joined(
        [
            (*span, day.purchased, day.purchased)
            for day, span in spans(days, timeline)
            if day.purchased is not None and day.purchased >= 0
        ]
    )


def over_steps(days: Sequence[DailyUsage], timeline: Timeline) -> list[Step]:
    """From the units purchased up to those assigned, on days that end with more assigned."""
    return joined(
        [
            (*span, day.purchased, day.last)
            for day, span in spans(days, timeline)
            if day.purchased is not None and day.last is not None and 0 <= day.purchased < day.last
        ]
    )


def unknown_steps(days: Sequence[DailyValue], timeline: Timeline) -> list[Step]:
    """The days with polls in which none knew the value; days in a row as one step."""
    return joined([(*span, 0, 0) for day, span in spans(days, timeline) if day.last is None])


def joined(spans: Iterable[tuple[int, int, int, int]]) -> list[Step]:
    """Steps as start, length, low and high; neighbors of the same low and high are one."""
    steps: list[Step] = []
    begun, end, edges = 0, -1, (0, 0)
    for start, length, low, high in spans:
        if start != end or (low, high) != edges:
            if end >= 0:
                steps.append(Step(begun, end - begun, *edges))
            begun, edges = start, (low, high)
        end = start + length
    if end >= 0:
        steps.append(Step(begun, end - begun, *edges))
    return steps


def spans(days: Sequence[Day], timeline: Timeline) -> Iterable[tuple[Day, tuple[int, int]]]:
    """Each day with its place and its length: until the next poll, where that is as far as usual there.

    Polls once a week make one line; where one of them is missing there is a gap.
    """
    if not days:
        return ()
    begun = timeline.index(days[0].day)
    if timeline.index(days[-1].day) - begun == len(days) - 1:  # polled every day: there are thousands of days
        return zip(days, zip(count(begun), repeat(1)), strict=False)
    first = timeline.first_day.toordinal()
    starts = [day.day.toordinal() - first for day in days]
    apart: list[int] = list(map(sub, starts[1:], starts))
    return zip(days, zip(starts, lengths([*apart, 1]), strict=True), strict=True)


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
