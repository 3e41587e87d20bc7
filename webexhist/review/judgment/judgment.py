"""What a license manager decides by: forecast, allowance, True Forward, renewal and cost of a product."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from webexhist.contract_kinds import Renewal
from webexhist.review.forecast import DailyPeak, Outlook, outlook, peaks_until
from webexhist.review.judgment.cost import Cost, PricedUnits, cost_of
from webexhist.review.judgment.forecast import Forecast, forecast_of
from webexhist.review.judgment.known_days import Regularity, are_four_weeks_known
from webexhist.review.judgment.renewal import NEAR, PlanBasis, RenewalPlan
from webexhist.review.judgment.terms import TermEnd, term_ended
from webexhist.review.judgment.true_forward import Allowance, TrueForward, allowance_of, true_forward
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.orders import Order
from webexhist.store.entered.prices import Price
from webexhist.store.values import DailyUsage
from webexhist.units import available


@dataclass(frozen=True, slots=True)
class Ending:
    """A contract that is not followed by another term."""

    contract: Contract
    ends_on: date
    is_over: bool
    """Whether that day has come, and its licenses are still listed."""


@dataclass(frozen=True, slots=True)
class Judgment:
    """What follows from the history of a product."""

    limit: int
    """Units that may be assigned: purchased, and under an enterprise agreement those of the growth allowance."""
    contracts: tuple[Contract, ...]
    """What was entered for its subscriptions, by their ids."""
    is_kind_known: bool
    """Whether it is entered for each of them how its seats are bought."""
    forecast: Forecast | None
    """None while a replacement is in progress."""
    allowance: Allowance | None
    """None where no agreement with one was entered, or no people hold the units."""
    true_forward: TrueForward | None
    """None where no anniversary was entered, or there is no allowance."""
    ending: tuple[Ending, ...]
    """Those of its contracts that are entered as not renewing, and end soon or have ended."""
    renewals: tuple[RenewalPlan, ...]
    """Of those of its subscriptions that renew soon."""
    cost: Cost | None
    """None where a price is not set: never zero for that."""
    plan_basis: PlanBasis = field(compare=False, repr=False)
    """What the renewals rest on, and further plans; no figure itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """One license of a product, as far as judgment needs it."""

    license_id: str
    """At Webex."""
    subscription: str | None
    purchased: int | None
    contract: Contract | None
    price: Price | None
    """What one unit more or less costs."""
    is_paid_elsewhere: bool
    """Whether another product of the same bundle stands for its seats, which cost once."""

    @property
    def price_of_a_seat(self) -> Price | None:
        """What a seat costs that somebody holds; nothing where it is paid elsewhere."""
        return (
            replace(self.price, amount=0 * self.price.amount) if self.price and self.is_paid_elsewhere else self.price
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductHistory:
    """What is known of a product up to the last day of the review: two years at least, where there are."""

    parts: Sequence[Part]
    """Its listed licenses."""
    purchased: int
    """At the month's end, as what follows."""
    assigned: int
    busiest: int | None
    """The most units assigned at once within the last four weeks."""
    days: Sequence[DailyUsage]
    """Oldest first."""
    orders: Sequence[Order]
    """Of its licenses."""
    steps: Sequence[date]
    """Days that are noted as steps."""
    as_of: date
    """The last day of the review."""
    last_day_over: date
    """The same, or the day before where more of it is to come."""
    regularity: Regularity
    has_users: bool
    is_replaced: bool
    """Whether one of its licenses is about to be replaced by another: what is purchased stands there twice."""


def judgment_of(history: ProductHistory) -> Judgment:
    """The judgment of a product whose purchased units and units assigned are known."""
    contracts = {part.contract.subscription: part.contract for part in history.parts if part.contract}
    # A product under an agreement is one of a single subscription: that is an account of its own.
    agreement = next(iter(contracts.values()), None) if history.has_users else None
    allowance = allowance_of(agreement, history.purchased)
    limit = allowance.units if allowance else history.purchased
    ahead = _outlook_of(history, limit)
    basis = PlanBasis(
        contracts=contracts,
        units=_units_by_subscription(history.parts),
        days=history.days,
        outlook=ahead,
        as_of=history.as_of,
        regularity=history.regularity,
        is_replaced=history.is_replaced,
    )
    ends = basis.ends()
    renews_on = min((end.renews_on for end in ends.values()), default=None)
    return Judgment(
        limit=limit,
        contracts=tuple(contract for _, contract in sorted(contracts.items())),
        is_kind_known=all(part.contract is not None and part.contract.kind is not None for part in history.parts),
        forecast=None if history.is_replaced else forecast_of(ahead, limit, renews_on, history.as_of),
        allowance=allowance,
        true_forward=(
            true_forward(agreement, allowance, history.days, history.orders, ahead, history.last_day_over)
            if agreement and allowance
            else None
        ),
        ending=tuple(
            ending
            for name, end in ends.items()
            if contracts[name].renews is Renewal.NO and (ending := _ending(contracts[name], end, history.as_of))
        ),
        renewals=()
        if history.is_replaced
        else tuple(
            plan for plan in basis.plans(within=NEAR) if contracts[plan.subscription].renews is not Renewal.NO
        ),
        cost=cost_of(
            [PricedUnits(part.purchased, part.price, part.is_paid_elsewhere) for part in history.parts],
            _not_needed(history),
        ),
        plan_basis=basis,
    )


def _ending(contract: Contract, end: TermEnd, as_of: date) -> Ending | None:
    """The end of a term that comes near, else the one that has just been."""
    if end.renews_on - as_of <= NEAR:
        return Ending(contract, end.renews_on, is_over=False)
    ended = term_ended(contract, as_of)
    return None if ended is None else Ending(contract, ended, is_over=True)


def _not_needed(history: ProductHistory) -> int | None:
    """Units that nobody needed within four weeks; None where too little is known of these."""
    left = 0 if history.is_replaced else available(history.purchased, history.busiest)
    if left is None or left <= 0:
        return left
    return left if are_four_weeks_known(history.days, history.as_of, history.regularity) else None


def _outlook_of(history: ProductHistory, limit: int) -> Outlook:
    peaks = peaks_until([(day.day, day.highest) for day in history.days], history.as_of)
    if all(peak.peak is None for peak in peaks):
        # Only polls of a clock that ran ahead: what the last of them knew is taken for today's.
        peaks = [DailyPeak(history.as_of, history.assigned)]
    ahead = outlook(peaks, [step for step in history.steps if step <= history.as_of], limit)
    assert isinstance(ahead, Outlook), "a day is known"
    return ahead


def _units_by_subscription(parts: Sequence[Part]) -> dict[str, int]:
    units: dict[str, int] = {}
    for part in parts:
        units[part.subscription or ""] = units.get(part.subscription or "", 0) + (part.purchased or 0)
    return units
