"""Days of judgment and allowances, worked out by hand.

Rule: Cisco's License Management Guide for Flex 3.0 Enterprise Agreements.
"""

from datetime import date

import pytest
from daily_peaks import daily_peaks
from histories import license_of

from webexhist.months import next_anniversary
from webexhist.review.forecast import outlook
from webexhist.review.judgment.true_forward import Allowance, allowance_of, anniversary_of, renewal_of, true_forward
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.store.entered.contracts import Contract
from webexhist.store.values import DailyUsage

MEETINGS = license_of("Webex Meetings Suite")
ALLOWED = Allowance(percent=20, units=120, is_own=False)


def agreement(allowance=None):
    return Contract("Sub1", starts=date(2027, 3, 15), allowance=allowance)


def used(day, units):
    return DailyUsage(day, units, units, units, 100)


def rising(until, units, pace):
    """A year that ends with so many units, so many more a day."""
    return outlook(daily_peaks([round(units - pace * back) for back in range(364, -1, -1)], until), (), 100)


@pytest.mark.parametrize(
    ("license_", "subscription", "purchased", "expected"),
    [
        (MEETINGS, None, 100, Allowance(20, 120, is_own=False)),
        (MEETINGS, agreement(), 100, Allowance(20, 120, is_own=False)),
        (license_of("Webex Suite"), agreement(), 100, Allowance(15, 115, is_own=False)),
        (license_of("WEBEX SUITE - Professional"), None, 100, Allowance(15, 115, is_own=False)),
        (license_of("Webex Suite"), agreement(5), 100, Allowance(5, 105, is_own=True)),
        (MEETINGS, agreement(0), 100, Allowance(0, 100, is_own=True)),
        (MEETINGS, Contract("Sub1", ContractKind.EA), 10, Allowance(20, 12, is_own=False)),
        (MEETINGS, Contract("Sub1", ContractKind.SUITE_EA), 100, Allowance(15, 115, is_own=False)),
        (license_of("Webex Suite"), Contract("Sub1", ContractKind.NAMED), 100, Allowance(0, 100, is_own=False)),
        (MEETINGS, None, 13, Allowance(20, 15, is_own=False)),  # 15.6: the sixteenth unit is too many
    ],
)
def test_the_allowance(license_, subscription, purchased, expected):
    assert allowance_of(license_, subscription, purchased) == expected


@pytest.mark.parametrize(
    ("as_of", "due", "measured_on"),
    [
        ("2026-10-31", "2027-03-15", "2027-02-14"),
        ("2027-02-14", "2027-03-15", "2027-02-14"),
        ("2027-03-14", "2027-03-15", "2027-02-14"),
        ("2027-03-15", "2028-03-15", "2028-02-14"),
        ("2031-12-31", "2032-03-15", "2032-02-14"),
        ("2020-01-31", "2020-03-15", "2020-02-14"),
    ],
)
def test_the_last_day_of_the_eleventh_month_is_judged(as_of, due, measured_on):
    day = date.fromisoformat(as_of)
    judgment = true_forward(date(2027, 3, 15), ALLOWED, [], rising(day, 50, 0), day)
    assert (str(judgment.anniversary), str(judgment.measured_on)) == (due, measured_on)
    assert judgment.days_left == (date.fromisoformat(measured_on) - day).days


@pytest.mark.parametrize(("after", "due"), [("2026-10-31", "2027-02-28"), ("2027-10-31", "2028-02-29")])
def test_an_anniversary_on_leap_day(after, due):
    assert str(next_anniversary(date(2024, 2, 29), date.fromisoformat(after))) == due


@pytest.mark.parametrize(
    ("starts", "term", "as_of", "renews"),
    [
        ("2025-03-15", 36, "2026-10-31", "2028-03-15"),
        ("2025-03-15", 36, "2028-03-14", "2028-03-15"),
        ("2025-03-15", 36, "2028-03-15", "2031-03-15"),
        ("2027-03-15", 36, "2026-10-31", "2027-03-15"),
        ("2024-02-29", 12, "2026-10-31", "2027-02-28"),
        ("2025-03-15", None, "2026-10-31", "2027-03-15"),
    ],
)
def test_a_contract_renews_when_its_term_ends(starts, term, as_of, renews):
    contract = Contract("Sub1", starts=date.fromisoformat(starts), term=term)
    assert str(renewal_of(contract, date.fromisoformat(as_of))) == renews


