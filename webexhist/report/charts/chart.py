"""What the SVG macros draw as a chart. Positions are percent of the drawing area."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from webexhist.report.charts.labels import (
    Box,
    Label,
    Room,
    label_now,
    level_numbers,
    place_beside_wall,
    size_of_small,
)
from webexhist.report.charts.scale import ROOM_FOR_A_LABEL, Scale, scale_up_to
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
from webexhist.store.values import DailyUsage, DailyValue, OfADay

LABEL_HEIGHT = 18.0
"""Percent of a chart's height that a label of two lines takes, with some air: on paper, where charts are lowest."""
MOST_AHEAD = 2
"""What may come raises a chart to so many times what was, at most."""
NARROW_MARK = 0.6
"""Percent of a chart's width on either side of the measurement day that no label touches."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A day with something to say about it."""

    x: float
    row: int
    """0, or more for a flag too close to those before it."""
    text: str
    """Its number; empty where there is no room for it: the list of notes has it with its day."""
    parts: tuple[tuple[float, float], ...] = ((0.0, 100.0),)
    """From where to where its line is drawn, in percent of the height: labels interrupt it."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """The day on which a True Forward is decided, and where its name stands."""

    x: float
    day: str
    y: float | None = None
    """None where nothing is free for the name."""
    is_right: bool = True


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands in a chart besides its lines."""

    flags: tuple[Flag, ...] = ()
    measurement: Measurement | None = None
    ahead: tuple[tuple[Step, ...], ...] = ()
    """Of each thing that is expected, between which units it is drawn."""


NO_MARKS = Marks()


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
    """The last value, where the time ahead leaves no room for it beside the chart."""
    ends: tuple[Label, ...] = ()
    """Beside the chart, at the height where their lines end."""
    flags: tuple[Flag, ...] = ()
    measurement: Measurement | None = None
    unknown: tuple[Span, ...] = ()
    """Days with polls in which no poll knew the value."""
    lines: "UsageLines | None" = None
    """What the paths of usage were made of."""

    @property
    def rows_of_flags(self) -> int:
        """How many stand above each other."""
        return 1 + max((flag.row for flag in self.flags), default=0)


@dataclass(frozen=True, slots=True)
class UsageLines:
    """What a chart draws of days, whatever its scale."""

    assigned: Sequence[Step]
    range: Sequence[Step]
    """From the lowest to the highest of a day."""
    over: Sequence[Step]
    ceiling: Sequence[Step]
    """The purchased units."""
    levels: Sequence[Step]
    """The same as steps of one height each."""
    allowance: Sequence[Step]
    unknown: tuple[Span, ...]


def usage_lines(days: Sequence[DailyUsage], timeline: Timeline, allowance: int | None) -> UsageLines:
    """The lines of days with these units of purchase and allowance."""
    ceiling = purchased_steps(days, timeline)
    levels = joined_levels(ceiling)
    return UsageLines(
        assigned=level_steps(days, timeline),
        range=range_steps(days, timeline),
        over=over_steps(days, timeline),
        ceiling=ceiling,
        levels=levels,
        allowance=allowance_steps(levels, timeline, allowance),
        unknown=unknown_spans(days, timeline),
    )


def usage_chart(
    days: Sequence[DailyUsage],
    timeline: Timeline,
    allowance: int | None = None,
    highest_ahead: int = 0,
    marks: Marks = NO_MARKS,
) -> Chart:
    """Units assigned below the units purchased, and below the limit with growth allowance.

    The axis has room for `highest_ahead`, but never so much that the history shrinks to less than half of it; and
    above all lines for the last value, where there is no place for it elsewhere. Where hatching leaves none either,
    it stands beside the chart.
    """
    lines = usage_lines(days, timeline, allowance)
    known = [day.highest for day in days if day.highest is not None]
    highest = max([step.high for step in (*lines.ceiling, *lines.allowance)] + known, default=0)
    highest = max(highest, min(highest_ahead, MOST_AHEAD * highest))
    drawn = _drawn(lines, timeline, scale_up_to(highest), marks)
    if drawn.now is None and timeline.ahead:
        drawn = _drawn(lines, timeline, scale_up_to(highest, ROOM_FOR_A_LABEL), marks)
    if drawn.now is None and timeline.ahead:
        assigned = end_label(lines.assigned, "assigned", drawn.scale, timeline)
        at_the_edge = [replace(label, x=100.0) for label in assigned]
        drawn = replace(drawn, ends=beside([*at_the_edge, *drawn.ends]))
    return drawn


