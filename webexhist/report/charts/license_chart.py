"""The chart of a license or product: its history, what was noted in it, and what is expected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import ceil

from webexhist.months import Month, Period, days_later
from webexhist.report.charts.chart import Chart, Flag, Marks, Measurement, usage_chart
from webexhist.report.charts.svg import Step
from webexhist.report.charts.timeline import Timeline
from webexhist.report.html.formats import day_name
from webexhist.review.forecast import Rib, fan_of, last_year_of
from webexhist.review.judgment.forecast import Forecast
from webexhist.review.judgment.judgment import Judgment
from webexhist.review.judgment.usage import Usage
from webexhist.review.reviews import OrganizationReview
from webexhist.store.entered.notes import Note

MOST_MONTHS_AHEAD = 6
LEAST_MONTHS_AHEAD = 3
FLAG_DIGIT, FLAG_AIR = 3.7, 1.2
"""Percent of a chart's width that a digit of a flag takes on a phone, and what is left free between two."""
MOST_ROWS_OF_FLAGS = 4
"""For so many there is room above a chart (reports/style)."""
FIGURES_OF_LEVELS, MOST_DECIMALS = 4, 2
"""So many figures of a level ahead are drawn, and of these so many behind the point."""


@dataclass(frozen=True, slots=True)
class LicenseChart:
    """A chart, and what it shows of the time ahead."""

    chart: Chart
    ribs: tuple[Rib, ...]
    """Of the fan, which begins on the last day of the review; none where nothing is foretold."""


def license_chart(
    shown: Usage, judgment: Judgment | None, review: OrganizationReview, fineness: float = 0
) -> LicenseChart:
    """Use, purchase and allowance over the period, and the fan of the forecast for half a year at most.

    Without a judgment there is nothing to foretell: licenses that are judged with others have none of their own.
    The fan is drawn by week; where that shows less than `fineness`, a share of what may be assigned, by fewer days.
    """
    forecast = judgment.forecast if judgment else None
    true_forward = judgment.true_forward if judgment else None
    measured_on = true_forward.measured_on if true_forward else None
    # An allowance of nothing would be drawn over the line of what was purchased.
    allowance = judgment.allowance.units if judgment and judgment.allowance and judgment.allowance.percent else None
    if forecast is None or forecast.as_of < review.period.last.first_day:
        timeline = Timeline(review.period)
        marks = Marks(flags(shown.notes, review.notes, timeline))
        return LicenseChart(usage_chart(shown.days, timeline, allowance, marks=marks), ())
    timeline = Timeline(review.period, months_ahead(forecast, measured_on, review.period))
    last_day = timeline.shown.last_day
    ribs = fan_of(forecast.outlook, last_day, fineness * forecast.limit)
    last_year = last_year_of(forecast.outlook, last_day)
    marks = Marks(
        flags(shown.notes, review.notes, timeline),
        measurement(measured_on, timeline) if measured_on else None,
        (
            tuple(steps_between([(rib.day, rib.lowest, rib.highest) for rib in ribs], timeline)),
            tuple(steps_between([(day, level, level) for day, level in last_year], timeline)),
        ),
    )
    highest_ahead = round(max(rib.highest for rib in ribs))
    drawn = usage_chart(shown.days, timeline, allowance, highest_ahead, marks)
    top = drawn.scale.top
    chart = replace(
        drawn,
        fan=area_path([(rib.day, rib.lowest, rib.highest) for rib in ribs], timeline, top),
        inner_fan=area_path([(rib.day, rib.low, rib.high) for rib in ribs], timeline, top),
        likely=line_path([(rib.day, rib.middle) for rib in ribs], timeline, top),
        last_year=line_path(last_year, timeline, top),
    )
    return LicenseChart(chart, ribs)


def steps_between(edges: Sequence[tuple[date, float, float]], timeline: Timeline) -> Iterator[Step]:
    """Yields between which units an area is from each of its days to the next."""
    for (day, low, high), (to, to_low, to_high) in pairwise(edges):
        begins, ends = timeline.index(day) + 1, timeline.index(to) + 1
        yield Step(begins, ends - begins, int(min(low, to_low)), ceil(max(high, to_high)))


def months_ahead(forecast: Forecast, measured_on: date | None, period: Period) -> int:
    """As many months as it takes to show the range of days, and the measurement day where it is not far."""
    farthest = period.last.plus(MOST_MONTHS_AHEAD).last_day
    days = [min(forecast.latest or farthest, farthest)]
    if measured_on and measured_on <= farthest:
        days.append(measured_on)
    end = max(Month.of(max(days)), period.last.plus(LEAST_MONTHS_AHEAD))
    return len(Period(period.last, end).months) - 1


def area_path(edges: Sequence[tuple[date, float, float]], timeline: Timeline, top: int) -> str:
    """The area between the lower and the upper level of each day."""
    upper = [point(day, high, timeline, top) for day, _, high in edges]
    lower = [point(day, low, timeline, top) for day, low, _ in reversed(edges)]
    return f"{moves([*upper, *lower])}Z"


def line_path(levels: Sequence[tuple[date, float]], timeline: Timeline, top: int) -> str:
    """A line through the level of each day; nothing without any."""
    return moves([point(day, level, timeline, top) for day, level in levels]) if levels else ""


def point(day: date, level: float, timeline: Timeline, top: int) -> tuple[int, float]:
    """Where a level at the end of a day lies, within the chart: to a thousandth of its height or nearer."""
    decimals = min(max(FIGURES_OF_LEVELS - len(str(top)), 0), MOST_DECIMALS)
    return timeline.index(day) + 1, round(top - min(max(level, 0), top), decimals)


def moves(points: Sequence[tuple[int, float]]) -> str:
    """From the first point to each of the others, by how far they are apart: that is a shorter text than places."""
    apart = [step for (x, y), (to_x, to_y) in pairwise(points) for step in (to_x - x, to_y - y)]
    steps = "".join(step if step.startswith("-") else f" {step}" for step in map(shortest, apart))
    return f"M{points[0][0]} {shortest(points[0][1])}" + (f"l{steps.lstrip()}" if steps else "")


def shortest(number: float) -> str:
    """A number as short as path data allows: with the decimals that it has, two at most."""
    without_signed_zero = round(number, MOST_DECIMALS) + 0.0
    digits = f"{without_signed_zero:.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return digits.replace("0.", ".", 1) if abs(number) < 1 else digits


def flags(shown: Sequence[Note], numbered: Sequence[Note], timeline: Timeline) -> tuple[Flag, ...]:
    """A flag for each note, with its number among all notes of the review."""
    placed: list[Flag] = []
    last_of: dict[int, Flag] = {}
    for note in shown:
        flag = Flag(timeline.percent(timeline.index(note.day)), 0, str(numbered.index(note) + 1))
        free = (row for row in range(MOST_ROWS_OF_FLAGS) if row not in last_of or not are_near(last_of[row], flag))
        row = next(free, None)
        if row is None:
            placed.append(replace(flag, text=""))
        else:
            last_of[row] = replace(flag, row=row)
            placed.append(last_of[row])
    return tuple(placed)


def are_near(before: Flag, flag: Flag) -> bool:
    """Whether the number of a flag would touch that of the one before it, in the same row."""
    return flag.x - before.x < FLAG_AIR + FLAG_DIGIT * (len(flag.text) + len(before.text)) / 2


def measurement(day: date, timeline: Timeline) -> Measurement | None:
    """None where the day is not on the chart."""
    if not timeline.period.first_day <= day <= timeline.shown.last_day:
        return None
    return Measurement(timeline.percent(timeline.index(days_later(day, 1))), day_name(day))
