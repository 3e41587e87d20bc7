"""How the seats of an organization are used, what could be taken back of them, and what each group costs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from webexhist.months import Month
from webexhist.quantities import quantity
from webexhist.review.judgment.cost import CostTotal, cost_totals
from webexhist.review.judgment.decisions.values import Decision, DecisionKind
from webexhist.review.judgment.people import STANDS
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.judgment.words import spoken
from webexhist.seat_counts import EVERYONE, SeatCounts
from webexhist.store.rows.seats import SeatsAt
from webexhist.time_zones import TimeZone
from webexhist.units import sum_known

MONTHS_A_YEAR = 12
EASED = frozenset({DecisionKind.OVER, DecisionKind.TRUE_FORWARD, DecisionKind.RUNS_OUT, DecisionKind.RENEWAL})
"""What seats that are freed make smaller."""


@dataclass(frozen=True, slots=True)
class GroupUse:
    """The seats of a product that a group of people holds."""

    group: str
    counts: SeatCounts
    cost_a_month: Decimal | None
    """None where no price is entered, or it is not known how many units they are."""


@dataclass(frozen=True, slots=True)
class ProductSeats:
    """How the seats of a product are used."""

    review: ProductReview = field(compare=False, repr=False)
    product: str
    name: str
    counts: SeatCounts
    months: tuple[tuple[Month, int], ...]
    """What could be taken back at the last sweep of all people of each month, where there was one."""
    groups: tuple[GroupUse, ...]
    """Those with the most to take back first; none where people are not grouped."""
    money_a_year: Decimal | None
    """Of what could be taken back."""
    cost_a_month: Decimal | None
    """Of all of its seats."""
    currency: str | None


@dataclass(frozen=True, slots=True)
class GroupTotal:
    """The seats of all products that a group of people holds: what it is charged."""

    group: str
    units: int | None
    reclaimable: int
    costs_a_month: tuple[CostTotal, ...] | None
    """By currency; None where a part of it is not known."""


@dataclass(frozen=True, slots=True)
class SeatReview:
    """How seats were used at the last sweep of all people of a month."""

    taken_at: datetime
    products: tuple[ProductSeats, ...]
    """Those with the most to save first."""

    @property
    def reclaimable(self) -> int:
        """Seats of all products together."""
        return sum(each.counts.reclaimable for each in self.products)

    @property
    def a_year(self) -> tuple[CostTotal, ...]:
        """What these cost a year, by currency."""
        money: dict[str, Decimal] = {}
        for each in self.products:
            if each.money_a_year is not None and each.currency:
                money[each.currency] = money.get(each.currency, Decimal()) + each.money_a_year
        return cost_totals(CostTotal(currency, amount, None) for currency, amount in money.items())

    @property
    def is_presence_hidden(self) -> bool:
        """Whether Webex said of nobody when he was last active, though of some who hold seats that is not known."""
        counts = [each.counts for each in self.products]
        return any(each.hidden for each in counts) and not any(each.active or each.idle_30 for each in counts)

    @property
    def is_grouped(self) -> bool:
        """Whether seats were counted by departments, locations or titles."""
        return any(each.groups for each in self.products)

    @property
    def groups(self) -> tuple[GroupTotal, ...]:
        """The groups with all that they hold by their names, the most seats first."""
        of_group: dict[str, list[tuple[GroupUse, str | None]]] = {}
        for product in self.products:
            for use in product.groups:
                of_group.setdefault(use.group, []).append((use, product.currency))
        totals = (group_total(group, uses) for group, uses in of_group.items())
        return tuple(sorted(totals, key=lambda each: (-(each.units or 0), each.group)))

    def reclaimable_of(self, product: str | None) -> int:
        """What could be taken back of a product; 0 where that is not known."""
        return sum(each.counts.reclaimable for each in self.products if each.product == product)


def seat_review(
    by_day: Sequence[SeatsAt], by_group: Sequence[SeatsAt], products: Iterable[ProductReview], zone: TimeZone
) -> SeatReview | None:
    """The use of the judged products' seats; None where nobody swept all people within the month."""
    if not by_group:
        return None
    taken_at = by_group[0].taken_at
    found = [
        seats_of(product, by_day, [each for each in by_group if each.product == product.product], zone)
        for product in products
        if any(each.product == product.product for each in by_group)
    ]
    found.sort(key=lambda each: (-(each.money_a_year or 0), -each.counts.reclaimable, each.name))
    return SeatReview(taken_at, tuple(found))