def _drawn(lines: UsageLines, timeline: Timeline, scale: Scale, marks: Marks) -> Chart:
    ahead = [
        Step(timeline.today, timeline.length - timeline.today, step.low, step.high) for step in lines.levels[-1:]
    ]
    assigned = end_label(lines.assigned, "assigned", scale, timeline)
    ends = end_label(ahead if timeline.ahead else lines.ceiling, "purchased", scale, timeline)
    ends += end_label(lines.allowance, "allowance", scale, timeline)
    beside_it = beside(ends if timeline.ahead else [*assigned, *ends])
    drawn = (lines.assigned, lines.range, lines.over, lines.ceiling, lines.allowance)
    room = Room(scale, timeline, (*drawn, ahead if timeline.ahead else (), *marks.ahead))
    room.boxes.extend([*walls(marks, lines.unknown), *leaders(beside_it)])
    now = label_now(assigned[0], room) if assigned and timeline.ahead else None
    measurement = named(marks.measurement, room) if marks.measurement else None
    numbers = level_numbers(lines.levels, room)
    return Chart(
        timeline=timeline,
        scale=scale,
        line=step_path(lines.assigned, scale.top),
        band=band_path(lines.range, scale.top),
        over=band_path(lines.over, scale.top),
        ceiling=step_path(lines.ceiling, scale.top),
        ceiling_ahead=step_path(ahead, scale.top) if timeline.ahead else "",
        allowance=step_path(lines.allowance, scale.top),
        now=now,
        measurement=measurement,
        ceiling_numbers=numbers,
        ends=beside_it,
        flags=tuple(replace(flag, parts=tuple(room.between_labels(flag.x))) for flag in marks.flags),
        unknown=lines.unknown,
        lines=lines,
    )


def walls(marks: Marks, unknown: Sequence[Span]) -> Iterator[Box]:
    """Yields what is drawn from the top to the bottom, and is not interrupted by labels."""
    if marks.measurement:
        yield Box(marks.measurement.x - NARROW_MARK, marks.measurement.x + NARROW_MARK)
    yield from (Box(span.x, span.x + span.width) for span in unknown)


def leaders(labels: Sequence[Label]) -> Iterator[Box]:
    """Yields where the lines are that lead to labels beside the chart."""
    for label in labels:
        if label.line_x is not None and label.line_y is not None and label.line_x < label.x:
            yield Box(label.line_x, label.x, min(label.y, label.line_y), max(label.y, label.line_y))


def named(measurement: Measurement, room: Room) -> Measurement:
    """The day with the place of its name."""
    place = place_beside_wall(measurement.x, size_of_small(len(measurement.day), room.scale), room)
    return replace(measurement, y=place[0], is_right=place[1]) if place else measurement


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


def amount_chart(days: Sequence[DailyAmount], timeline: Timeline, uncounted: Sequence[date] = ()) -> Chart:
    """Amounts a day as bars, spread over the time in which they were counted; hatched the days with polls that are
    not counted, in order."""
    chart = bar_chart(amount_steps(days, timeline), timeline)
    return replace(chart, unknown=tuple(timeline.span(timeline.index(day), 1) for day in uncounted))


def poll_chart(days: Sequence[tuple[date, int]], timeline: Timeline) -> Chart:
    """Polls a day as bars."""
    return bar_chart([Step(timeline.index(day), 1, 0, polls) for day, polls in days], timeline)


def bar_chart(steps: Sequence[Step], timeline: Timeline) -> Chart:
    """A bar from zero for each step."""
    scale = scale_up_to(max((step.high for step in steps), default=0))
    return Chart(timeline=timeline, scale=scale, bars=band_path(steps, scale.top))


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


def unknown_spans(days: Sequence[OfADay], timeline: Timeline) -> tuple[Span, ...]:
    """Where the chart is hatched."""
    return tuple(timeline.span(step.start, step.length) for step in unknown_steps(days, timeline))
