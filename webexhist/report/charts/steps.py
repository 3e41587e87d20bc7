"""Days of a review as steps on the time axis of a chart."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median_low
from typing import TypeVar

from webexhist.report.charts.svg import Step
from webexhist.report.charts.timeline import Timeline
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyUsage, DailyValue
from webexhist.units import is_unlimited

Day = TypeVar("Day", DailyValue, DailyUsage)

NEIGHBORS = 4
"""So many days with polls on either side say how far apart they are here."""


def level_steps(days: Sequence[DailyValue], timeline: Timeline) -> list[Step]:
    """The last value of every day in which it is known."""
    return [Step(*span, day.last, day.last) for day, span in spans(days, timeline) if day.last is not None]


def range_steps(days: Sequence[DailyValue], timeline: Timeline) -> list[Step]:
    """From the lowest to the highest value of every day in which it moved: else the line tells as much."""
    return [
        Step(*span, day.lowest, day.highest)
        for day, span in spans(days, timeline)
        if day.lowest is not None and day.highest is not None and day.lowest < day.highest
    ]


def purchased_steps(days: Sequence[DailyUsage], timeline: Timeline) -> list[Step]:
    """The units purchased on every day in which they are known; unlimited ones draw no line."""
    return [
        Step(*span, day.purchased, day.purchased)
        for day, span in spans(days, timeline)
        if day.purchased is not None and not is_unlimited(day.purchased)
    ]


def over_steps(days: Sequence[DailyUsage], timeline: Timeline) -> list[Step]:
    """From the units purchased up to those assigned, on days that end with more assigned."""
    return [
        Step(*span, day.purchased, day.last)
        for day, span in spans(days, timeline)
        if day.purchased is not None and day.last is not None and (day.available or 0) < 0
    ]


def unknown_steps(days: Sequence[DailyValue], timeline: Timeline) -> list[Step]:
    """The days with polls in which none knew the value; days in a row as one step."""
    return joined_days([Step(*span, 0, 0) for day, span in spans(days, timeline) if day.last is None])


def spans(days: Sequence[Day], timeline: Timeline) -> Iterator[tuple[Day, tuple[int, int]]]:
    """Each day with its place and its length: until the next poll, where that is as far as usual there.

    Polls once a week make one line; where one of them is missing there is a gap.
    """
    starts = [timeline.index(day.day) for day in days]
    apart = [later - earlier for earlier, later in pairwise(starts)]
    if apart and max(apart) == 1:  # polled every day: nearly all are, and there are thousands of days
        yield from ((day, (start, 1)) for day, start in zip(days, starts, strict=True))
        return
    for place, (day, start) in enumerate(zip(days, starts, strict=True)):
        here = apart[place] if place < len(apart) else 1
        usual = median_low(apart[max(place - NEIGHBORS, 0) : place + NEIGHBORS + 1] or [1])
        yield day, (start, here if here <= usual else 1)


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


def joined_days(steps: Iterable[Step]) -> list[Step]:
    """Neighboring days as one span."""
    spans: list[Step] = []
    for step in steps:
        if spans and spans[-1].end == step.start:
            spans[-1] = Step(spans[-1].start, spans[-1].length + step.length, 0, 0)
        else:
            spans.append(step)
    return spans