def seats_of(
    product: ProductReview, by_day: Iterable[SeatsAt], groups: Sequence[SeatsAt], zone: TimeZone
) -> ProductSeats:
    """How the seats of a product are used, by month and by group of people."""
    cost = product.judgment.cost if product.judgment else None
    by_group: dict[str, list[SeatsAt]] = {}
    for each in groups:
        by_group.setdefault(each.group, []).append(each)
    monthly = {
        Month.of(zone.day_of(each.taken_at)): each.counts.reclaimable
        for each in by_day
        if each.product == product.product
    }
    uses = [
        GroupUse(
            group, counts_of(own), money_a_month(product, [(each.license_id, each.counts.units) for each in own])
        )
        for group, own in by_group.items()
    ]
    freed = money_a_month(product, [(each.license_id, each.counts.reclaimable) for each in groups])
    uses.sort(key=lambda use: (-use.counts.reclaimable, use.group))
    return ProductSeats(
        review=product,
        product=product.product,
        name=product.name,
        counts=counts_of(groups),
        months=tuple(sorted(monthly.items())),
        groups=() if {use.group for use in uses} == {EVERYONE} else tuple(uses),
        money_a_year=None if freed is None else freed * MONTHS_A_YEAR,
        cost_a_month=money_a_month(product, [(each.license_id, each.counts.units) for each in groups]),
        currency=cost.currency if cost else None,
    )


def group_total(group: str, uses: Iterable[tuple[GroupUse, str | None]]) -> GroupTotal:
    """What a group holds of several products, each with its currency."""
    own = list(uses)
    costs = [
        CostTotal(currency, use.cost_a_month, None)
        for use, currency in own
        if currency and use.cost_a_month is not None
    ]
    return GroupTotal(
        group,
        sum_known(use.counts.units for use, _ in own),
        sum(use.counts.reclaimable for use, _ in own),
        cost_totals(costs) if len(costs) == len(own) else None,
    )


def counts_of(seats: Iterable[SeatsAt]) -> SeatCounts:
    """The counts of several licenses or groups together."""
    return sum((each.counts for each in seats), SeatCounts())


def money_a_month(product: ProductReview, units: Iterable[tuple[str, int | None]]) -> Decimal | None:
    """What units of a product's licenses cost, each at the price of its own license; None where that is not known.

    A license that is not listed any more costs what the dearest of the product does.
    """
    cost = product.judgment.cost if product.judgment else None
    if cost is None:
        return None
    money = 0 * cost.price.amount
    for license_id, number in units:
        price = product.seat_prices.get(license_id) or cost.price
        if number is None:
            return None
        money += number * price.amount
    return money


def with_idle_seats(
    decisions: Iterable[Decision], seats: SeatReview | None, counted_on: date | None, as_of: date
) -> Iterator[Decision]:
    """The decisions; those that freed seats would ease say how many could be freed first.

    What was counted long before the last day of the review bears its day.
    """
    is_old = counted_on is not None and as_of - counted_on > STANDS
    day = f", as counted on {spoken(counted_on)}" if counted_on and is_old else ""
    for decision in decisions:
        idle = seats.reclaimable_of(decision.product) if seats and decision.kind in EASED else 0
        if not idle or (decision.units or 0) < 0:
            yield decision
        else:
            unused = quantity(idle, "seat that is not used", "seats that are not used")
            yield replace(decision, reason=f"{decision.reason}; {unused} could be freed first{day}")
