"""One decision a license, the most urgent of what holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from webexhist.months import Month
from webexhist.review.forecast.forecast import Forecast, NoForecast, Reason
from webexhist.review.forecast.trend import Level
from webexhist.review.judgment.decisions import Decision, DecisionKind, Grounds, decision
from webexhist.review.judgment.safe_to_drop import SafeToDrop, safe_to_drop
from webexhist.review.judgment.true_forward import Allowance, TrueForward
from webexhist.store.values import MonthlyUsage

AS_OF = date(2026, 10, 31)
FLAT = NoForecast(Reason.FLAT)


def closing(assigned, purchased=100):
    return MonthlyUsage(
        Month(2026, 10), assigned, assigned, assigned, assigned, purchased, 100 * assigned / purchased
    )


def grounds(assigned=60, forecast=FLAT, judgment=None, drop=None):
    return Grounds(
        closing(assigned), 100, assigned, forecast, Allowance(20, 120, is_own=False), judgment, drop, AS_OF
    )


def running_out(earliest, likely, latest):
    ends = [None if days is None else AS_OF + timedelta(days=days) for days in (earliest, likely, latest)]
    level = Level(60, 60, 60)
    return Forecast(level, level, AS_OF - timedelta(days=90), AS_OF, 91, 100, *ends)


def droppable(units, days_to_renewal):
    renewal = AS_OF + timedelta(days=days_to_renewal)
    return SafeToDrop(units, 100 - units, renewal, is_near_renewal=days_to_renewal <= 90)


def judgment(assigned, projected):
    return TrueForward(
        date(2027, 3, 15), date(2027, 2, 14), 106, assigned, projected, Allowance(20, 120, is_own=False)
    )


def judged(assigned):
    return TrueForward(date(2026, 11, 5), date(2026, 10, 4), -27, assigned, None, Allowance(20, 120, is_own=False))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (grounds(), Decision(DecisionKind.FINE, "has 40 units available")),
        (
            grounds(assigned=121),
            Decision(
                DecisionKind.OVER_ALLOWANCE,
                "is over the allowance: 121 of 100 purchased units are assigned, 1 more than 20% over allows",
            ),
        ),
        (
            grounds(assigned=120),
            Decision(DecisionKind.RUNS_OUT, "has run out: 120 of 100 purchased units are assigned"),
        ),
        (
            grounds(assigned=100),
            Decision(DecisionKind.RUNS_OUT, "has run out: 100 of 100 purchased units are assigned"),
        ),
        (
            grounds(assigned=97, forecast=NoForecast(Reason.ALREADY_REACHED)),
            Decision(
                DecisionKind.RUNS_OUT,
                "had run out for a part of its last day: 97 of 100 purchased units are assigned",
            ),
        ),
        (
            grounds(forecast=running_out(64, 90, 112)),
            Decision(DecisionKind.RUNS_OUT, "runs out between 3 January and 20 February 2027"),
        ),
        (
            grounds(forecast=running_out(30, 60, 92)),
            Decision(DecisionKind.RUNS_OUT, "runs out between 30 November 2026 and 31 January 2027"),
        ),
        (
            grounds(forecast=running_out(64, 90, None)),
            Decision(DecisionKind.RUNS_OUT, "runs out from 3 January 2027 on"),
        ),
        (
            grounds(forecast=running_out(1, 1, 1)),
            Decision(DecisionKind.RUNS_OUT, "runs out on 1 November 2026"),
        ),
        (
            grounds(forecast=running_out(90, 91, 112)),
            Decision(DecisionKind.WATCH, "may run out from 29 January 2027 on"),
        ),
        (
            grounds(forecast=running_out(90, None, None)),
            Decision(DecisionKind.WATCH, "may run out from 29 January 2027 on"),
        ),
        (grounds(forecast=running_out(91, 120, 200)), Decision(DecisionKind.FINE, "has 40 units available")),
        (
            grounds(drop=droppable(5, 90)),
            Decision(
                DecisionKind.UNUSED,
                "has 5 units that nobody needed in twelve months; renewal on 29 January 2027",
            ),
        ),
        (grounds(drop=droppable(4, 90)), Decision(DecisionKind.FINE, "has 40 units available")),
        (grounds(drop=droppable(40, 91)), Decision(DecisionKind.FINE, "has 40 units available")),
        (
            grounds(drop=droppable(40, 10), forecast=running_out(300, 400, 500)),
            Decision(DecisionKind.FINE, "has 40 units available"),
        ),
        (
            grounds(assigned=90),
            Decision(DecisionKind.WATCH, "is nearly full: 90 of 100 purchased units are assigned"),
        ),
        (grounds(assigned=89, drop=droppable(1, 91)), Decision(DecisionKind.FINE, "has 11 units available")),
        (
            grounds(judgment=judgment(60, Level(80, 100, 121))),
            Decision(DecisionKind.WATCH, "may be over the allowance on 14 February 2027, when it is judged"),
        ),
        (
            grounds(judgment=judged(123)),
            Decision(
                DecisionKind.OVER_ALLOWANCE,
                "was over the allowance by 3 units on 4 October 2026: a True Forward is due on 5 November 2026",
            ),
        ),
        (grounds(judgment=judged(120)), Decision(DecisionKind.FINE, "has 40 units available")),
        (grounds(judgment=judgment(60, Level(80, 100, 120))), Decision(DecisionKind.FINE, "has 40 units available")),
    ],
)
def test_the_decision_and_its_words(found, expected):
    assert decision(found) == expected


def test_one_unit_is_told_as_one():
    one_free = replace(grounds(assigned=8), closing=closing(8, 9), purchased=9)
    assert decision(one_free).reason == "has 1 unit available"


def test_of_several_the_most_urgent_is_told():
    urgent = [
        grounds(assigned=121, forecast=running_out(1, 1, 1), drop=droppable(50, 10)),
        grounds(assigned=91, forecast=running_out(10, 20, 30), drop=droppable(50, 10)),
        grounds(assigned=91, drop=droppable(50, 10)),
        grounds(assigned=91),
        grounds(assigned=10),
    ]
    kinds = [decision(found).kind for found in urgent]
    assert kinds == [
        DecisionKind.OVER_ALLOWANCE,
        DecisionKind.RUNS_OUT,
        DecisionKind.UNUSED,
        DecisionKind.WATCH,
        DecisionKind.FINE,
    ]
    assert [kind.rank for kind in kinds] == sorted(kind.rank for kind in kinds)
    assert [kind.needs_decision for kind in DecisionKind] == [True, True, True, True, False, False]


def test_safe_to_drop_is_what_nobody_needed_in_twelve_months():
    months = [replace(closing(50), month=Month(2025, 10).plus(index), highest=50 + index) for index in range(13)]
    renewal = date(2027, 1, 29)
    last = Month(2026, 10)
    assert safe_to_drop(100, months, last, renewal, AS_OF) == SafeToDrop(38, 62, renewal, is_near_renewal=True)
    peak_too_long_ago = [replace(months[0], highest=99), *months[1:]]
    assert safe_to_drop(100, peak_too_long_ago, last, None, AS_OF) == SafeToDrop(38, 62, None, is_near_renewal=False)
    assert safe_to_drop(60, months, last, date(2027, 1, 30), AS_OF) == SafeToDrop(
        0, 62, date(2027, 1, 30), is_near_renewal=False
    )


def test_less_than_twelve_known_months_tell_nothing_of_what_is_safe_to_drop():
    months = [replace(closing(50), month=Month(2025, 11).plus(index)) for index in range(12)]
    assert safe_to_drop(100, months, Month(2026, 10), None, AS_OF) is not None
    assert safe_to_drop(100, months[1:], Month(2026, 10), None, AS_OF) is None
    unknown = [*months[:3], replace(months[3], highest=None), *months[4:]]
    assert safe_to_drop(100, unknown, Month(2026, 10), None, AS_OF) is None
