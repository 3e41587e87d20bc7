"""What units cost: of a bundle once, and of nothing that is not known."""

from decimal import Decimal

import pytest

from webexhist.review.judgment.cost import Cost, CostTotal, PricedUnits, cost_of, cost_totals
from webexhist.store.entered.prices import Price


def price(amount, currency="EUR"):
    return Price("", None, "Sub1", Decimal(amount), currency, None, 1, None)


@pytest.mark.parametrize(
    ("parts", "available", "purchased", "unused"),
    [
        ([PricedUnits(100, price("12.50"))], 20, "1250.00", "250.00"),
        # The dearest price is that of a unit that is not needed; more assigned than purchased leaves nothing.
        ([PricedUnits(100, price("12.50")), PricedUnits(10, price("20"))], 3, "1450.00", "60"),
        # ... but what is not needed costs no more than all of it.
        ([PricedUnits(10, price("100")), PricedUnits(1000, price("1"))], 990, "2000", "2000"),
        ([PricedUnits(100, price("12.50"))], -5, "1250.00", "0.00"),
        ([PricedUnits(100, price("12.50"))], None, "1250.00", None),
        # Another product stands for the seats of the bundle: they cost once.
        ([PricedUnits(100, price("12.50"), is_paid_elsewhere=True)], 20, "0.00", "0.00"),
        ([PricedUnits(100, price("10"), is_paid_elsewhere=True), PricedUnits(4, price("10"))], 2, "40", "20"),
    ],
)
def test_units_cost_what_was_bought_and_once(parts, available, purchased, unused):
    cost = cost_of(parts, available)
    assert (cost.purchased, cost.unused) == (Decimal(purchased), unused and Decimal(unused))


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [PricedUnits(100, None)],
        [PricedUnits(None, price("12"))],
        [PricedUnits(100, price("12")), PricedUnits(None, price("12"))],
        [PricedUnits(-1, price("12"))],
        [PricedUnits(100, price("12")), PricedUnits(100, price("12", "USD"))],
    ],
)
def test_nothing_is_said_of_an_unknown_price_or_purchase_nor_of_two_currencies(parts):
    assert cost_of(parts, 0) is None


def test_sums_are_by_currency_and_unknown_where_a_part_is():
    costs = [
        Cost(price("1"), Decimal("10.00"), Decimal("2.50")),
        Cost(price("1"), Decimal("5.25"), None),
        Cost(price("1", "CHF"), Decimal("7.00"), Decimal("1.00")),
    ]
    assert cost_totals(costs) == (
        CostTotal("CHF", Decimal("7.00"), Decimal("1.00")),
        CostTotal("EUR", Decimal("15.25"), None),
    )
