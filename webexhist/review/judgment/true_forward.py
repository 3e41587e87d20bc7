"""The growth allowance, and True Forward as an account of the day on which it is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webexhist.review.forecast import Outlook
from webexhist.review.judgment.forecast import LIKELY, POSSIBLE, Expected, expected_on
from webexhist.review.judgment.terms import (
    SubscriptionYear,
    allowance_percent,
    tolerated,
    year_measured,
    year_to_measure,
)
from webexhist.store.entered.contract_kinds import BilledAbove
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.orders import Order
from webexhist.store.values import DailyUsage
from webexhist.units import difference, is_unlimited


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much overage the growth allowance permits."""

    percent: Decimal
    purchased: int
    units: int
    """Purchased units and growth allowance together: more than these are overage."""
    is_own: bool
    """Whether the percentage is the contract's own, not the rule's."""

    @property
    def in_words(self) -> str:
        """ "20%", "12.5%"."""
        return f"{self.percent.normalize():f}%"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was assigned on a measurement day, whatever came later."""

    measured_on: date
    anniversary: date
    purchased: int | None
    """On that day, as all here; None where no poll knew."""
    assigned: int | None
    tolerated: int | None
    """Purchased units, those ordered until then, and growth allowance."""
    months_billed: int | None
    """From the anniversary to the end of the term; None where the length of the term was not told."""
    settled: int = 0
    """Units that were dealt with since."""

    @property
    def above_allowance(self) -> int | None:
        """Units above what is tolerated; 0 when within."""
        return _above(self.assigned, self.tolerated)

    @property
    def above_purchased(self) -> int | None:
        return _above(self.assigned, self.purchased)

    @property
    def open_units(self) -> int:
        """Units above the allowance that are not dealt with yet."""
        return max(0, (self.above_allowance or 0) - self.settled)

    @property
    def open_above_purchased(self) -> int:
        """The same of all units above the purchase, where the agreement bills those."""
        return max(0, (self.above_purchased or 0) - self.settled) if self.above_allowance else 0


@dataclass(frozen=True, slots=True)
class TrueForward:
    """The measurement that a product is heading for, and the last one while it may be billed."""

    anniversary: date
    """The first day of the next subscription year that is not measured yet."""
    measured_on: date
    days_left: int
    """From the last day of the review to the measurement day."""
    projected: Expected
    """What may be assigned on the measurement day, held against the limit."""
    limit: int
    """Units that are tolerated on that day: as of now, and with what is ordered until then."""
    allowance: Allowance
    billed_above: BilledAbove | None
    """Above what it bills, where that was told."""
    last: Measured | None
    """None where nothing was measured, or it is too long ago to be billed."""

    @property
    def is_likely(self) -> bool:
        """Whether more than the limit is expected on the measurement day."""
        return self.projected.chance >= LIKELY

    @property
    def may_be_over(self) -> bool:
        """Whether more than the limit is possible then, but not likely."""
        return POSSIBLE <= self.projected.chance < LIKELY

    @property
    def expected_over(self) -> int:
        """Units above the allowance in the middle of what may come, at least 1."""
        return max(1, self.projected.middle - self.limit)


def allowance_of(contract: Contract | None, purchased: int) -> Allowance | None:
    """What a contract permits; None where it is none that has an allowance."""
    percent = allowance_percent(contract)
    if contract is None or percent is None:
        return None
    return Allowance(percent, purchased, tolerated(purchased, percent), is_own=contract.allowance is not None)


def true_forward(
    contract: Contract,
    allowance: Allowance,
    days: Sequence[DailyUsage],
    orders: Sequence[Order],
    outlook: Outlook,
    as_of: date,
) -> TrueForward | None:
    """The measurements around `as_of`, the last day of the review; None where no first day was told.

    `days` are oldest first, `orders` those of the product's licenses.
    """
    year, before = year_to_measure(contract, as_of), year_measured(contract, as_of)
    if year is None:
        return None
    limit = tolerated(_bought_until(year.measured_on, allowance.purchased, orders), allowance.percent)
    return TrueForward(
        anniversary=year.anniversary,
        measured_on=year.measured_on,
        days_left=(year.measured_on - as_of).days,
        projected=expected_on(outlook, year.measured_on, limit),
        limit=limit,
        allowance=allowance,
        billed_above=contract.billed_above,
        last=_measured(before, allowance.percent, days, orders) if before else None,
    )


def _measured(
    year: SubscriptionYear, percent: Decimal, days: Sequence[DailyUsage], orders: Sequence[Order]
) -> Measured:
    day = year.measured_on
    known = next((each for each in reversed(days) if each.day <= day and each.last is not None), None)
    purchased = None if known is None or is_unlimited(known.purchased) else known.purchased
    return Measured(
        measured_on=day,
        anniversary=year.anniversary,
        purchased=purchased,
        assigned=known.last if known else None,
        tolerated=None if purchased is None else tolerated(_bought_until(day, purchased, orders), percent),
        months_billed=year.months_left,
    )


def _bought_until(day: date, purchased: int, orders: Sequence[Order]) -> int:
    return purchased + sum(order.units for order in orders if order.since <= day)


def _above(units: int | None, limit: int | None) -> int | None:
    over = difference(units, limit)
    return None if over is None else max(0, over)
