"""Measurement days, allowances and accounts, worked out by hand.

Rule: Cisco's License Management Guide for Flex 3.0 Enterprise Agreements.
"""

from datetime import date
from decimal import Decimal

import pytest
from daily_peaks import daily_peaks

from webexhist.contract_kinds import ContractKind
from webexhist.review.forecast import outlook
from webexhist.review.judgment.true_forward import Allowance, allowance_of, ordered_on, true_forward
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.orders import Order
from webexhist.store.values import DailyUsage

ALLOWED = Allowance(percent=Decimal(20), purchased=100, units=120, is_own=False)


def agreement(**terms):
    return Contract("Sub1", **{"kind": ContractKind.EA, "starts": date(2026, 3, 15)} | terms)


def used(day, units, purchased=100):
    return DailyUsage(day, units, units, units, purchased)


def rising(until, units, pace):
    """A year that ends with so many units, so many more a day."""
    return outlook(daily_peaks([round(units - pace * back) for back in range(364, -1, -1)], until), (), 100)


def account(as_of, days=(), ahead=None, orders=(), **terms):
    return true_forward(agreement(**terms), ALLOWED, days, orders, ahead or rising(as_of, 50, 0), as_of)


@pytest.mark.parametrize(
    ("contract", "purchased", "expected"),
    [
        (None, 100, None),
        (Contract("Sub1", allowance=Decimal(5)), 100, None),
        (Contract("Sub1", ContractKind.NAMED, allowance=Decimal(5)), 100, None),
        (Contract("Sub1", ContractKind.EA), 10, (20, 12, False)),
        (Contract("Sub1", ContractKind.EA), 13, (20, 15, False)),  # 15.6: the sixteenth unit is too many
        (Contract("Sub1", ContractKind.SUITE_EA), 100, (15, 115, False)),
        (Contract("Sub1", ContractKind.EA, allowance=Decimal(0)), 100, (0, 100, True)),
        (Contract("Sub1", ContractKind.EA, allowance=Decimal("12.50")), 1000, (Decimal("12.5"), 1125, True)),
    ],
)
def test_the_allowance_is_that_of_an_agreement_that_was_entered(contract, purchased, expected):
    found = allowance_of(contract, purchased)
    assert (found and (found.percent, found.units, found.is_own)) == expected


def test_a_percentage_is_written_without_zeros_that_say_nothing():
    assert [allowance_of(agreement(allowance=Decimal(each)), 100).in_words for each in ("20.00", "12.50")] == [
        "20%",
        "12.5%",
    ]


@pytest.mark.parametrize(
    ("as_of", "due", "measured_on"),
    [
        ("2026-10-31", "2027-03-15", "2027-02-14"),
        ("2027-02-13", "2027-03-15", "2027-02-14"),
        ("2027-02-14", "2028-03-15", "2028-02-14"),
        ("2027-03-15", "2028-03-15", "2028-02-14"),
        ("2031-12-31", "2032-03-15", "2032-02-14"),
    ],
)
def test_the_last_day_of_the_eleventh_month_is_measured(as_of, due, measured_on):
    day = date.fromisoformat(as_of)
    ahead = account(day)
    assert (str(ahead.anniversary), str(ahead.measured_on)) == (due, measured_on)
    assert ahead.days_left == (date.fromisoformat(measured_on) - day).days


def test_a_year_that_began_on_leap_day_is_measured_a_month_before_its_shorter_anniversary():
    ahead = account(date(2028, 6, 1), starts=date(2028, 2, 29))
    assert (ahead.measured_on, ahead.anniversary) == (date(2029, 1, 28), date(2029, 2, 28))


def test_without_a_first_day_nothing_is_measured():
    assert account(date(2027, 1, 31), starts=None) is None


def test_what_is_expected_is_held_against_the_allowance():
    as_of = date(2027, 1, 31)
    # Two weeks at half a unit a day: 110 becomes 117, within 120; at one a day 124, four over.
    slow = account(as_of, ahead=rising(as_of, 110, 0.5))
    assert slow.projected.low <= 117 <= slow.projected.high
    assert slow.projected.middle == pytest.approx(117, abs=1)
    assert (slow.projected.chance < 0.2, slow.is_likely, slow.may_be_over) == (True, False, False)
    fast = account(as_of, ahead=rising(as_of, 110, 1))
    assert fast.projected.chance > 0.9
    assert (fast.is_likely, fast.may_be_over, fast.expected_over) == (True, False, 4)


