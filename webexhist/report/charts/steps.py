"""Days of a review as steps on the time axis of a chart."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from webexhist.report.charts.svg import Step
from webexhist.report.charts.timeline import Timeline
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyUsage, DailyValue
from webexhist.units import is_unlimited


def level_steps(days: Iterable[DailyValue], timeline: Timeline) -> list[Step]:
    """The last value of every day in which it is known."""
    return [Step(timeline.index(day.day), 1, day.last, day.last) for day in days if day.last is not None]


def range_steps(days: Iterable[DailyValue], timeline: Timeline) -> list[Step]:
    """From the lowest to the highest value of every day in which they are known."""
    return [
        Step(timeline.index(day.day), 1, day.lowest, day.highest)
        for day in days
        if day.lowest is not None and day.highest is not None
    ]


def purchased_steps(days: Iterable[DailyUsage], timeline: Timeline) -> list[Step]:
    """The units purchased on every day in which they are known; unlimited ones draw no line."""
    return [
        Step(timeline.index(day.day), 1, day.purchased, day.purchased)
        for day in days
        if day.purchased is not None and not is_unlimited(day.purchased)
    ]


def over_steps(days: Iterable[DailyUsage], timeline: Timeline) -> list[Step]:
    """From the units purchased up to those assigned, on days that end with more assigned."""
    return [
        Step(timeline.index(day.day), 1, day.purchased, day.last)
        for day in days
        if day.purchased is not None and day.last is not None and (day.available or 0) < 0
    ]


def unknown_steps(days: Iterable[DailyValue], timeline: Timeline) -> list[Step]:
    """The days with polls in which none knew the value; days in a row as one step."""
    return joined_days([Step(timeline.index(day.day), 1, 0, 0) for day in days if day.last is None])


def amount_step(amount: DailyAmount, timeline: Timeline) -> Step:
    """One amount spread evenly over the days it covers, so that its area is the amount."""
    last = timeline.index(amount.day)
    start = max(last - amount.days + 1, 0)
    return Step(start, last - start + 1, low=0, high=round(amount.amount / amount.days))


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
