"""What the SVG macros draw as a chart. Positions are percent of the drawing area."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from webexhist.report.charts.scale import Scale, scale_up_to
from webexhist.report.charts.steps import (
    amount_steps,
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
NOW_WIDTH, NOW_HEIGHT = 20.0, 11.0
"""Percent of a chart's width and height that the label of the last value takes, with some air."""
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
    line_x: float | None = None
    """Where its line ends, that a thin one leads from there; None where it stands at it."""
    line_y: float | None = None


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
    """The last value, where the time ahead leaves no room for it beside the line: where nothing else is drawn."""
    ends: tuple[Label, ...] = ()
    """Beside the chart, at the height where their lines end."""
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
    steps, range_ = level_steps(days, timeline), range_steps(days, timeline)
    assigned = end_label(steps, "assigned", scale, timeline)
    ahead = [Step(timeline.today, timeline.length - timeline.today, step.low, step.high) for step in levels[-1:]]
    ends = end_label(ahead if timeline.ahead else ceiling, "purchased", scale, timeline)
    ends += end_label(with_allowance, "allowance", scale, timeline)
    return Chart(
        timeline=timeline,
        scale=scale,
        line=step_path(steps, scale.top),
        band=band_path(range_, scale.top),
        over=band_path(over_steps(days, timeline), scale.top),
        ceiling=step_path(ceiling, scale.top),
        ceiling_ahead=step_path(ahead, scale.top) if timeline.ahead else "",
        ceiling_numbers=tuple(level_numbers(levels, scale, timeline)),
        allowance=step_path(with_allowance, scale.top),
        now=label_now(assigned[0], [*range_, *steps, *ceiling, *with_allowance], scale, timeline)
        if assigned and timeline.ahead
        else None,
        ends=beside(ends if timeline.ahead else [*assigned, *ends]),
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
        ends=beside(end_label(level_steps(days, timeline), "", scale, timeline)),
        unknown=unknown_spans(days, timeline),
    )


def amount_chart(days: Sequence[DailyAmount], timeline: Timeline) -> Chart:
    """Amounts a day as bars, spread over the time in which they were counted."""
    return bar_chart(amount_steps(days, timeline), timeline)


def poll_chart(days: Sequence[tuple[date, int]], timeline: Timeline) -> Chart:
    """Polls a day as bars."""
    return bar_chart([Step(timeline.index(day), 1, 0, polls) for day, polls in days], timeline)


def bar_chart(steps: Sequence[Step], timeline: Timeline) -> Chart:
    """A bar from zero for each step."""
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


def beside(labels: Sequence[Label]) -> tuple[Label, ...]:
    """The labels beside the chart, none over another; a line leads there from where their own ends."""
    placed = apart([replace(label, x=100.0) for label in labels])
    ended = {label.word: label for label in labels}
    return tuple(
        replace(label, line_x=ended[label.word].x, line_y=ended[label.word].y)
        if (ended[label.word].x, ended[label.word].y) != (label.x, label.y)
        else label
        for label in placed
    )


def label_now(label: Label, drawn: Sequence[Step], scale: Scale, timeline: Timeline) -> Label:
    """The label left of the end of its line, in the free space that is nearest to it, above or below."""
    first = timeline.length * (label.x - NOW_WIDTH) / 100
    near = [step for step in drawn if step.end > first]
    taken = sorted((scale.percent_down(step.high), scale.percent_down(step.low)) for step in near)
    free: list[tuple[float, float]] = []
    edge = 0.0
    for upper, lower in [*taken, (100.0, 100.0)]:
        if upper - edge >= NOW_HEIGHT:
            free.append((edge, upper))
        edge = max(edge, lower)
    if not free:
        return label
    half = NOW_HEIGHT / 2
    places = [min(max(label.y, upper + half), lower - half) for upper, lower in free]
    y = min(places, key=lambda place: abs(place - label.y))
    return replace(label, y=round(y, 2), line_x=label.x, line_y=label.y)


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
