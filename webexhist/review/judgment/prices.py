"""What units cost on a day. Amounts are exact, in units of their currency and with its decimals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webexhist.store.entered.prices import Price

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices that concern an organization."""

    licenses: Mapping[str, tuple[Price, ...]]
    """By the license's id at Webex."""
    seats: Mapping[str, tuple[Price, ...]]
    """Of one seat of all that a subscription holds, by the subscription."""

    @classmethod
    def of_organization(cls, webex_id: str, prices: Iterable[Price]) -> "Prices":
        """The prices of its licenses, and those of subscriptions, which hold in every organization that has them."""
        licenses: dict[str, tuple[Price, ...]] = {}
        seats: dict[str, tuple[Price, ...]] = {}
        for price in prices:
            if price.subscription is not None:
                seats[price.subscription] = (*seats.get(price.subscription, ()), price)
            elif price.license_id is not None and price.organization == webex_id:
                licenses[price.license_id] = (*licenses.get(price.license_id, ()), price)
        return cls(licenses, seats)

    def of_license(self, license_id: str, day: date) -> Price | None:
        """What a unit of a license costs on a day; None where it has no price of its own."""
        return price_on(self.licenses.get(license_id, ()), day)

    def of_seat(self, subscription: str | None, day: date) -> Price | None:
        """What a seat of a subscription costs on a day, whatever it holds; None where that was not entered."""
        return price_on(self.seats.get(subscription or "", ()), day)


def price_on(prices: Iterable[Price], day: date) -> Price | None:
    """Of the prices of one thing the one that holds on a day; the first one holds from the beginning."""
    in_order = sorted(prices, key=lambda price: (price.since or date.min, price.number))
    holding = [price for price in in_order if price.since is None or price.since <= day]
    return holding[-1] if holding else next(iter(in_order), None)


def dearest(prices: Iterable[Price | None]) -> Price | None:
    """What units of several prices cost at most; None where one is not known, or where currencies differ."""
    known = list(prices)
    if not known or None in known or len({price.currency for price in known if price}) > 1:
        return None
    return max((price for price in known if price), key=lambda price: price.amount)


def money_a_year(units: int, price: Price | None) -> Decimal | None:
    """What so many units cost a year; None without a price."""
    return None if price is None else money_for(units, price, MONTHS_A_YEAR)


def money_for(units: int, price: Price, months: int) -> Decimal:
    """What so many units cost in so many months."""
    return units * months * price.amount
