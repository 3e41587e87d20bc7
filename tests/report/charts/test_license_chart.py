"""What lies ahead of a license, as it is drawn. Axis: 14 months of 2026, scale up to 100."""

from dataclasses import replace
from datetime import date

import pytest

from webexhist.months import Month, Period
from webexhist.report.charts.chart import Flag
from webexhist.report.charts.license_chart import cone_path, flags, likely_path, measurement_flag, months_ahead
from webexhist.report.charts.scale import Scale
from webexhist.report.charts.timeline import Span, Timeline
from webexhist.review.forecast.forecast import Forecast
from webexhist.review.forecast.trend import Level
from webexhist.store.contracts import Note

JUNE = Period(Month(2026, 6), Month(2026, 6))
SCALE = Scale(top=100, ticks=(0, 50, 100))
RANGE = Forecast(
    slope=Level(0.5, 1.0, 2.0),
    level=Level(58, 60, 62),
    since=date(2026, 6, 1),
    until=date(2026, 6, 30),
    days=30,
    limit=80,
    earliest=date(2026, 7, 9),
    likely=date(2026, 7, 20),
    latest=date(2026, 8, 13),
)
NEVER = replace(RANGE, slope=Level(0.0, 0.1, 2.0), likely=None, latest=None)


def note(number, day, step=False):
    return Note(number, date(2026, 6, day), f"Note {number}", None, step, None)


@pytest.mark.parametrize(
    ("expected", "measured_on", "ahead"),
    [
        (RANGE, None, 2),
        (replace(RANGE, latest=date(2026, 7, 2)), None, 1),
        (RANGE, date(2026, 11, 30), 5),
        (RANGE, date(2027, 3, 31), 2),
        (NEVER, None, 6),
        (replace(RANGE, latest=date(2028, 1, 1)), None, 6),
        (RANGE, date(2026, 6, 30), 2),
    ],
)
def test_a_chart_reaches_to_the_end_of_the_range_or_half_a_year_ahead(expected, measured_on, ahead):
    assert months_ahead(expected, measured_on, JUNE) == ahead


def test_the_cone_ends_where_its_range_ends():
    timeline = Timeline(JUNE, ahead=2)
    # Days from the end of June: 9 and 44; the levels reach 80 there, which is 20 below the top.
    assert cone_path(RANGE, timeline, SCALE) == "M30 38L39 20L74 20L74 20L30 42Z"
    assert likely_path(RANGE, timeline, SCALE) == "M30 40L50 20"


def test_a_cone_without_an_end_is_cut_at_the_edge():
    timeline = Timeline(JUNE, ahead=1)
    assert cone_path(NEVER, timeline, SCALE) == "M30 38L39 20L61 20L61 42L30 42Z"
    assert likely_path(NEVER, timeline, SCALE) == "M30 40L61 36.9"


def test_the_days_ahead_are_part_of_the_axis_but_not_of_the_reviewed_month():
    timeline = Timeline(Period(Month(2026, 5), Month(2026, 6)), ahead=2)
    assert (timeline.length, timeline.today) == (31 + 30 + 31 + 31, 61)
    assert [tick.label for tick in timeline.ticks] == ["May", "Jun", "Jul", "Aug"]
    assert timeline.last_month == Span(x=timeline.percent(31), width=timeline.percent(30))


def test_a_flag_bears_the_number_of_its_note_among_all_notes():
    first, second, third = note(7, 3), note(8, 10), note(9, 20)
    drawn = flags([first, third], [first, second, third], Timeline(JUNE))
    assert drawn == (Flag(6.667, 0, "1"), Flag(63.333, 0, "3"))


def test_flags_of_the_same_days_stand_above_each_other():
    notes = [note(1, 3), note(2, 3), note(3, 3), note(4, 20)]
    assert [flag.row for flag in flags(notes, notes, Timeline(JUNE))] == [0, 1, 2, 0]


def test_the_day_of_judgment_is_marked_where_it_is_on_the_chart():
    timeline = Timeline(JUNE, ahead=1)
    assert measurement_flag(date(2026, 7, 31), timeline) == Flag(100, 0, "measured 31 Jul 2026")
    assert measurement_flag(date(2026, 8, 1), timeline) is None
    assert measurement_flag(date(2026, 5, 31), timeline) is None
