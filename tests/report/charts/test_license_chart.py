"""What lies ahead of a license, as it is drawn. Axis: 14 months of 2026, scale up to 100."""

from dataclasses import replace
from datetime import date

import pytest
from daily_peaks import daily_peaks

from webexhist.months import Month, Period
from webexhist.report.charts.chart import Flag, Measurement
from webexhist.report.charts.license_chart import area_path, flags, line_path, measurement, months_ahead
from webexhist.report.charts.timeline import Span, Timeline
from webexhist.review.forecast import outlook
from webexhist.review.judgment.forecast import forecast_of
from webexhist.store.entered.notes import Note

JUNE = Period(Month(2026, 6), Month(2026, 6))
LAST = date(2026, 6, 30)
SOON = replace(
    forecast_of(outlook(daily_peaks([60], LAST), (), 80), 80, None, LAST),
    earliest=date(2026, 7, 9),
    likely=date(2026, 7, 20),
    latest=date(2026, 10, 13),
)


def note(number, day, step=False):
    return Note(number, date(2026, 6, day), f"Note {number}", None, step, None)


@pytest.mark.parametrize(
    ("latest", "measured_on", "ahead"),
    [
        (date(2026, 10, 13), None, 4),
        (date(2026, 7, 2), None, 3),
        (date(2026, 7, 2), date(2026, 11, 30), 5),
        (date(2026, 10, 13), date(2027, 3, 31), 4),
        (None, None, 6),
        (date(2028, 1, 1), None, 6),
        (date(2026, 10, 13), date(2026, 6, 30), 4),
    ],
)
def test_a_chart_reaches_to_the_end_of_the_range_from_a_quarter_to_half_a_year(latest, measured_on, ahead):
    assert months_ahead(replace(SOON, latest=latest), measured_on, JUNE) == ahead


def test_a_fan_lies_between_the_levels_of_its_days_and_within_the_chart():
    timeline = Timeline(JUNE, ahead=1)
    edges = [(LAST, 60, 60), (date(2026, 7, 7), 55.5, 70), (date(2026, 7, 31), -3, 130)]
    # The end of 30 June is day 30; levels count down from 100, the last ones cut at both ends of the axis.
    # From the first place on every pair is a move, of a level that is given to a thousandth of the height or nearer.
    assert area_path(edges, timeline, 100) == "M30 40l7-10 24-30 0 100-24-55.5-7-4.5Z"
    assert line_path([(LAST, 60), (date(2026, 7, 31), 62.25)], timeline, 100) == "M30 40l31-2.2"
    levels = [(LAST, 6), (date(2026, 7, 7), 6), (date(2026, 7, 31), 6.257)]
    assert line_path(levels, timeline, 10) == "M30 4l7 0 24-.26"
    assert line_path([], timeline, 100) == ""


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


def test_a_flag_stands_in_the_lowest_row_that_is_free_and_without_a_number_where_none_is():
    def rows(*days):
        notes = [note(number, day) for number, day in enumerate(days, start=1)]
        return [(flag.row, flag.text) for flag in flags(notes, notes, Timeline(JUNE))]

    assert rows(3, 4, 5, 6) == [(0, "1"), (1, "2"), (0, "3"), (1, "4")]  # a day is 3.3% of the width
    assert rows(3, 3, 3, 3, 3, 3) == [(0, "1"), (1, "2"), (2, "3"), (3, "4"), (0, ""), (0, "")]


def test_the_day_of_judgment_is_marked_where_it_is_on_the_chart():
    timeline = Timeline(JUNE, ahead=1)
    assert measurement(date(2026, 7, 31), timeline) == Measurement(100, "31 Jul 2026")
    assert measurement(date(2026, 8, 1), timeline) is None
    assert measurement(date(2026, 5, 31), timeline) is None