def test_what_may_be_over_is_neither_likely_nor_nothing():
    as_of = date(2027, 1, 31)
    # At 0.68 a day 119.5 after two weeks: one more than 120 is possible.
    wandering = [110 - round(0.68 * back) + 2 * (back // 9 % 2) for back in range(364, -1, -1)]
    ahead = account(as_of, ahead=outlook(daily_peaks(wandering, as_of), (), 100))
    assert 0.2 <= ahead.projected.chance < 0.5
    assert (ahead.is_likely, ahead.may_be_over) == (False, True)


def test_what_is_ordered_until_the_day_is_allowed_with_its_allowance():
    as_of = date(2027, 1, 31)
    ordered = [Order("acme", "id", 10, date(2027, 2, 1)), Order("acme", "id", 50, date(2027, 2, 15))]
    ahead = account(as_of, ahead=rising(as_of, 110, 1), orders=ordered)
    # 132 of 110, where 124 are expected: within; what comes after the day is too late.
    assert (ahead.limit, ahead.is_likely) == (132, False)


@pytest.mark.parametrize(
    ("orders", "limit", "over", "above_purchased"),
    [
        ([], 120, 10, 30),
        ([(5, "2027-02-01")], 126, 4, 25),
        ([(5, "2027-02-14")], 126, 4, 25),
        ([(5, "2027-02-15")], 120, 10, 30),
        ([(5, "2027-02-01"), (5, "2027-02-02")], 132, 0, 20),
        ([(5, "2026-03-14")], 120, 10, 30),  # of the term before
        ([(5, "2026-03-15")], 126, 4, 25),  # before the first poll: it is not seen to be listed
    ],
)
def test_an_order_raises_what_is_allowed(orders, limit, over, above_purchased):
    days = [used(date(2027, 1, 10), 130), used(date(2027, 2, 14), 130)]
    given = [Order("acme", "id", units, date.fromisoformat(since)) for units, since in orders]
    last = account(date(2027, 2, 28), days, orders=given, term=36).last
    assert (last.allowed, last.above_allowance, last.above_purchased) == (limit, over, above_purchased)


def test_an_order_counts_until_webex_lists_as_many_more():
    listed = {"2027-01-01": 100, "2027-01-10": 100, "2027-01-20": 103, "2027-02-05": 115}
    days = [used(date.fromisoformat(day), 130, purchased) for day, purchased in listed.items()]
    given = [Order("acme", "id", 10, date(2027, 1, 10))]
    waiting = [ordered_on(given, days, day.day, day.purchased, agreement()) for day in days]
    assert waiting == [0, 10, 7, 0]


def test_a_purchase_that_rises_on_the_anniversary_may_be_what_was_billed():
    days = [used(date(2027, 2, 14), 130), used(date(2027, 3, 14), 130), used(date(2027, 3, 15), 130, 110)]
    assert account(date(2027, 3, 31), days).last.rise == 10
    assert account(date(2027, 3, 14), days[:2]).last.rise == 0


def test_an_account_is_that_of_the_day_whatever_came_later():
    # 100 purchased and 130 assigned on the day: 120 are allowed. Six days later 60 are bought.
    days = [used(date(2027, 2, 13), 131), used(date(2027, 2, 14), 130), used(date(2027, 2, 20), 132, 160)]
    last = account(date(2027, 2, 28), days, term=36).last
    assert (last.measured_on, last.anniversary) == (date(2027, 2, 14), date(2027, 3, 15))
    assert (last.purchased, last.assigned, last.allowed) == (100, 130, 120)
    assert (last.above_allowance, last.above_purchased, last.months_billed) == (10, 30, 24)


@pytest.mark.parametrize(
    ("as_of", "is_raised"), [("2027-02-13", False), ("2027-02-14", True), ("2027-07-13", True), ("2027-07-14", False)]
)
def test_it_is_raised_from_the_day_until_it_is_billed_no_more(as_of, is_raised):
    days = [used(date(2027, 2, 10), 130)]
    assert (account(date.fromisoformat(as_of), days).last is not None) == is_raised


def test_before_the_agreement_nothing_was_measured():
    assert account(date(2026, 4, 30), [used(date(2026, 2, 14), 130)]).last is None


def test_in_the_last_year_the_anniversary_is_the_renewal():
    days = [used(date(2027, 2, 14), 130)]
    assert account(date(2027, 2, 28), days, term=12).last.months_billed == 0
    assert account(date(2027, 2, 28), days, term=None).last.months_billed is None


def test_what_nobody_knew_on_the_day_is_unknown():
    last = account(date(2027, 2, 20)).last
    assert (last.assigned, last.above_allowance, last.open_units) == (None, None, 0)


def test_a_chance_on_the_day_stands_beside_that_of_the_limit():
    # 118 of 100 assigned and a third of a unit a day: 131 in 40 days, where 120 are allowed.
    as_of = date(2027, 1, 5)
    ahead = account(as_of, ahead=rising(as_of, 118, 1 / 3))
    assert ahead.days_left == 40
    assert ahead.projected.chance > 0.9
    assert ahead.expected_over == pytest.approx(11, abs=1)
