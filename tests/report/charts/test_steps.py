"""Days as steps: what lies between two polls is theirs, and what lies in a gap is nobody's."""

from datetime import date

import pytest

from webexhist.months import Month, Period
from webexhist.report.charts.steps import level_steps, unknown_steps
from webexhist.report.charts.timeline import Timeline
from webexhist.store.values import DailyUsage

NOVEMBER = Timeline(Period(Month(2026, 11), Month(2026, 11)))


def days(*numbers, unknown=()):
    return [
        DailyUsage(date(2026, 11, number), *([None] * 3 if number in unknown else [number] * 3), 100)
        for number in numbers
    ]


@pytest.mark.parametrize(
    ("numbers", "lengths"),
    [
        ((1, 2, 3, 4), (1, 1, 1, 1)),
        ((1, 3, 5, 7), (2, 2, 2, 1)),
        ((1, 8, 15, 22), (7, 7, 7, 1)),
        ((1, 3, 5, 7, 16, 18, 20), (2, 2, 2, 1, 2, 2, 1)),
        ((1, 2, 3, 4, 12, 13, 14), (1, 1, 1, 1, 1, 1, 1)),
        ((2, 4, 6, 8, 10, 12, 13, 14, 15, 16, 17, 18, 19), (2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1)),
        ((5,), (1,)),
        ((), ()),
    ],
)
def test_a_day_lasts_until_the_next_poll_where_that_is_as_far_as_usual_there(numbers, lengths):
    steps = level_steps(days(*numbers), NOVEMBER)
    assert tuple(step.length for step in steps) == lengths
    assert tuple(step.start for step in steps) == tuple(number - 1 for number in numbers)


def test_an_unknown_day_breaks_the_line_and_is_hatched_until_the_next_poll():
    weekly = days(1, 8, 15, 22, unknown=(8,))
    assert [(step.start, step.length) for step in level_steps(weekly, NOVEMBER)] == [(0, 7), (14, 7), (21, 1)]
    assert [(step.start, step.length) for step in unknown_steps(weekly, NOVEMBER)] == [(7, 7)]