@pytest.mark.parametrize(
    ("kind", "bills"), [(None, True), (ContractKind.EA, True), (ContractKind.SUITE_EA, True), ("named", False)]
)
def test_only_enterprise_agreements_bill_a_true_forward(kind, bills):
    contract = Contract("Sub1", kind and ContractKind(kind), starts=date(2027, 3, 15))
    assert (anniversary_of(contract) is not None) == bills
    assert anniversary_of(Contract("Sub1", ContractKind.EA)) is None


def test_what_is_expected_is_held_against_the_allowance():
    as_of = date(2027, 1, 31)
    # Two weeks at half a unit a day: 110 becomes 117, within 120; at one a day 124, four over.
    slow = true_forward(date(2027, 3, 15), ALLOWED, [used(as_of, 110)], rising(as_of, 110, 0.5), as_of)
    assert (slow.days_left, slow.assigned, slow.is_measured) == (14, 110, False)
    assert slow.projected.low <= 117 <= slow.projected.high
    assert slow.projected.middle == pytest.approx(117, abs=1)
    assert slow.projected.chance < 0.2
    assert (slow.over, slow.is_likely, slow.may_be_over) == (0, False, False)
    fast = true_forward(date(2027, 3, 15), ALLOWED, [used(as_of, 110)], rising(as_of, 110, 1), as_of)
    assert fast.projected.chance > 0.9
    assert (fast.over, fast.is_likely, fast.may_be_over) == (4, True, False)


def test_what_may_be_over_is_neither_likely_nor_nothing():
    as_of = date(2027, 1, 31)
    # At 0.68 a day 119.5 after two weeks: one more than 120 is possible.
    wandering = [110 - round(0.68 * back) + 2 * (back // 9 % 2) for back in range(364, -1, -1)]
    ahead = outlook(daily_peaks(wandering, as_of), (), 100)
    judgment = true_forward(date(2027, 3, 15), ALLOWED, [used(as_of, 110)], ahead, as_of)
    assert 0.2 <= judgment.projected.chance < 0.5
    assert (judgment.over, judgment.is_likely, judgment.may_be_over) == (0, False, True)


def test_what_nobody_knew_on_the_day_of_judgment_is_unknown():
    as_of = date(2027, 2, 20)
    unknown = true_forward(date(2027, 3, 15), ALLOWED, [], rising(as_of, 50, 0), as_of)
    assert (unknown.assigned, unknown.over, unknown.may_be_over) == (None, None, False)


def test_a_chance_on_the_day_stands_beside_that_of_the_limit():
    # 118 of 100 assigned and a third of a unit a day: 131 in 40 days, where 120 are allowed.
    as_of = date(2027, 1, 5)
    judgment = true_forward(date(2027, 3, 15), ALLOWED, [used(as_of, 118)], rising(as_of, 118, 1 / 3), as_of)
    assert judgment.days_left == 40
    assert judgment.projected.chance > 0.9
    assert judgment.over == pytest.approx(11, abs=1)


def test_after_the_day_of_judgment_what_was_in_use_then_counts():
    as_of = date(2027, 2, 28)
    days = [used(date(2027, 2, 13), 121), used(date(2027, 2, 15), 90), used(as_of, 80)]
    judgment = true_forward(date(2027, 3, 15), ALLOWED, days, rising(as_of, 80, 1), as_of)
    assert (judgment.days_left, judgment.is_measured, judgment.projected) == (-14, True, None)
    assert (judgment.assigned, judgment.over) == (121, 1)


def test_on_the_day_of_judgment_nothing_is_projected():
    as_of = date(2027, 2, 14)
    judgment = true_forward(date(2027, 3, 15), ALLOWED, [used(as_of, 121)], rising(as_of, 110, 1), as_of)
    assert (judgment.days_left, judgment.is_measured, judgment.projected, judgment.over) == (0, True, None, 1)
