"""The growth allowance, and True Forward as an account of the day on which it is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webexhist.contract_kinds import BilledAbove
from webexhist.months import months_later
from webexhist.review.forecast import Outlook
from webexhist.review.judgment.forecast import LIKELY, POSSIBLE, Expected, expected_on
from webexhist.review.judgment.people import People
from webexhist.review.judgment.terms import (
    YEAR,
    SubscriptionYear,
    allowance_percent,
    term_end,
    units_allowed,
    year_measured,
    year_to_measure,
)
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
    ordered: int
    """Units that were ordered until then, and that Webex did not list yet."""
    assigned: int | None
    allowed: int | None
    """Purchased and ordered units, and the growth allowance of both."""
    months_billed: int | None
    """From the anniversary to the end of the term; None where the length of the term was not entered."""
    rise: int
    """Units that came on the anniversary: they may be what was billed."""
    known_on: date | None = None
    """The day of the figures, where no poll of the measurement day knew them."""
    settled: int = 0
    """Units that were dealt with since."""
    settled_in: int = 1
    """So many organizations have the subscription: what was settled of it counts in each of them."""
    people: People | None = None
    """Where people were counted and not units; `assigned` is how many they were at least."""
    by: str | None = None
    """The product of a suite which most people had on that day, where most have another one now."""

    @property
    def above_allowance(self) -> int | None:
        """Units above what is allowed; 0 when within."""
        return _above(self.assigned, self.allowed)

    @property
    def above_purchased(self) -> int | None:
        """Units above what was purchased and ordered."""
        return _above(self.assigned, None if self.purchased is None else self.purchased + self.ordered)

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
    months_billed: int | None
    """From that anniversary to the end of the term: 0 where it is the renewal; None where no term was entered."""
    projected: Expected
    """What may be assigned on the measurement day, held against the limit."""
    limit: int
    """Units that are allowed on that day: as of now, and with what is ordered until then."""
    allowance: Allowance
    billed_above: BilledAbove | None
    """Above what it bills, where that was entered."""
    last: Measured | None
    """None where nothing was measured, or it is too long ago to be billed."""
    by: str | None = None
    """The product of a suite of which most is expected on the day, where that is another than now."""

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
    return Allowance(percent, purchased, units_allowed(purchased, percent), is_own=contract.allowance is not None)


def true_forward(
    contract: Contract,
    allowance: Allowance,
    days: Sequence[DailyUsage],
    orders: Sequence[Order],
    outlook: Outlook,
    last_day_over: date,
) -> TrueForward | None:
    """The measurements around a day that is over; None where no first day was entered.

    A day is measured at its end. `days` are oldest first, `orders` those of the product's licenses.
    """
    year = year_to_measure(contract, last_day_over)
    if year is None:
        return None
    ordered = ordered_on(orders, days, year.measured_on, allowance.purchased, contract)
    limit = units_allowed(allowance.purchased + ordered, allowance.percent)
    past = year_measured(contract, last_day_over)
    return TrueForward(
        anniversary=year.anniversary,
        measured_on=year.measured_on,
        days_left=outlook.ahead(year.measured_on),
        months_billed=year.months_left,
        projected=expected_on(outlook, year.measured_on, limit),
        limit=limit,
        allowance=allowance,
        billed_above=contract.billed_above,
        last=measured(past, contract, allowance.percent, days, orders) if past else None,
    )


def measured(
    year: SubscriptionYear,
    contract: Contract,
    percent: Decimal,
    days: Sequence[DailyUsage],
    orders: Sequence[Order],
) -> Measured:
    """What was assigned at the end of a measurement day, or before it where no poll of the day knew."""
    known = next((each for each in reversed(days) if each.day <= year.measured_on and each.last is not None), None)
    purchased = None if known is None or is_unlimited(known.purchased) else known.purchased
    ordered = 0 if purchased is None else ordered_on(orders, days, year.measured_on, purchased, contract)
    return Measured(
        measured_on=year.measured_on,
        anniversary=year.anniversary,
        purchased=purchased,
        ordered=ordered,
        assigned=known.last if known else None,
        allowed=None if purchased is None else units_allowed(purchased + ordered, percent),
        months_billed=year.months_left,
        rise=rise_on(year.anniversary, days),
        known_on=known.day if known and known.day < year.measured_on else None,
    )


def ordered_on(
    orders: Sequence[Order], days: Sequence[DailyUsage], day: date, purchased: int, contract: Contract
) -> int:
    """Units ordered by a day that `purchased`, what Webex lists then, does not hold yet.

    What was ordered is listed as far as more is purchased than before the first order. A term that begins is bought
    as a whole: what was ordered for the one before says nothing of it.
    """
    end = term_end(contract, day)
    begun = months_later(end.renews_on, -(contract.term or YEAR)) if end else date.min
    counting = [order for order in orders if begun <= order.since <= day]
    if not counting:
        return 0
    first = min(order.since for order in counting)
    known = [each for each in days if each.purchased is not None]
    before = [each for each in known if each.day < first] or known[:1]
    listed = max(0, purchased - (before[-1].purchased or 0)) if before else 0
    return max(0, sum(order.units for order in counting) - listed)


def rise_on(anniversary: date, days: Sequence[DailyUsage]) -> int:
    """How many units more are purchased at the end of an anniversary than before it; 0 where that is unknown."""
    before = [each.purchased for each in days if each.day < anniversary and each.purchased is not None]
    on_day = [each.purchased for each in days if each.day == anniversary and each.purchased is not None]
    return max(0, on_day[-1] - before[-1]) if before and on_day else 0


def _above(units: int | None, limit: int | None) -> int | None:
    over = difference(units, limit)
    return None if over is None else max(0, over)
