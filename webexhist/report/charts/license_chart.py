"""The chart of a license: its history, what was noted in it, and what is expected."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from webexhist.months import Month, Period
from webexhist.report.charts.chart import Chart, Flag, usage_chart
from webexhist.report.charts.scale import Scale
from webexhist.report.charts.timeline import Timeline
from webexhist.report.html.formats import day_name
from webexhist.review.forecast.forecast import Forecast
from webexhist.review.reviews import LicenseReview, OrganizationReview
from webexhist.store.contracts import Note

MOST_MONTHS_AHEAD = 6
LEAST_FLAG_DISTANCE = 2.5
"""Percent of a chart's width that flags of one row are apart."""


def license_chart(license_: LicenseReview, review: OrganizationReview) -> Chart:
    """Use, purchase and allowance over the period, and the range of the forecast for at most half a year ahead."""
    judgment = license_.judgment
    expected = judgment.forecast if isinstance(judgment.forecast, Forecast) else None
    measured_on = judgment.true_forward.measured_on if judgment.true_forward else None
    timeline = Timeline(review.period, months_ahead(expected, measured_on, review.period) if expected else 0)
    chart = usage_chart(license_.days, timeline, judgment.allowance.units if judgment.allowance else None)
    return replace(
        chart,
        cone=cone_path(expected, timeline, chart.scale) if expected else "",
        likely=likely_path(expected, timeline, chart.scale) if expected else "",
        flags=flags(judgment.notes, review.notes, timeline),
        measurement=measurement_flag(measured_on, timeline) if measured_on else None,
    )


def months_ahead(expected: Forecast, measured_on: date | None, period: Period) -> int:
    """As many months as it takes to show the end of the range, and the measurement day where it is not far."""
    farthest = period.last.plus(MOST_MONTHS_AHEAD).last_day
    days = [min(expected.latest or farthest, farthest)]
    if measured_on and measured_on <= farthest:
        days.append(measured_on)
    end = Month.of(max(days))
    return len(Period(period.last, max(end, period.last.plus(1))).months) - 1


def cone_path(expected: Forecast, timeline: Timeline, scale: Scale) -> str:
    """From the last day's range to the days on which its ends reach the limit, or to the edge of the chart."""
    end = min(day for day in (expected.latest, timeline.shown.last_day) if day)
    upper = [(expected.until, expected.level.high)]
    if expected.earliest < end:
        upper.append((expected.earliest, expected.limit))
    upper.append((end, expected.at(end).high))
    lower = [(end, expected.at(end).low), (expected.until, expected.level.low)]
    corners = [point(day, min(level, expected.limit), timeline, scale) for day, level in (*upper, *lower)]
    return f"M{'L'.join(corners)}Z"


def likely_path(expected: Forecast, timeline: Timeline, scale: Scale) -> str:
    """The middle of the range, up to the limit."""
    end = min(day for day in (expected.likely, timeline.shown.last_day) if day)
    ends = ((expected.until, expected.level.middle), (end, expected.at(end).middle))
    return f"M{'L'.join(point(day, min(level, expected.limit), timeline, scale) for day, level in ends)}"


def point(day: date, level: float, timeline: Timeline, scale: Scale) -> str:
    """Where a level at the end of a day lies."""
    return f"{timeline.index(day) + 1} {round(scale.top - max(level, 0), 2):g}"


def flags(shown: Sequence[Note], numbered: Sequence[Note], timeline: Timeline) -> tuple[Flag, ...]:
    """A flag for each note, with its number among all notes of the review."""
    placed: list[Flag] = []
    for note in shown:
        x = timeline.percent(timeline.index(note.day))
        row = placed[-1].row + 1 if placed and x - placed[-1].x < LEAST_FLAG_DISTANCE else 0
        placed.append(Flag(x, row, str(numbered.index(note) + 1)))
    return tuple(placed)


def measurement_flag(day: date, timeline: Timeline) -> Flag | None:
    """None where the day is not on the chart."""
    if not timeline.period.first_day <= day <= timeline.shown.last_day:
        return None
    return Flag(timeline.percent(timeline.index(day + timedelta(days=1))), 0, f"measured {day_name(day)}")
