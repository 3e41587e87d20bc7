"""Days and limits of contracts, worked out by hand.

Rule: Cisco's License Management Guide for Flex 3.0 Enterprise Agreements.
"""

from datetime import date
from decimal import Decimal

import pytest

from webexhist.contract_kinds import ContractKind
from webexhist.months import days_later
from webexhist.review.judgment.terms import (
    allowance_percent,
    term_end,
    units_allowed,
    year_measured,
    year_to_measure,
)
from webexhist.store.entered.contracts import Contract


def day(text):
    return date.fromisoformat(text)


def agreement(starts, **facts):
    return Contract("Sub1", ContractKind.EA, day(starts), **facts)


@pytest.mark.parametrize(
    ("purchased", "percent", "limit"),
    [
        (100, "20", 120),
        (10, "20", 12),
        (20, "15", 23),
        (13, "20", 15),  # 15.6: the sixteenth unit is too many
        (80, "20", 96),
        (100, "0", 100),
        (8, "12.5", 9),
        (10_000, "12.35", 11_235),
        (9, "33.33", 11),
        (0, "20", 0),
    ],
)
def test_what_is_allowed_is_worked_out_in_whole_numbers(purchased, percent, limit):
    assert units_allowed(purchased, Decimal(percent)) == limit


@pytest.mark.parametrize(
    ("contract", "percent"),
    [
        (None, None),
        (Contract("Sub1"), None),
        (Contract("Sub1", ContractKind.NAMED, allowance=Decimal(10)), None),
        (Contract("Sub1", ContractKind.EA), 20),
        (Contract("Sub1", ContractKind.SUITE_EA), 15),
        (Contract("Sub1", ContractKind.SUITE_EA, allowance=Decimal("12.5")), Decimal("12.5")),
        (Contract("Sub1", ContractKind.EA, allowance=Decimal(0)), 0),
    ],
)
def test_only_an_agreement_that_was_entered_has_an_allowance(contract, percent):
    assert allowance_percent(contract) == percent


@pytest.mark.parametrize(
    ("starts", "as_of", "measured_on", "anniversary"),
    [
        ("2025-03-15", "2026-10-31", "2027-02-14", "2027-03-15"),
        ("2025-03-15", "2027-02-13", "2027-02-14", "2027-03-15"),
        ("2025-03-15", "2027-02-14", "2028-02-14", "2028-03-15"),
        ("2025-11-15", "2026-10-13", "2026-10-14", "2026-11-15"),
        ("2028-02-29", "2028-12-31", "2029-01-28", "2029-02-28"),
        ("2028-02-29", "2029-02-01", "2030-01-28", "2030-02-28"),
        ("2028-02-29", "2031-02-01", "2032-01-28", "2032-02-29"),
        ("2027-03-31", "2027-04-01", "2028-02-28", "2028-03-31"),
        ("2026-01-31", "2026-02-01", "2026-12-30", "2027-01-31"),
        ("2027-03-15", "2026-10-31", "2027-02-14", "2027-03-15"),  # the term is still to begin
    ],
)
def test_a_year_is_measured_on_the_last_day_of_its_eleventh_month(starts, as_of, measured_on, anniversary):
    year = year_to_measure(agreement(starts), day(as_of))
    assert (str(year.measured_on), str(year.anniversary)) == (measured_on, anniversary)


@pytest.mark.parametrize(
    ("starts", "judged_on", "as_of", "measured_on", "anniversary"),
    [
        ("2025-11-15", "2026-11-15", "2026-10-31", "2026-11-15", "2026-11-15"),  # the milestone itself
        ("2025-11-15", "2030-11-15", "2026-11-15", "2027-11-15", "2027-11-15"),
        ("2025-11-15", "2026-01-31", "2025-12-01", "2026-01-31", "2026-11-15"),
        ("2025-11-15", "2026-01-31", "2026-01-31", "2027-01-31", "2027-11-15"),
        ("2025-11-15", "2024-02-29", "2025-12-01", "2026-02-28", "2026-11-15"),
    ],
)
def test_a_day_that_was_entered_is_measured_every_year(starts, judged_on, as_of, measured_on, anniversary):
    year = year_to_measure(agreement(starts, judged_on=day(judged_on)), day(as_of))
    assert (str(year.measured_on), str(year.anniversary)) == (measured_on, anniversary)


