"""One verdict a license, the most urgent of what holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from webexhist.review.forecast.forecast import Forecast, NoForecast, Reason
from webexhist.review.forecast.trend import Level
from webexhist.review.judgment.decisions import Grounds, Verdict, VerdictKind, verdict
from webexhist.review.judgment.safe_to_drop import SafeToDrop, safe_to_drop
from webexhist.review.judgment.true_forward import Allowance, TrueForward
from webexhist.review.months import Month
from webexhist.review.values import MonthlyUsage

AS_OF = date(2026, 10, 31)
FLAT = NoForecast(Reason.FLAT)


def closing(in_use, purchased=100):
    return MonthlyUsage(Month(2026, 10), in_use, in_use, in_use, in_use, purchased, 100 * in_use / purchased)


def grounds(in_use=60, forecast=FLAT, judgment=None, drop=None):
    return Grounds(closing(in_use), 100, in_use, forecast, Allowance(20, 120, is_own=False), judgment, drop, AS_OF)


def running_out(earliest, likely, latest):
    ends = [None if days is None else AS_OF + timedelta(days=days) for days in (earliest, likely, latest)]
    level = Level(60, 60, 60)
    return Forecast(level, level, AS_OF - timedelta(days=90), AS_OF, 91, 100, *ends)


def droppable(units, days_to_renewal):
    renewal = AS_OF + timedelta(days=days_to_renewal)
    return SafeToDrop(units, 100 - units, renewal, is_near_renewal=days_to_renewal <= 90)


def judgment(in_use, projected):
    return TrueForward(date(2027, 3, 15), date(2027, 2, 14), 106, in_use, projected, Allowance(20, 120, is_own=False))


def judged(in_use):
    return TrueForward(date(2026, 11, 5), date(2026, 10, 4), -27, in_use, None, Allowance(20, 120, is_own=False))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (grounds(), Verdict(VerdictKind.FINE, "has 40 units free")),
        (
            grounds(in_use=121),
            Verdict(
                VerdictKind.OVER_ALLOWANCE,
                "is over the allowance: 121 of 100 purchased units are in use, 1 more than 20% over allows",
            ),
        ),
        (grounds(in_use=120), Verdict(VerdictKind.RUNS_OUT, "has run out: 120 of 100 purchased units are in use")),
        (grounds(in_use=100), Verdict(VerdictKind.RUNS_OUT, "has run out: 100 of 100 purchased units are in use")),
        (
            grounds(in_use=97, forecast=NoForecast(Reason.ALREADY_REACHED)),
            Verdict(
                VerdictKind.RUNS_OUT,
                "had run out for a part of its last day: 97 of 100 purchased units are in use",
            ),
        ),
        (
            grounds(forecast=running_out(64, 90, 112)),
            Verdict(VerdictKind.RUNS_OUT, "runs out between 3 January and 20 February 2027"),
        ),
        (
            grounds(forecast=running_out(30, 60, 92)),
            Verdict(VerdictKind.RUNS_OUT, "runs out between 30 November 2026 and 31 January 2027"),
        ),
        (
            grounds(forecast=running_out(64, 90, None)),
            Verdict(VerdictKind.RUNS_OUT, "runs out from 3 January 2027 on"),
        ),
        (
            grounds(forecast=running_out(1, 1, 1)),
            Verdict(VerdictKind.RUNS_OUT, "runs out on 1 November 2026"),
        ),
        (
            grounds(forecast=running_out(90, 91, 112)),
            Verdict(VerdictKind.WATCH, "may run out from 29 January 2027 on"),
        ),
        (
            grounds(forecast=running_out(90, None, None)),
            Verdict(VerdictKind.WATCH, "may run out from 29 January 2027 on"),
        ),
        (grounds(forecast=running_out(91, 120, 200)), Verdict(VerdictKind.FINE, "has 40 units free")),
        (
            grounds(drop=droppable(5, 90)),
            Verdict(
                VerdictKind.UNUSED,
                "has 5 units that nobody needed in twelve months; renewal on 29 January 2027",
            ),
        ),
        (grounds(drop=droppable(4, 90)), Verdict(VerdictKind.FINE, "has 40 units free")),
        (grounds(drop=droppable(40, 91)), Verdict(VerdictKind.FINE, "has 40 units free")),
        (
            grounds(drop=droppable(40, 10), forecast=running_out(300, 400, 500)),
            Verdict(VerdictKind.FINE, "has 40 units free"),
        ),
        (
            grounds(in_use=90),
            Verdict(VerdictKind.WATCH, "is nearly full: 90 of 100 purchased units are in use"),
        ),
        (grounds(in_use=89, drop=droppable(1, 91)), Verdict(VerdictKind.FINE, "has 11 units free")),
        (
            grounds(judgment=judgment(60, Level(80, 100, 121))),
            Verdict(VerdictKind.WATCH, "may be over the allowance on 14 February 2027, when it is judged"),
        ),
        (
            grounds(judgment=judged(123)),
            Verdict(
                VerdictKind.OVER_ALLOWANCE,
                "was over the allowance by 3 units on 4 October 2026: a True Forward is due on 5 November 2026",
            ),
        ),
        (grounds(judgment=judged(120)), Verdict(VerdictKind.FINE, "has 40 units free")),
        (grounds(judgment=judgment(60, Level(80, 100, 120))), Verdict(VerdictKind.FINE, "has 40 units free")),
    ],
)
def test_the_verdict_and_its_words(found, expected):
    assert verdict(found) == expected


def test_one_unit_is_told_as_one():
    one_free = replace(grounds(in_use=8), closing=closing(8, 9), purchased=9)
    assert verdict(one_free).reason == "has 1 unit free"


def test_of_several_the_most_urgent_is_told():
    urgent = [
        grounds(in_use=121, forecast=running_out(1, 1, 1), drop=droppable(50, 10)),
        grounds(in_use=91, forecast=running_out(10, 20, 30), drop=droppable(50, 10)),
        grounds(in_use=91, drop=droppable(50, 10)),
        grounds(in_use=91),
        grounds(in_use=10),
    ]
    kinds = [verdict(found).kind for found in urgent]
    assert kinds == [
        VerdictKind.OVER_ALLOWANCE,
        VerdictKind.RUNS_OUT,
        VerdictKind.UNUSED,
        VerdictKind.WATCH,
        VerdictKind.FINE,
    ]
    assert [kind.rank for kind in kinds] == sorted(kind.rank for kind in kinds)
    assert [kind.needs_decision for kind in VerdictKind] == [True, True, True, True, False, False]


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
