"""What units cost, as far as their prices are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from webexhist.review.judgment.prices import dearest, money_a_year
from webexhist.store.entered.prices import Price
from webexhist.units import is_unlimited, sum_known


@dataclass(frozen=True, slots=True)
class PricedUnits:
    """Purchased units of one license, and what one of them costs."""

    purchased: int | None
    price: Price | None
    is_paid_elsewhere: bool = False
    """Whether another product of the same bundle stands for its seats, which cost once."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What units cost a month, in units of the currency."""

    price: Price
    """Of one purchased unit: of different prices the dearest."""
    purchased: Decimal
    """Of all purchased units."""
    unused: Decimal | None
    """Of those that were not needed lately; None where too little is known of that time."""
    is_paid_elsewhere: bool = False
    """Whether another product of the same bundle stands for all its seats: then it costs nothing itself."""

    @property
    def currency(self) -> str:
        """The ISO 4217 code of the price."""
        return self.price.currency

    def a_year(self, units: int) -> Decimal:
        """What so many units cost a year."""
        return money_a_year(units, self.price) or Decimal()


@dataclass(frozen=True, slots=True)
class CostTotal:
    """What products priced in one currency cost a month together."""

    currency: str
    purchased: Decimal
    unused: Decimal | None
    """None where a part of it is not known."""


def cost_of(parts: Iterable[PricedUnits], available: int | None) -> Cost | None:
    """What the units of several licenses cost; None where a price or a purchase is unknown, or currencies differ.

    `available` are those not needed lately; None where too little is known of that time.
    """
    known = list(parts)
    price = dearest(part.price for part in known)
    if price is None or any(part.purchased is None or is_unlimited(part.purchased) for part in known):
        return None
    paid = [part for part in known if not part.is_paid_elsewhere]
    zero = 0 * price.amount
    purchased = sum((part.price.amount * (part.purchased or 0) for part in paid if part.price), zero)
    if not paid:
        return Cost(price, purchased, zero, is_paid_elsewhere=True)
    # The dearest price is that of some rows alone: what was not needed costs no more than all of them.
    return Cost(price, purchased, None if available is None else min(purchased, price.amount * max(0, available)))


def cost_totals(costs: Iterable[Cost | CostTotal]) -> tuple[CostTotal, ...]:
    """The sums of each currency, by its code."""
    by_currency: dict[str, list[Cost | CostTotal]] = {}
    for cost in costs:
        by_currency.setdefault(cost.currency, []).append(cost)
    return tuple(
        CostTotal(
            currency,
            sum((cost.purchased for cost in by_currency[currency]), Decimal()),
            sum_known(cost.unused for cost in by_currency[currency]),
        )
        for currency in sorted(by_currency)
    )
