"""What licenses cost, as far as their prices are known."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Cost:
    """What a license costs a month, in units of the currency."""

    currency: str
    price: Decimal
    """Of one purchased unit."""
    purchased: Decimal
    """Of all purchased units."""
    unused: Decimal
    """Of those not assigned at the month's end."""
    droppable: Decimal | None
    """Of those that nobody needed in twelve months; None where these are not known."""


@dataclass(frozen=True, slots=True)
class CostTotal:
    """What licenses priced in one currency cost a month together."""

    currency: str
    purchased: Decimal
    unused: Decimal


def cost_totals(costs: Iterable[Cost]) -> tuple[CostTotal, ...]:
    """The sums of each currency, by its code."""
    known = list(costs)
    return tuple(
        CostTotal(
            currency,
            sum((cost.purchased for cost in known if cost.currency == currency), Decimal()),
            sum((cost.unused for cost in known if cost.currency == currency), Decimal()),
        )
        for currency in sorted({cost.currency for cost in known})
    )
