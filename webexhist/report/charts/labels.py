"""Where labels stand in a chart: beside what they name, and on nothing that is drawn.

A place is found once for phone, screen and paper. So a label is taken to be as large as where it takes the largest
part of a chart, in letters as wide as those of DejaVu Sans, the widest of the pages' fonts. Positions are percent of
the drawing area.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from webexhist.report.charts.scale import Scale
from webexhist.report.charts.svg import Step
from webexhist.report.charts.timeline import Timeline

NOW_HEIGHT, SMALL_HEIGHT = 12.5, 9.5
"""Percent of a chart's height that the label of the last value takes, and any other, with some air: on paper."""
PHONE, PHONE_WITH_WIDE_AXIS, TABLET = 246.0, 206.0, 457.0
"""Pixels that the drawing area is wide on a screen of 390, and on the narrowest that has words beside numbers."""
GAP = 1.6
"""Percent of a chart's width between a label and what it stands beside."""
LEAST_LEVEL = 7.0
"""Percent of a chart's width that a purchased line must stay level to carry its number."""
ACROSS = 2
"""How much less a label may go sideways than up and down, where both are free."""


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
    is_right: bool = False
    """Whether it begins at `x`; else it ends there."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a chart; 0 is at the left and at the top."""

    left: float
    right: float
    top: float = 0.0
    bottom: float = 100.0

    @property
    def is_wall(self) -> bool:
        """Whether it leaves nothing free above and below."""
        return self.top <= 0 and self.bottom >= 100


@dataclass(frozen=True, slots=True)
class Size:
    """Of a label, in percent of a chart."""

    width: float
    height: float


def size_of_now(value: int, word: str, scale: Scale) -> Size:
    """The number, with its word where the screen is no phone."""
    letters = len(f"{value:,}")
    phone, tablet = 10.5 * letters + 8, 11.9 * letters + 8 * len(word) + 12
    return Size(100 * max(phone / phone_width(scale), tablet / TABLET), NOW_HEIGHT)


def size_of_small(letters: int, scale: Scale) -> Size:
    """Any other text."""
    return Size(100 * (8.3 * letters + 6) / phone_width(scale), SMALL_HEIGHT)


def phone_width(scale: Scale) -> float:
    """Pixels of a chart on a phone."""
    return PHONE_WITH_WIDE_AXIS if scale.has_wide_numbers else PHONE


@dataclass(frozen=True, slots=True)
class Room:
    """What is drawn in a chart already, where no label may stand."""

    scale: Scale
    timeline: Timeline
    steps: Sequence[Sequence[Step]]
    """Lines and bands, each from left to right, none of its steps over another."""
    boxes: list[Box] = field(default_factory=list)
    """All else: an upright line, hatching, lines to labels beside the chart."""
    labels: list[Box] = field(default_factory=list)
    """Those that have a place."""

    def free(self, left: float, right: float, height: float) -> Iterator[tuple[float, float]]:
        """Yields from where to where nothing is drawn between two upright lines, from the top down."""
        edge = 0.0
        for upper, lower in [*sorted(self._taken(left, right)), (100.0, 100.0)]:
            if upper - edge >= height:
                yield edge, upper
            edge = max(edge, lower)

    def _taken(self, left: float, right: float) -> Iterator[tuple[float, float]]:
        first, last = self.timeline.length * left / 100, self.timeline.length * right / 100
        for steps in self.steps:
            for place in range(bisect_left(steps, first, key=attrgetter("end")), len(steps)):
                step = steps[place]
                if step.start > last:
                    break
                low, high = step.low, step.high
                before = steps[place - 1] if place and first <= step.start else None
                if before is not None and before.end == step.start:
                    low, high = min(low, before.high), max(high, before.high)
                yield self.scale.percent_down(high), self.scale.percent_down(low)
        for box in (*self.boxes, *self.labels):
            if box.left < right and box.right > left:
                yield box.top, box.bottom

    def walls(self, left: float, right: float) -> Iterator[Box]:
        """Yields what leaves nothing free within these bounds."""
        return (box for box in self.boxes if box.is_wall and box.left < right and box.right > left)

    def take(self, left: float, size: Size, y: float) -> None:
        """Keeps others out of where a label stands; `y` is its middle."""
        self.labels.append(Box(left, left + size.width, y - size.height / 2, y + size.height / 2))

    def between_labels(self, x: float) -> Iterator[tuple[float, float]]:
        """Yields the parts of an upright line that no label stands on, from the top down."""
        top = 0.0
        for box in sorted(self.labels, key=lambda box: box.top):
            if box.left <= x <= box.right:
                if box.top > top:
                    yield round(top, 2), round(box.top, 2)
                top = max(top, box.bottom)
        if top < 100:
            yield round(top, 2), 100.0


def label_now(label: Label, room: Room) -> Label | None:
    """The label near the end of its line, where nothing else is drawn: before it, or in the time ahead.

    None where there is no such place.
    """
    size = size_of_now(label.value, label.word, room.scale)
    lefts = [label.x - GAP - size.width, label.x + GAP]
    lefts += [wall.left - GAP - size.width for wall in room.walls(lefts[0] - size.width, label.x - GAP)]
    found: list[tuple[float, float, float]] = []
    for left in lefts:
        if left < 0 or left + size.width > 100:
            continue
        y = nearest(label.y, room.free(left, left + size.width, size.height), size.height)
        if y is not None:
            aside = max(left - label.x, label.x - left - size.width) - GAP
            found.append((abs(y - label.y) + ACROSS * aside, left, y))
    if not found:
        return None
    _, left, y = min(found)
    room.take(left, size, y)
    is_right = left > label.x
    x = left if is_right else left + size.width
    return replace(label, x=round(x, 2), y=round(y, 2), line_x=label.x, line_y=label.y, is_right=is_right)


def nearest(wanted: float, free: Iterator[tuple[float, float]], height: float) -> float | None:
    """The middle of a label that is nearest to where it is wanted; None where nothing is free."""
    half = height / 2
    places = [min(max(wanted, upper + half), lower - half) for upper, lower in free]
    return min(places, key=lambda place: abs(place - wanted), default=None)


def level_numbers(levels: Sequence[Step], room: Room) -> tuple[Label, ...]:
    """A number at the begin of every level but the last, whose number stands at the line's end; above or below it.

    There is none where both are taken, nor where units change all the time.
    """
    long = [level for level in levels[:-1] if room.timeline.percent(level.length) >= LEAST_LEVEL]
    return tuple(label for level in long for label in _level_number(level, room))


def _level_number(level: Step, room: Room) -> Iterator[Label]:
    size = size_of_small(len(f"{level.high:,}"), room.scale)
    left, line = room.timeline.percent(level.start) + GAP / 2, room.scale.percent_down(level.high)
    for y in (line - size.height / 2, line + size.height / 2):
        free = room.free(left, left + size.width, size.height)
        if left + size.width <= 100 and any(
            upper <= y - size.height / 2 and y + size.height / 2 <= lower for upper, lower in free
        ):
            room.take(left, size, y)
            yield Label(round(left, 2), round(y, 2), level.high, is_right=True)
            return


def place_beside_wall(x: float, size: Size, room: Room) -> tuple[float, bool] | None:
    """How far down a text stands beside an upright line at `x`, as low as it can, and whether on the right of it.

    None where both sides are taken.
    """
    for left, is_right in ((x + GAP / 2, True), (x - GAP / 2 - size.width, False)):
        if left >= 0 and left + size.width <= 100:
            y = nearest(100, room.free(left, left + size.width, size.height), size.height)
            if y is not None:
                room.take(left, size, y)
                return round(y, 2), is_right
    return None
