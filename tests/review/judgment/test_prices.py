"""Prices on a day, worked out by hand."""

from datetime import date
from decimal import Decimal

import pytest

from webexhist.review.judgment.prices import Prices, dearest, money_a_year, money_for, price_on
from webexhist.store.entered.prices import Price

JULY = date(2026, 7, 1)
OLD = Price("acme", "suite", None, Decimal("10.00"), "EUR", number=1)
NEW = Price("acme", "suite", None, Decimal("12.00"), "EUR", JULY, number=2)
DOLLARS = Price("acme", "calling", None, Decimal("9.00"), "USD", number=3)
SEAT = Price(None, None, "Sub1", Decimal("1250"), "JPY", number=4)
THEIRS = Price("other", "suite", None, Decimal("99.00"), "EUR", number=5)


@pytest.mark.parametrize(
    ("day", "amount"),
    [("2020-01-01", 10), ("2026-05-31", 10), ("2026-06-30", 10), ("2026-07-01", 12), ("2030-01-01", 12)],
)
def test_the_price_of_a_day_is_the_last_one_that_holds_by_then(day, amount):
    assert price_on([NEW, OLD], date.fromisoformat(day)).amount == amount


def test_the_first_price_holds_from_the_beginning_whatever_its_day():
    assert price_on([NEW], date(2026, 5, 31)) is NEW
    assert price_on([], JULY) is None


def test_an_organization_has_the_prices_of_its_licenses_and_those_of_all_subscriptions():
    prices = Prices.of_organization("acme", [OLD, NEW, DOLLARS, SEAT, THEIRS])
    assert prices.of_license("suite", JULY) is NEW
    assert prices.of_license("meetings", JULY) is None
    assert prices.of_seat("Sub1", JULY) is SEAT
    assert prices.of_seat(None, JULY) is None
    assert Prices.of_organization("other", [OLD, THEIRS]).of_license("suite", JULY) is THEIRS


def test_units_of_several_prices_cost_the_dearest_as_far_as_they_can_be_compared():
    assert dearest([OLD, NEW]) is NEW
    assert dearest([OLD, None]) is None
    assert dearest([OLD, DOLLARS]) is None
    assert dearest([]) is None


@pytest.mark.parametrize(
    ("units", "price", "a_year", "two_years"),
    [
        (10, NEW, "1440.00", "2880.00"),
        (30, NEW, "4320.00", "8640.00"),
        (3, SEAT, "45000", "90000"),
        (2, Price(None, None, "Sub1", Decimal("1.250"), "KWD"), "30.000", "60.000"),
        (0, NEW, "0.00", "0.00"),
    ],
)
def test_money_is_exact_and_has_the_decimals_of_its_currency(units, price, a_year, two_years):
    assert str(money_a_year(units, price)) == a_year
    assert str(money_for(units, price, 24)) == two_years
    assert money_a_year(units, None) is None
