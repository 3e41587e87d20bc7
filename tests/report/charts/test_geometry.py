"""Axes, lines and labels of the charts."""

from datetime import date, timedelta

import pytest

from webexhist.months import Month, Period
from webexhist.report.charts.chart import LABEL_HEIGHT, Flag, Marks, amount_chart, apart, usage_chart
from webexhist.report.charts.labels import (
    NOW_HEIGHT,
    SMALL_HEIGHT,
    Box,
    Label,
    Room,
    Size,
    label_now,
    level_numbers,
    place_beside_wall,
)
from webexhist.report.charts.scale import MOST_STEPS, Scale, scale_up_to
from webexhist.report.charts.sparkline import sparkline, sparkline_of
from webexhist.report.charts.svg import Step, band_path, step_path
from webexhist.report.charts.timeline import Span, Timeline
from webexhist.report.html.formats import bar_percent
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyUsage

NOVEMBER = Timeline(Period(Month(2026, 11), Month(2026, 11)))
YEAR = Timeline(Period(Month(2025, 11), Month(2026, 11)))


def usage(day, last, purchased=100, lowest=None, highest=None):
    lowest = last if lowest is None else lowest
    highest = last if highest is None else highest
    return DailyUsage(date(2026, 11, day), last, lowest, highest, purchased)


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (7, (0, 2, 4, 6, 8)),
        (250, (0, 50, 100, 150, 200, 250)),
        (1204, (0, 500, 1000)),
        (3_000_000, (0, 1_000_000, 2_000_000, 3_000_000)),
    ],
)
def test_an_axis_begins_at_zero_and_has_round_steps(highest, ticks):
    assert scale_up_to(highest).ticks == ticks


@pytest.mark.parametrize("highest", [1, 2, 9, 99, 101, 4_999, 123_456_789])
def test_an_axis_reaches_above_its_highest_value_and_is_not_crowded(highest):
    scale = scale_up_to(highest)
    assert scale.top >= highest
    assert len(scale.ticks) <= MOST_STEPS + 1
    assert scale.percent_down(0) == 100
    assert scale.percent_down(scale.top) == 0


def test_a_step_line_stays_level_over_a_day_and_merges_equal_days():
    steps = [Step(0, 1, 3, 3), Step(1, 1, 3, 3), Step(2, 1, 5, 5)]
    assert step_path(steps, top=10) == "M0 7h2v-2h1"


def test_nothing_is_joined_over_days_without_a_value():
    assert step_path([Step(0, 1, 3, 3), Step(4, 1, 3, 3)], top=10) == "M0 7h1M4 7h1"


def test_a_band_runs_along_its_upper_edge_and_back_along_its_lower():
    steps = [Step(0, 1, 2, 4), Step(1, 1, 1, 4), Step(2, 1, 1, 6)]
    assert band_path(steps, top=10) == "M0 6h2v-2h1V9h-2v-1h-1Z"


def test_no_steps_draw_nothing():
    assert step_path([], top=10) == band_path([], top=10) == ""


def test_months_are_named_in_their_middle_and_years_where_they_change():
    first, *_ = YEAR.ticks
    january = YEAR.ticks[2]
    assert (first.label, first.year, first.starts) == ("Nov", "2025", 0)
    assert first.middle == pytest.approx(100 * 15 / 395, abs=0.001)
    assert (january.label, january.year) == ("Jan", "2026")
    assert [tick.year for tick in YEAR.ticks].count("") == 11


