"""One decision a license, the most urgent of what holds."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from daily_peaks import TODAY, daily_peaks

from webexhist.months import Month
from webexhist.review.forecast import outlook
from webexhist.review.judgment.decisions import Decision, DecisionKind, Grounds, decision, decisions
from webexhist.review.judgment.forecast import Expected, Forecast, forecast_of
from webexhist.review.judgment.safe_to_drop import SafeToDrop, safe_to_drop
from webexhist.review.judgment.true_forward import Allowance, TrueForward
from webexhist.review.judgment.words import spoken_range
from webexhist.store.values import MonthlyUsage

ALLOWANCE = Allowance(20, 120, is_own=False)


def grounds(assigned=60, forecast=None, judgment=None, drop=None):
    return Grounds(100, assigned, forecast or ahead(0.0), ALLOWANCE, judgment, drop)


def ahead(chance, days=(None, None, None), short=0, *, is_reached=False):
    """What the outlook says: the days until it runs out with 10, 50 and 90 %."""
    ends = [None if ahead is None else TODAY + timedelta(days=ahead) for ahead in days]
    return Forecast(TODAY, 100, is_reached, chance, *ends, short, None, None, outlook(daily_peaks([60]), (), 100))


def droppable(units, days_to_renewal):
    renewal = TODAY + timedelta(days=days_to_renewal)
    return SafeToDrop(
        units, 100 - units, 90 - units, date(2028, 1, 29), renewal, is_near_renewal=days_to_renewal <= 90
    )


def judgment(chance, middle=100, days_left=106):
    return TrueForward(
        date(2027, 3, 15), date(2027, 2, 14), days_left, 60, Expected(80, middle, 140, chance), ALLOWANCE
    )


def judged(assigned):
    return TrueForward(date(2026, 11, 5), date(2026, 10, 4), -27, assigned, None, ALLOWANCE)


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
            grounds(assigned=120, forecast=ahead(1.0, (0, 0, 0), 20, is_reached=True)),
            Decision(DecisionKind.RUNS_OUT, "has run out: 120 of 100 purchased units are assigned"),
        ),
        (
            grounds(assigned=100, forecast=ahead(1.0, (0, 0, 0), is_reached=True)),
            Decision(DecisionKind.RUNS_OUT, "has run out: 100 of 100 purchased units are assigned"),
        ),
        (
            grounds(assigned=97, forecast=ahead(1.0, (0, 0, 0), is_reached=True)),
            Decision(
                DecisionKind.RUNS_OUT,
                "had run out for a part of its last day: 97 of 100 purchased units are assigned",
            ),
        ),
        (
            grounds(forecast=ahead(0.74, (64, 90, 112), 6)),
            Decision(
                DecisionKind.RUNS_OUT,
                "is likely to run out, 6 units short in 90 days: 7 in 10 within 90 days;"
                " 8 of 10: 3 January to 20 February 2027",
            ),
        ),
        (
            grounds(forecast=ahead(0.5, (30, 90, None))),
            Decision(
                DecisionKind.RUNS_OUT,
                "is likely to run out, 1 unit short in 90 days: 5 in 10 within 90 days;"
                " 8 of 10: 30 November 2026 or later",
            ),
        ),
        (
            grounds(forecast=ahead(0.96, (1, 1, 1), 9)),
            Decision(
                DecisionKind.RUNS_OUT,
                "is likely to run out, 9 units short in 90 days: more than 19 in 20 within 90 days;"
                " 8 of 10: 1 November 2026",
            ),
        ),
        (
            grounds(forecast=ahead(0.4999, (30, 91, 300))),
            Decision(
                DecisionKind.WATCH, "may run out: 5 in 10 within 90 days; 8 of 10: 30 November 2026 to 27 August 2027"
            ),
        ),
        (
            grounds(forecast=ahead(0.2, (60, 200, None))),
            Decision(DecisionKind.WATCH, "may run out: 2 in 10 within 90 days; 8 of 10: 30 December 2026 or later"),
        ),
        (grounds(forecast=ahead(0.1999, (60, 200, None))), Decision(DecisionKind.FINE, "has 40 units available")),
        (grounds(assigned=99), Decision(DecisionKind.FINE, "has 1 unit available")),
        (
            grounds(drop=droppable(5, 90)),
            Decision(
                DecisionKind.UNUSED,
                "has 5 units that nobody needed in twelve months, nor will until 29 January 2028 with 9 in 10;"
                " renewal on 29 January 2027",
            ),
        ),
        (grounds(drop=droppable(4, 90)), Decision(DecisionKind.FINE, "has 40 units available")),
        (grounds(drop=droppable(40, 91)), Decision(DecisionKind.FINE, "has 40 units available")),
        (
            grounds(judgment=judgment(0.5, middle=123)),
            Decision(
                DecisionKind.TRUE_FORWARD,
                "is expected to be over the allowance by 3 units on 14 February 2027: 5 in 10",
            ),
        ),
        (
            grounds(judgment=judgment(0.49, middle=120)),
            Decision(DecisionKind.WATCH, "may be over the allowance on 14 February 2027, when it is judged: 5 in 10"),
        ),
        (
            grounds(judgment=judgment(0.2)),
            Decision(DecisionKind.WATCH, "may be over the allowance on 14 February 2027, when it is judged: 2 in 10"),
        ),
        (grounds(judgment=judgment(0.19)), Decision(DecisionKind.FINE, "has 40 units available")),
        (grounds(judgment=judgment(0.9, 130, days_left=121)), Decision(DecisionKind.FINE, "has 40 units available")),
        (
            grounds(judgment=judged(123)),
            Decision(
                DecisionKind.TRUE_FORWARD,
                "was over the allowance by 3 units on 4 October 2026: a True Forward is due on 5 November 2026",
            ),
        ),
        (grounds(judgment=judged(120)), Decision(DecisionKind.FINE, "has 40 units available")),
    ],
)
def test_the_decision_and_its_words(found, expected):
    assert decision(found) == expected


def test_of_several_the_most_urgent_is_told():
    soon, perhaps = ahead(0.8, (10, 20, 30), 5), ahead(0.3, (10, 200, 300))
    urgent = [
        grounds(assigned=121, judgment=judged(121), forecast=ahead(1.0, is_reached=True), drop=droppable(50, 10)),
        grounds(assigned=91, judgment=judged(121), forecast=soon, drop=droppable(50, 10)),
        grounds(assigned=91, forecast=soon, drop=droppable(50, 10)),
        grounds(assigned=91, forecast=perhaps, drop=droppable(50, 10)),
        grounds(assigned=91, forecast=perhaps),
        grounds(assigned=10),
    ]
    kinds = [decision(found).kind for found in urgent]
    assert kinds == [
        DecisionKind.OVER_ALLOWANCE,
        DecisionKind.TRUE_FORWARD,
        DecisionKind.RUNS_OUT,
        DecisionKind.UNUSED,
        DecisionKind.WATCH,
        DecisionKind.FINE,
    ]
    assert [kind.rank for kind in kinds] == sorted(kind.rank for kind in kinds)
    assert [kind.needs_decision for kind in DecisionKind] == [True] * 6 + [False] * 2


def test_a_judgment_to_come_does_not_hide_that_the_units_run_out():
    found = grounds(assigned=95, forecast=ahead(0.8, (5, 20, 200), 7), judgment=judgment(0.95, 131, days_left=40))
    assert {DecisionKind.TRUE_FORWARD, DecisionKind.RUNS_OUT} <= {each.kind for each in decisions(found)}


@pytest.mark.parametrize(
    ("assigned", "forecast", "expected"),
    [
        (118, {}, "has 2 units left of its allowance, and 18 units assigned beyond the purchased ones"),
        (90, {}, "has 10 units available"),
        (120, {"is_reached": True}, "has used up its allowance: 120 of 100 purchased units are assigned"),
    ],
)
def test_under_an_agreement_the_limit_is_what_may_be_assigned(assigned, forecast, expected):
    found = replace(grounds(assigned), forecast=replace(ahead(0.1, **forecast), limit=120))
    assert decision(found).reason == expected


def test_an_agreement_near_its_allowance_is_told_of_both_its_measurement_day_and_its_running_out():
    expected = Expected(118, 124, 130, 0.95)
    measured = TrueForward(date(2027, 1, 10), date(2026, 12, 10), 40, 118, expected, ALLOWANCE)
    runs_out = replace(ahead(0.8, (5, 20, 200), 4), limit=120)
    found = replace(grounds(118), forecast=runs_out, true_forward=measured)
    reasons = {each.kind: each.reason for each in decisions(found) if each.kind.needs_decision}
    assert reasons == {
        DecisionKind.TRUE_FORWARD: "is expected to be over the allowance by 4 units on 10 December 2026:"
        " more than 19 in 20",
        DecisionKind.RUNS_OUT: "is likely to use up its allowance, 4 units short in 90 days: 8 in 10 within 90 days;"
        f" 8 of 10: {spoken_range(TODAY + timedelta(days=5), TODAY + timedelta(days=200))}",
    }


def months(highest_of_first=50, count=13):
    """Usage of the months up to October 2026, each a unit higher than the one before."""
    begin = Month(2026, 10).plus(1 - count)
    return [
        MonthlyUsage(begin.plus(index), 50, 50, highest_of_first + index, 50, 100, 50.0) for index in range(count)
    ]


def steady(units=62):
    return outlook(daily_peaks([units] * 400), (), 100)


def test_safe_to_drop_is_what_nobody_needed_in_twelve_months_and_will_not_need():
    renewal = date(2027, 1, 29)
    found = safe_to_drop(100, months(), steady(), renewal, TODAY)
    # A team of 62 that never changed may still take some seats; the peak of twelve months is 62.
    assert (found.peak, found.until, found.is_near_renewal) == (62, date(2028, 1, 29), True)
    assert found.needed == steady().suffice_until(date(2028, 1, 29), 0.9) > 62
    assert found.units == 100 - found.needed
    shrunk = safe_to_drop(100, months(), steady(20), renewal, TODAY)
    assert shrunk.needed < 62 and shrunk.units == 38
    peak_too_long_ago = [replace(months()[0], highest=99), *months()[1:]]
    unknown_renewal = safe_to_drop(100, peak_too_long_ago, steady(20), None, TODAY)
    assert (unknown_renewal.units, unknown_renewal.until) == (38, date(2027, 10, 31))
    assert not unknown_renewal.is_near_renewal
    assert not safe_to_drop(60, months(), steady(20), date(2027, 1, 30), TODAY).is_near_renewal
    assert safe_to_drop(60, months(), steady(20), None, TODAY).units == 0


def test_less_than_twelve_known_months_tell_nothing_of_what_is_safe_to_drop():
    year = months(count=12)
    assert safe_to_drop(100, year, steady(), None, TODAY) is not None
    assert safe_to_drop(100, year[1:], steady(), None, TODAY) is None
    unknown = [*year[:3], replace(year[3], highest=None), *year[4:]]
    assert safe_to_drop(100, unknown, steady(), None, TODAY) is None


def test_growth_is_left_what_it_will_need_and_neighboring_paces_have_neighboring_answers():
    renewal = TODAY + timedelta(days=42)
    units = []
    for pace, now in ((0.6, 455), (0.75, 515)):
        levels = [round(now - pace * back) for back in range(395, -1, -1)]
        year = [replace(month, highest=now) for month in months(count=12)]
        units.append(safe_to_drop(1200, year, outlook(daily_peaks(levels), (), 1200), renewal, TODAY).units)
    # Never the 745 and 685 that are available: in 407 days 455 + 0.6 * 407 = 699 and 515 + 0.75 * 407 = 820 are used.
    slow, fast = units
    assert 350 <= slow <= 530
    assert 200 <= fast < slow


@pytest.mark.parametrize(
    ("levels", "limit", "kind"),
    [
        ([100] * 180, 101, DecisionKind.FINE),
        ([100] * 180, 200, DecisionKind.FINE),
        ([60 + (day % 30) * 35 // 29 for day in range(390)], 100, DecisionKind.FINE),
        ([75 + 25 * (day // 14) for day in range(119)], 315, DecisionKind.RUNS_OUT),
        ([200] * 153 + [260 + day for day in range(27)], 297, DecisionKind.RUNS_OUT),
    ],
)
def test_whole_histories_and_what_is_decided(levels, limit, kind):
    forecast = forecast_of(outlook(daily_peaks(levels), (), limit), limit, None, TODAY)
    found = Grounds(limit, levels[-1], forecast, Allowance(20, limit * 6 // 5, is_own=False), None, None)
    assert decision(found).kind is kind


def test_a_history_that_never_moved_is_nearer_to_a_near_limit():
    near, far = (
        forecast_of(outlook(daily_peaks([100] * 180), (), limit), limit, None, TODAY) for limit in (101, 200)
    )
    assert near.chance > far.chance
    assert near.earliest is not None and far.earliest is None
