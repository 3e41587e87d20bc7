"""What the SVG macros draw as a chart. Positions are percent of the drawing area."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from webexhist.report.charts.scale import Scale, scale_up_to
from webexhist.report.charts.steps import (
    amount_step,
    joined_levels,
    level_steps,
    over_steps,
    purchased_steps,
    range_steps,
    unknown_steps,
)
from webexhist.report.charts.svg import Step, band_path, step_path
from webexhist.report.charts.timeline import Span, Timeline
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyUsage, DailyValue

LABEL_HEIGHT = 16.0
"""Percent of a chart's height that a label of two lines takes."""
MOST_AHEAD = 2
"""What may come raises a chart to so many times what was, at most."""
LEAST_STEP_WIDTH = 7.0
"""Percent of a chart's width that a purchased line must stay level to carry its number."""


@dataclass(frozen=True, slots=True)
class Label:
    """A number at a line, and the word for what it counts."""

    x: float
    y: float
    value: int
    word: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A day with something to say about it."""

    x: float
    row: int
    """0, or more for a flag too close to the one before it."""
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Values over days, ready to be drawn; empty texts and tuples draw nothing."""

    timeline: Timeline
    scale: Scale
    line: str = ""
    band: str = ""
    over: str = ""
    """What is assigned beyond the purchased units."""
    bars: str = ""
    ceiling: str = ""
    """The purchased units."""
    ceiling_ahead: str = ""
    """The units purchased now, kept for the time ahead."""
    ceiling_numbers: tuple[Label, ...] = ()
    allowance: str = ""
    fan: str = ""
    """What may come, eight of ten."""
    inner_fan: str = ""
    """One of two."""
    likely: str = ""
    """The middle of it."""
    last_year: str = ""
    """As last year went on from here."""
    now: Label | None = None
    """The last value, where the time ahead leaves no room for it beside the line."""
    ends: tuple[Label, ...] = ()
    """Beside the right end of the lines."""
    flags: tuple[Flag, ...] = ()
    measurement: Flag | None = None
    """The day on which a True Forward is decided."""
    unknown: tuple[Span, ...] = ()
    """Days with polls in which no poll knew the value."""


def usage_chart(
    days: Sequence[DailyUsage], timeline: Timeline, allowance: int | None = None, highest_ahead: int = 0
) -> Chart:
    """Units assigned below the units purchased, and below the limit with growth allowance.

    The axis has room for `highest_ahead`, but never so much that the history shrinks to less than half of it.
    """
    ceiling = purchased_steps(days, timeline)
    levels = joined_levels(ceiling)
    with_allowance = allowance_steps(levels, timeline, allowance)
    known = [day.highest for day in days if day.highest is not None]
    highest = max([step.high for step in (*ceiling, *with_allowance)] + known, default=0)
    scale = scale_up_to(max(highest, min(highest_ahead, MOST_AHEAD * highest)))
    assigned = end_label(level_steps(days, timeline), "assigned", scale, timeline)
    ahead = [Step(timeline.today, timeline.length - timeline.today, step.low, step.high) for step in levels[-1:]]
    ends = end_label(ahead if timeline.ahead else ceiling, "purchased", scale, timeline)
    ends += end_label(with_allowance, "allowance", scale, timeline)
    return Chart(
        timeline=timeline,
        scale=scale,
        line=step_path(level_steps(days, timeline), scale.top),
        band=band_path(range_steps(days, timeline), scale.top),
        over=band_path(over_steps(days, timeline), scale.top),
        ceiling=step_path(ceiling, scale.top),
        ceiling_ahead=step_path(ahead, scale.top) if timeline.ahead else "",
        ceiling_numbers=tuple(level_numbers(levels, scale, timeline)),
        allowance=step_path(with_allowance, scale.top),
        now=assigned[0] if assigned and timeline.ahead else None,
        ends=apart(ends if timeline.ahead else [*assigned, *ends]),
        unknown=unknown_spans(days, timeline),
    )


def allowance_steps(levels: Sequence[Step], timeline: Timeline, allowance: int | None) -> list[Step]:
    """The allowance, from the last purchase on; nothing where there is none."""
    if allowance is None:
        return []
    return [Step(level.start, timeline.length - level.start, allowance, allowance) for level in levels[-1:]]


def count_chart(days: Sequence[DailyValue], timeline: Timeline) -> Chart:
    """A count as a step line in its daily range."""
    scale = scale_up_to(max((day.highest for day in days if day.highest is not None), default=0))
    return Chart(
        timeline=timeline,
        scale=scale,
        line=step_path(level_steps(days, timeline), scale.top),
        band=band_path(range_steps(days, timeline), scale.top),
        ends=tuple(end_label(level_steps(days, timeline), "", scale, timeline)),
        unknown=unknown_spans(days, timeline),
    )


def amount_chart(days: Sequence[DailyAmount], timeline: Timeline) -> Chart:
    """Amounts a day as bars; an amount that covers several days is spread over them."""
    return bar_chart([amount_step(day, timeline) for day in days], timeline)


def poll_chart(days: Sequence[tuple[date, int]], timeline: Timeline) -> Chart:
    """Polls a day as bars."""
    return bar_chart([Step(timeline.index(day), 1, 0, polls) for day, polls in days], timeline)


def bar_chart(steps: Sequence[Step], timeline: Timeline) -> Chart:
    scale = scale_up_to(max((step.high for step in steps), default=0))
    return Chart(timeline=timeline, scale=scale, bars=band_path(steps, scale.top))


def level_numbers(levels: Sequence[Step], scale: Scale, timeline: Timeline) -> list[Label]:
    """A number at the begin of every level but the last, whose number stands at the line's end."""
    return [
        Label(timeline.percent(level.start), scale.percent_down(level.high), level.high)
        for level in levels[:-1]
        if timeline.percent(level.length) >= LEAST_STEP_WIDTH
    ]


def end_label(steps: Sequence[Step], word: str, scale: Scale, timeline: Timeline) -> list[Label]:
    """The last value, where its line ends; nothing for a line without values."""
    return [Label(timeline.percent(step.end), scale.percent_down(step.high), step.high, word) for step in steps[-1:]]


def apart(labels: Sequence[Label]) -> tuple[Label, ...]:
    """The labels moved so far up and down that none covers another, in the order of their heights."""
    moved: list[Label] = []
    for label in sorted(labels, key=lambda label: label.y):
        least = moved[-1].y + LABEL_HEIGHT if moved else 0.0
        moved.append(replace(label, y=round(max(label.y, least), 2)))
    room = 100.0
    for index in reversed(range(len(moved))):
        moved[index] = replace(moved[index], y=round(min(moved[index].y, room), 2))
        room = moved[index].y - LABEL_HEIGHT
    return tuple(moved)


def unknown_spans(days: Sequence[DailyValue], timeline: Timeline) -> tuple[Span, ...]:
    """Where the chart is hatched."""
    return tuple(timeline.span(step.start, step.length) for step in unknown_steps(days, timeline))