@pytest.mark.parametrize(
    ("months", "labels"),
    [
        (1, ["1 Nov", "8", "15", "22"]),
        (14, ["Oct", "Nov", "Dec", *["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]]),
        (24, ["Jan", "Apr", "Jul", "Oct"] * 2),
        (60, ["Jan"] * 5),
    ],
)
def test_long_and_short_spans_have_room_for_their_labels(months, labels):
    timeline = Timeline(Period(Month(2026, 11).plus(1 - months), Month(2026, 11)))
    assert [tick.label for tick in timeline.ticks] == labels


def test_the_reviewed_month_is_marked_where_there_are_others():
    assert YEAR.last_month == Span(x=pytest.approx(100 * 365 / 395, abs=0.001), width=pytest.approx(7.595, abs=0.001))
    assert NOVEMBER.last_month is None


def test_a_usage_chart_ends_its_lines_with_their_numbers():
    chart = usage_chart([usage(1, 40), usage(2, 45, lowest=41, highest=46)], NOVEMBER)
    assert chart.scale == Scale(top=108, ticks=(0, 20, 40, 60, 80, 100))
    assert chart.line == "M0 68h1v-5h1"
    assert chart.ceiling == "M0 8h2"
    assert [(label.value, label.word) for label in chart.ends] == [(100, "purchased"), (45, "assigned")]
    # They stand beside the chart, and a thin line leads there from where theirs end.
    assert [label.x for label in chart.ends] == [100, 100]
    assert [label.line_x for label in chart.ends] == [pytest.approx(100 * 2 / 30, abs=0.001)] * 2


def test_every_level_of_the_purchased_line_has_its_number():
    days = [usage(day, 40, purchased=50 if day < 6 else 80) for day in range(1, 12)]
    chart = usage_chart(days, NOVEMBER)
    assert [(label.x, label.value) for label in chart.ceiling_numbers] == [(0.8, 50)]


def test_polled_but_unknown_days_are_hatched_and_days_without_polls_are_not():
    days = [usage(1, 40), usage(2, None, purchased=None), usage(3, None, purchased=None), usage(9, 41)]
    chart = usage_chart(days, NOVEMBER)
    assert chart.unknown == (Span(x=pytest.approx(3.333), width=pytest.approx(6.667)),)
    assert chart.line.count("M") == 2


def test_over_use_is_tinted_between_the_two_lines():
    chart = usage_chart([usage(1, 100), usage(2, 103)], NOVEMBER)
    assert chart.over == band_path([Step(1, 1, 100, 103)], chart.scale.top)


def test_unlimited_units_draw_no_purchased_line():
    chart = usage_chart([usage(1, 40, purchased=-1)], NOVEMBER)
    assert (chart.ceiling, [label.word for label in chart.ends]) == ("", ["assigned"])


def test_a_license_without_any_value_still_has_axes():
    chart = usage_chart([usage(1, None, purchased=None)], NOVEMBER)
    assert (chart.line, chart.ends, chart.scale.ticks) == ("", (), (0, 1))


@pytest.mark.parametrize(("upper", "lower"), [(50, 51), (0, 1), (99, 100), (50, 50)])
def test_labels_never_cover_each_other_nor_leave_the_chart(upper, lower):
    first, second = apart([Label(100, lower, 2, "assigned"), Label(100, upper, 3, "purchased")])
    assert second.y - first.y == pytest.approx(LABEL_HEIGHT)
    assert 0 <= first.y <= second.y <= 100


def test_labels_with_room_between_them_stay_where_they_are():
    labels = (Label(100, 10, 3, "purchased"), Label(100, 40, 2, "assigned"))
    assert apart(labels) == labels


def test_an_amount_over_several_days_is_spread_over_them():
    chart = amount_chart([DailyAmount(date(2026, 11, 4), days=3, amount=90, source="polls")], NOVEMBER)
    assert chart.bars == band_path([Step(1, 3, 0, 30)], chart.scale.top)


def test_days_with_polls_that_are_not_counted_are_hatched():
    amounts = [DailyAmount(date(2026, 11, 1), days=1, amount=90, source="polls")]
    chart = amount_chart(amounts, NOVEMBER, [date(2026, 11, 3), date(2026, 11, 5)])
    assert chart.unknown == (NOVEMBER.span(2, 1), NOVEMBER.span(4, 1))
    assert amount_chart(amounts, NOVEMBER).unknown == ()


def test_an_amount_from_before_the_chart_begins_at_its_edge():
    chart = amount_chart([DailyAmount(date(2026, 11, 2), days=10, amount=100, source="polls")], NOVEMBER)
    assert chart.bars == band_path([Step(0, 2, 0, 10)], chart.scale.top)


def test_polls_that_come_more_often_make_no_day_higher():
    """Daily at 6:00 until the third, then until 18:00: the same pace all along is the same bar all along."""
    amounts = [
        DailyAmount(date(2026, 11, 2), days=1, amount=100, source="polls", passed=0.25),
        DailyAmount(date(2026, 11, 3), days=1, amount=150, source="polls", passed=0.75),
        DailyAmount(date(2026, 11, 4), days=1, amount=100, source="polls", passed=0.75),
    ]
    chart = amount_chart(amounts, NOVEMBER)
    assert chart.bars == band_path([Step(0, 4, 0, 100)], chart.scale.top)


def test_the_last_value_is_written_where_nothing_is_drawn():
    drawn = [Step(0, 30, 40, 45), Step(0, 30, 100, 100)]
    room = Room(Scale(top=108, ticks=()), NOVEMBER, (drawn,))
    label = label_now(Label(100, 58.33, 45, "assigned"), room)
    # Above the band, whose upper edge lies at 58 % of the height: half a label further up.
    assert label == Label(98.4, pytest.approx(58.33 - NOW_HEIGHT / 2, abs=0.01), 45, "assigned", 100, 58.33)


def test_the_last_value_stands_before_hatching_that_would_be_behind_it():
    room = Room(Scale(top=108, ticks=()), NOVEMBER, ([Step(0, 30, 45, 45)],), [Box(89.4, 95)])
    label = label_now(Label(100, 58.33, 45, "assigned"), room)
    assert label is not None
    assert label.x == 87.8


def test_the_last_value_stands_in_the_time_ahead_where_the_history_leaves_no_room():
    """Twenty days of anything between nothing and all, then ten to come."""
    room = Room(Scale(top=108, ticks=()), NOVEMBER, ([Step(0, 20, 0, 100)],))
    label = label_now(Label(66.67, 58.33, 45, "assigned"), room)
    assert label is not None
    assert (label.x, label.y, label.is_right) == (68.27, 58.33, True)


def test_the_line_of_a_flag_is_interrupted_by_labels():
    marks = Marks((Flag(55, 0, "1"),))
    days = [usage(day, 45) for day in range(1, 31)]
    chart = usage_chart(days, Timeline(NOVEMBER.period, ahead=1), marks=marks)
    assert chart.now is not None
    upper, lower = chart.now.y - NOW_HEIGHT / 2, chart.now.y + NOW_HEIGHT / 2
    (flag,) = chart.flags
    assert flag.parts == ((0, pytest.approx(upper, abs=0.01)), (pytest.approx(lower, abs=0.01), 100))


def test_where_nothing_is_free_the_axis_leaves_room_above_all_lines():
    days = [usage(day, 50, lowest=2, highest=98) for day in range(1, 30)]
    chart = usage_chart(days, Timeline(NOVEMBER.period, ahead=1), marks=Marks(ahead=((Step(30, 31, 0, 100),),)))
    assert chart.scale.top == 116
    assert chart.now is not None
    assert chart.now.y + NOW_HEIGHT / 2 <= chart.scale.percent_down(100)


def test_beside_the_chart_the_last_value_stands_where_hatching_leaves_it_no_place():
    days = [usage(1, 50), *(usage(day, None) for day in range(2, 30)), usage(30, 50)]
    chart = usage_chart(days, Timeline(NOVEMBER.period, ahead=1), marks=Marks(ahead=((Step(30, 31, 0, 200),),)))
    assert chart.now is None
    assert [(label.word, label.x, label.line_x) for label in chart.ends] == [
        ("purchased", 100, None),
        ("assigned", 100, None),
    ]


@pytest.mark.parametrize(("assigned", "above"), [(40, True), (52, False)])
def test_the_number_of_a_level_stands_on_the_side_of_its_line_that_is_free(assigned, above):
    levels = [Step(0, 15, 50, 50), Step(15, 15, 90, 90)]
    room = Room(Scale(top=100, ticks=()), NOVEMBER, (levels, [Step(0, 30, assigned, assigned)]))
    (label,) = level_numbers(levels, room)
    assert (label.y < 50) is above


def test_a_level_that_is_too_short_for_its_number_has_none():
    levels = [Step(0, 2, 50, 50), Step(2, 28, 70, 70)]
    assert level_numbers(levels, Room(Scale(top=75, ticks=()), NOVEMBER, (levels,))) == ()
    levels = [Step(0, 3, 5000, 5000), Step(3, 27, 5300, 5300)]
    drawn = (levels, [Step(0, 30, 4800, 4800)])
    assert level_numbers(levels, Room(Scale(top=5800, ticks=()), NOVEMBER, drawn)) == ()


def test_the_name_of_an_upright_line_stands_beside_it_as_low_as_it_can():
    size, scale = Size(35, SMALL_HEIGHT), Scale(top=100, ticks=())
    for x, is_right in ((50, True), (100, False)):
        room = Room(scale, NOVEMBER, ([Step(0, 30, 0, 5)],))
        assert place_beside_wall(x, size, room) == (95 - SMALL_HEIGHT / 2, is_right)
    room = Room(scale, NOVEMBER, ([Step(0, 30, 0, 100)],))
    assert place_beside_wall(50, size, room) is None


def test_a_sparkline_reaches_from_zero_to_the_higher_of_both_lines():
    spark = sparkline([usage(1, 40), usage(2, 45)], NOVEMBER)
    assert (spark.length, spark.top, spark.line, spark.ceiling) == (30, 100, "M0 60h1v-5h1", "M0 0h2")


def test_a_sparkline_of_the_lines_of_a_chart_is_that_of_its_days():
    days = [usage(1, 40), usage(2, 45), usage(4, None), usage(5, 130)]
    lines = usage_chart(days, Timeline(NOVEMBER.period, ahead=3), allowance=120).lines
    assert lines is not None
    assert sparkline_of(lines.assigned, lines.ceiling, NOVEMBER) == sparkline(days, NOVEMBER)


@pytest.mark.parametrize(("utilization", "percent"), [(0, 0), (65, 50), (100, 76.92), (130, 100), (400, 100)])
def test_a_utilization_bar_leaves_room_for_over_use(utilization, percent):
    assert bar_percent(utilization) == percent


def test_days_are_numbered_from_the_first_of_the_span():
    assert YEAR.length == 395
    assert [YEAR.index(date(2025, 11, 1) + timedelta(days=days)) for days in (0, 394)] == [0, 394]
