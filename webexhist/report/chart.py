"""What the SVG macros draw as a chart. Positions are percent of the drawing area."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webexhist.report.paths import Step, band_path, step_path
from webexhist.report.scale import Scale, scale_up_to
from webexhist.report.steps import (
    amount_step,
    joined_levels,
    level_steps,
    over_steps,
    purchased_steps,
    range_steps,
    unknown_steps,
)
from webexhist.report.timeline import Span, Timeline
from webexhist.review.values import DailyAmount, DailyUsage, DailyValue

LABEL_HEIGHT = 13.0
"""Percent of a chart's height that a label of two lines takes."""
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
class Chart:
    """Values over days, ready to be drawn; empty texts and tuples draw nothing."""

    timeline: Timeline
    scale: Scale
    line: str = ""
    band: str = ""
    over: str = ""
    """What is in use beyond the purchased units."""
    bars: str = ""
    ceiling: str = ""
    """The purchased units."""
    ceiling_numbers: tuple[Label, ...] = ()
    ends: tuple[Label, ...] = ()
    unknown: tuple[Span, ...] = ()
    """Days with polls of which none could tell the value."""


def usage_chart(days: Sequence[DailyUsage], timeline: Timeline) -> Chart:
    """Units in use below the units purchased."""
    ceiling = purchased_steps(days, timeline)
    highest = max([step.high for step in ceiling] + [day.highest for day in days if day.highest is not None] or [0])
    scale = scale_up_to(highest)
    levels = joined_levels(ceiling)
    ends = [*end_label(level_steps(days, timeline), "in use", scale, timeline)]
    ends += end_label(ceiling, "purchased", scale, timeline)
    return Chart(
        timeline=timeline,
        scale=scale,
        line=step_path(level_steps(days, timeline), scale.top),
        band=band_path(range_steps(days, timeline), scale.top),
        over=band_path(over_steps(days, timeline), scale.top),
        ceiling=step_path(ceiling, scale.top),
        ceiling_numbers=tuple(level_numbers(levels, scale, timeline)),
        ends=apart(ends),
        unknown=unknown_spans(days, timeline),
    )


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
    if len(labels) < 2:
        return tuple(labels)
    lower, upper = sorted(labels, key=lambda label: label.y, reverse=True)
    missing = LABEL_HEIGHT - (lower.y - upper.y)
    if missing <= 0:
        return upper, lower
    upper_y = min(max(upper.y - missing / 2, 0.0), 100 - LABEL_HEIGHT)
    return (
        Label(upper.x, round(upper_y, 2), upper.value, upper.word),
        Label(lower.x, round(upper_y + LABEL_HEIGHT, 2), lower.value, lower.word),
    )


def unknown_spans(days: Sequence[DailyValue], timeline: Timeline) -> tuple[Span, ...]:
    """Where the chart is hatched."""
    return tuple(timeline.span(step.start, step.length) for step in unknown_steps(days, timeline))
