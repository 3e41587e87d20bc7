"""Plans for a renewal, held against what the histories are known to lead to."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from daily_peaks import TODAY, daily_peaks, later

from webexhist.contract_kinds import ContractKind, Renewal
from webexhist.months import Month
from webexhist.review.forecast import outlook
from webexhist.review.judgment.known_days import Regularity, thin_months, why_too_thin
from webexhist.review.judgment.renewal import Aim, PlanBasis
from webexhist.store.entered.contracts import Contract
from webexhist.store.values import DailyUsage

RENEWS_ON = later(42)
NAMED = Contract("Sub1", ContractKind.NAMED, starts=date(RENEWS_ON.year - 1, RENEWS_ON.month, RENEWS_ON.day), term=12)
A_DAY = timedelta(days=1)


def days_of(peaks):
    return [DailyUsage(each.day, each.peak, each.peak, each.peak, 1200) for each in peaks]


def basis(levels, contracts=(NAMED,), units=None, **facts):
    peaks = daily_peaks(levels)
    return PlanBasis(
        contracts={contract.subscription: contract for contract in contracts},
        units=units or {"Sub1": 1200},
        days=days_of(peaks),
        outlook=outlook(peaks, (), 1200),
        as_of=TODAY,
        regularity=Regularity(A_DAY),
        is_replaced=False,
        **facts,
    )


def growing(pace, now):
    """Thirteen months that end with so many units, so many more a day."""
    return [round(now - pace * back) for back in range(394, -1, -1)]


@pytest.fixture(scope="module")
def slow():
    return basis(growing(0.6, 455))


def only(plans):
    (plan,) = plans
    return plan


def test_a_term_is_planned_by_the_highest_use_within_it(slow):
    plan = only(slow.plans())
    assert (plan.end.renews_on, plan.end.until) == (
        RENEWS_ON,
        date(RENEWS_ON.year + 1, RENEWS_ON.month, RENEWS_ON.day),
    )
    suffice = dict(plan.suffice)
    # 455 now and 0.6 a day for 407 days: 699 on its last day.
    assert suffice[0.5] == pytest.approx(700, abs=30)
    assert suffice[0.5] < suffice[0.8] < suffice[0.9] < suffice[0.95]
    assert plan.needed == suffice[0.9]
    assert plan.proposal == -(-plan.needed * 105 // 100)
    assert 350 <= -plan.change <= 530
    assert plan.is_to_decide


def test_a_history_that_is_a_little_steeper_has_a_plan_that_is_a_little_larger(slow):
    proposals = [
        only(basis(growing(pace, now)).plans()).proposal for pace, now in ((0.65, 475), (0.7, 495), (0.75, 515))
    ]
    steps = [only(slow.plans()).proposal, *proposals]
    # 20 seats more now and 0.05 a day more for 407 days are about 40 with what is to be sure of.
    assert all(15 <= later_one - one <= 80 for one, later_one in pairwise(steps))


def test_what_a_plan_is_to_reach_is_asked_for(slow):
    sure = {aim: only(slow.plans(Aim(*aim))).proposal for aim in ((90, 0), (90, 10), (50, 0), (95, 0))}
    suffice = dict(only(slow.plans()).suffice)
    assert (sure[90, 0], sure[50, 0], sure[95, 0]) == (suffice[0.9], suffice[0.5], suffice[0.95])
    assert sure[90, 10] == -(-suffice[0.9] * 110 // 100)
    short = only(slow.plans(Aim(50, 0)))
    assert short.short == suffice[0.95] - suffice[0.5]


def test_other_subscriptions_keep_what_they_hold_unless_they_end(slow):
    ends = Contract("Sub2", starts=later(10) - 365 * A_DAY, term=12, renews=Renewal.NO)
    units = {"Sub1": 1000, "Sub2": 150, "": 50}
    alone, beside = only(slow.plans()), replace(slow, units=units)
    kept = only(beside.plans())
    assert (kept.purchased, kept.kept, kept.proposal) == (1000, 200, alone.proposal - 200)
    assert dict(kept.suffice)[0.9] == dict(alone.suffice)[0.9] - 200
    first, second = replace(beside, contracts={"Sub1": NAMED, "Sub2": ends}).plans()
    assert (first.subscription, first.kept) == ("Sub1", 50)
    assert (second.subscription, second.kept) == ("Sub2", 1050)
    # What ends later still holds its units on that day.
    beyond = replace(ends, starts=later(300) - 365 * A_DAY)
    first, _ = replace(beside, contracts={"Sub1": NAMED, "Sub2": beyond}).plans()
    assert (first.subscription, first.kept, first.is_kept_as_proposed) == ("Sub1", 200, False)


def test_no_units_are_given_up_twice_where_subscriptions_end_together_or_one_after_the_other(slow):
    two = replace(slow, units={"Sub1": 900, "Sub2": 300})
    same_day = replace(NAMED, subscription="Sub2")
    earlier = replace(same_day, starts=later(10) - 365 * A_DAY)
    alone = only(slow.plans())
    first, second = replace(two, contracts={"Sub1": NAMED, "Sub2": same_day}).plans()
    assert first.change == alone.proposal - 1200
    assert (second.kept, second.is_kept_as_proposed, second.change) == (900 + first.change, True, 0)
    # Sub2 ends first and gives up all that it may; of the rest Sub1 gives up no more than is left.
    second, first = replace(two, contracts={"Sub1": NAMED, "Sub2": earlier}).plans()
    assert (first.subscription, first.proposal, first.change) == ("Sub2", 0, -300)
    assert (second.kept, second.is_kept_as_proposed) == (0, True)
    assert first.change + second.change == alone.proposal - 1200


def test_what_has_to_be_bought_of_a_subscription_that_ends_with_it_is_counted_on(slow):
    names = ("Sub1", "Sub2", "Sub3")
    contracts = {name: replace(NAMED, subscription=name) for name in names}
    three = replace(slow, units={"Sub1": 400, "Sub2": 400, "Sub3": 100})
    # 900 are purchased, and about 750 suffice with headroom: those that the minimum of the last one holds alone.
    contracts["Sub3"] = replace(contracts["Sub3"], minimum=900)
    plans = replace(three, contracts=contracts).plans()
    assert [plan.proposal for plan in plans] == [0, 0, 900]
    # What does not renew is not bought.
    contracts["Sub3"] = replace(contracts["Sub3"], renews=Renewal.NO)
    plans = replace(three, contracts=contracts).plans()
    assert sum(plan.proposal for plan in plans[:2]) == only(slow.plans()).proposal


def test_no_fewer_than_the_minimum_are_proposed(slow):
    with_minimum = replace(slow, contracts={"Sub1": replace(NAMED, minimum=1000)})
    assert only(with_minimum.plans()).proposal == 1000
    assert (
        only(replace(slow, contracts={"Sub1": replace(NAMED, minimum=5)}).plans()).proposal
        == only(slow.plans()).proposal
    )


@pytest.mark.parametrize(
    ("purchased", "proposal", "is_to_decide"),
    [
        (100, 102, False),
        (100, 103, True),
        (100, 98, False),
        (100, 97, True),
        (10, 11, False),
        (10, 12, True),
        (0, 2, True),
    ],
)
def test_a_difference_of_more_than_a_unit_and_two_percent_is_raised(slow, purchased, proposal, is_to_decide):
    plan = replace(only(slow.plans()), purchased=purchased, proposal=proposal)
    assert plan.is_to_decide is is_to_decide


def test_only_what_ends_within_a_time_is_planned(slow):
    assert slow.plans(within=42 * A_DAY)
    assert slow.plans(within=41 * A_DAY) == ()
    assert replace(slow, contracts={"Sub1": Contract("Sub1", term=12)}).plans() == ()


def test_while_a_part_is_replaced_nothing_is_proposed(slow):
    plan = only(replace(slow, is_replaced=True).plans())
    assert (plan.proposal, plan.change, plan.suffice, plan.refused) == (None, 0, (), "a replacement is in progress")
    assert not plan.is_to_decide


def test_what_somebody_thinks_of_has_its_chance(slow):
    plan = only(slow.plans())
    suffice = dict(plan.suffice)
    chances = [
        slow.chance_that_suffice(plan, units) for units in (suffice[0.5], suffice[0.9], suffice[0.95], 455, 3000)
    ]
    assert chances[:3] == [pytest.approx(share, abs=0.03) for share in (0.5, 0.9, 0.95)]
    assert (chances[3], chances[4] > 0.99) == (0, True)
    assert slow.chance_that_suffice(replace(plan, refused="why"), 900) is None


def polled_on(days, *, known=True):
    return [DailyUsage(day, 9 if known else None, 9, 9, 10) for day in days]


EVERY_DAY = [later(-back) for back in range(400, -1, -1)]
FOUR_A_MONTH = [day for day in EVERY_DAY if day.day in (1, 9, 17, 25)]


@pytest.mark.parametrize(
    ("days", "regularity", "reason"),
    [
        ([], Regularity(None), "no day of it is known"),
        (polled_on(EVERY_DAY, known=False), Regularity(A_DAY), "no day of it is known"),
        (polled_on(EVERY_DAY), Regularity(A_DAY), None),
        (polled_on(EVERY_DAY), Regularity(A_DAY / 4), None),
        (polled_on(EVERY_DAY[::7]), Regularity(7 * A_DAY), None),
        # Weekly, and every five minutes of late: that takes nothing from what weekly polls said.
        (polled_on(EVERY_DAY[::7]), Regularity(A_DAY / 288), None),
        # A host that is up on four days a month, and polls by the hour then.
        (
            polled_on(FOUR_A_MONTH),
            Regularity(A_DAY / 24, {Month.of(day): 96 for day in FOUR_A_MONTH}),
            "only 11 of the last 90 days are known",
        ),
        # Two days of each month, whatever is usual between them.
        (
            polled_on(day for day in EVERY_DAY[-243:] if day.day in (1, 2)),
            Regularity(A_DAY / 4),
            "only 4 of the last 90 days are known",
        ),
        (
            polled_on(day for day in EVERY_DAY[-243:] if day.day in (1, 15)),
            Regularity(14 * A_DAY),
            "only 40 of the last 90 days are known",
        ),
        (polled_on(EVERY_DAY[-54:]), Regularity(A_DAY), None),  # 60 % of 90
        (polled_on(EVERY_DAY[-53:]), Regularity(A_DAY), "only 53 of the last 90 days are known"),
        # Silent for half a year in between: the last 90 days are whole, of the last 365 are 24 and 190.
        (polled_on(EVERY_DAY[:60] + EVERY_DAY[-190:]), Regularity(A_DAY), "only 214 of the last 365 days are known"),
        (polled_on([*EVERY_DAY[:60], later(5)]), Regularity(A_DAY), "only 0 of the last 90 days are known"),
    ],
)
def test_a_claim_rests_on_three_days_of_five(days, regularity, reason):
    assert why_too_thin(days, TODAY, regularity) == reason


def test_a_month_is_thin_by_its_own_pace():
    months, hourly = [Month(2026, 8), Month(2026, 9)], dict.fromkeys([Month(2026, 8), Month(2026, 9)], 96)
    assert thin_months(polled_on(EVERY_DAY[::7]), months, TODAY, Regularity(A_DAY / 288)) == ()
    seldom_up = thin_months(polled_on(FOUR_A_MONTH), months, TODAY, Regularity(A_DAY / 24, hourly))
    assert seldom_up == ((months[0], 4), (months[1], 4))


def test_a_thin_history_has_no_plan_but_its_reason():
    levels = [9 if (394 - index) % 15 == 0 else None for index in range(395)]
    plan = only(basis(levels).plans())
    assert (plan.proposal, plan.refused) == (None, "only 6 of the last 90 days are known")


def test_a_percentage_of_whole_units_is_rounded_up():
    flat = basis([100] * 395, units={"Sub1": 100})
    plan = only(flat.plans(Aim(90, 1)))
    assert plan.proposal == -(-plan.needed * 101 // 100)
    assert plan.proposal > plan.needed
    assert Decimal(plan.needed) * Decimal("1.01") <= plan.proposal