@pytest.mark.parametrize(
    ("starts", "as_of", "measured_on"),
    [
        ("2025-11-15", "2026-10-14", "2026-10-14"),
        ("2025-11-15", "2027-03-15", "2026-10-14"),  # 120 days after the anniversary
        ("2025-11-15", "2027-03-16", None),
        ("2025-11-15", "2026-10-13", None),  # its first year
        ("2028-02-29", "2029-02-01", "2029-01-28"),
    ],
)
def test_what_was_measured_stays_for_120_days_after_the_anniversary(starts, as_of, measured_on):
    year = year_measured(agreement(starts), day(as_of))
    assert (year and str(year.measured_on)) == measured_on


@pytest.mark.parametrize(
    ("term", "as_of", "months_left"),
    [
        (36, "2026-10-01", 24),
        (36, "2027-10-01", 12),
        (36, "2028-10-01", 0),  # the anniversary is the renewal
        (36, "2029-10-01", 24),
        (12, "2026-10-01", 0),
        (18, "2026-10-01", 6),
        (60, "2026-10-01", 48),
        (None, "2026-10-01", None),
    ],
)
def test_a_true_forward_bills_from_the_anniversary_to_the_end_of_the_term(term, as_of, months_left):
    assert year_to_measure(agreement("2025-11-15", term=term), day(as_of)).months_left == months_left


@pytest.mark.parametrize(
    ("starts", "term", "as_of", "renews_on", "until"),
    [
        ("2025-03-15", 36, "2026-10-31", "2028-03-15", "2031-03-15"),
        ("2025-03-15", 36, "2028-03-14", "2028-03-15", "2031-03-15"),
        ("2025-03-15", 36, "2028-03-15", "2031-03-15", "2034-03-15"),
        ("2027-03-15", 36, "2026-10-31", "2027-03-15", "2030-03-15"),
        ("2024-02-29", 12, "2026-10-31", "2027-02-28", "2028-02-29"),
        ("2025-03-15", None, "2026-10-31", "2027-03-15", "2028-03-15"),
        ("2026-01-31", 1, "2026-02-28", "2026-03-31", "2026-04-30"),
    ],
)
def test_a_term_ends_and_another_one_may_follow(starts, term, as_of, renews_on, until):
    end = term_end(agreement(starts, term=term), day(as_of))
    assert (str(end.renews_on), str(end.until)) == (renews_on, until)
    assert term_end(Contract("Sub1", term=term), day(as_of)) is None


@pytest.mark.parametrize(
    ("notice", "as_of", "notice_on", "assumed", "due_on"),
    [
        (None, "2026-10-31", "2027-01-29", True, "2027-01-29"),
        (30, "2026-10-31", "2027-02-13", False, "2027-02-13"),
        (30, "2027-02-13", "2027-02-13", False, "2027-02-13"),
        (30, "2027-02-14", "2027-02-13", False, "2027-03-15"),
        (0, "2027-02-14", "2027-03-15", False, "2027-03-15"),
    ],
)
def test_a_change_is_announced_by_the_notice_day(notice, as_of, notice_on, assumed, due_on):
    end = term_end(agreement("2024-03-15", term=36, notice=notice), day(as_of))
    assert (str(end.notice_on), end.notice_is_assumed, str(end.due_on(day(as_of)))) == (notice_on, assumed, due_on)


@pytest.mark.parametrize("as_of", [date.min, days_later(date.max, -400), date.max])
def test_no_day_of_the_calendar_is_too_early_or_too_late(as_of):
    for starts in (date.min, date(2025, 3, 15), date.max):
        contract = Contract("Sub1", ContractKind.EA, starts, 36, judged_on=starts)
        for each in (contract, Contract("Sub1", ContractKind.EA, starts, 36)):
            year_measured(each, as_of)
            year_to_measure(each, as_of)
            term_end(each, as_of)
