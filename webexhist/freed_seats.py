"""What it would give back to unassign idle seats: units, money, and how likely the rest then suffices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from webexhist.review.judgment.prices import money_a_year
from webexhist.review.judgment.usage import ProductReview
from webexhist.snapshot import Organization
from webexhist.webex.idle_seats import IdleSeat

SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class PricedSeat:
    """A seat that is not used, and what it costs."""

    organization: str
    organization_id: str
    seat: IdleSeat
    money_a_year: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class Freed:
    """What it would give back to unassign the idle seats of a product."""

    organization: str
    product: str
    name: str
    units: int
    people: int | None
    """How many people would hold no license of its account any more; None where units are judged, and not people."""
    assigned: int | None
    """Of the product, as the last poll knew it."""
    limit: int
    money_a_year: Decimal | None
    currency: str | None
    suffice_now: float
    """How likely what may be assigned suffices for the next 90 days, as it is."""
    suffice_then: float
    """The same without these seats."""
    measured_on: date | None
    """The next measurement day of True Forward; None where there is none."""
    over_now: float | None
    """How likely more than the limit is assigned then, as it is."""
    over_then: float | None
    renews_on: date | None
    """The first end of a term of which it is known how many units suffice."""
    term_now: float | None
    """How likely what is purchased suffices for the term after it."""
    term_then: float | None


def priced(organization: Organization, seat: IdleSeat, products: Mapping[str, ProductReview]) -> PricedSeat:
    """A seat with what it costs a year, where its price is known."""
    product = products.get(seat.license.webex_id)
    price = product.seat_prices.get(seat.license.webex_id) if product else None
    return PricedSeat(
        organization.name,
        organization.webex_id,
        seat,
        money_a_year(1, price),
        price.currency if price else None,
    )


def freed_of(
    organization: Organization, seats: Sequence[PricedSeat], products: Mapping[str, ProductReview], *, are_all: bool
) -> list[Freed]:
    """What the seats would give back, by product; `are_all` says whether the seats of all licenses were asked for."""
    of_product: dict[str, list[PricedSeat]] = {}
    by_name = {product.product: product for product in products.values()}
    for each in seats:
        if product := products.get(each.seat.license.webex_id):
            of_product.setdefault(product.product, []).append(each)
    every_seat = [each.seat for each in seats]
    found = []
    for name, own in of_product.items():
        relief = relief_of(by_name[name], len(own), every_seat, are_all=are_all)
        found.append(freed_by(organization, by_name[name], own, relief))
    return [each for each in found if each is not None]


def relief_of(product: ProductReview, units: int, seats: Sequence[IdleSeat], *, are_all: bool) -> int:
    """By how many units or people a product would fall: where people count, by those who keep no license of it.

    Whoever loses one license of several goes on to be counted, so that it takes the seats of all licenses.
    """
    if product.people is None:
        return units
    if not are_all:
        return 0
    own = {each.license.webex_id for each in product.licenses}
    return len(
        {
            (seat.address, seat.person)
            for seat in seats
            if seat.license.webex_id in own
            or (product.is_for_a_suite and seat.license.subscription_id in product.subscriptions)
        }
    )


def freed_by(
    organization: Organization, product: ProductReview, seats: Sequence[PricedSeat], relief: int
) -> Freed | None:
    """What the seats of a product would change: `relief` is the same as if so many more were bought."""
    judgment = product.judgment
    if judgment is None:
        return None
    currencies = {each.currency for each in seats}
    is_priced = len(currencies) == 1 and None not in currencies
    basis = judgment.plan_basis
    soon = basis.as_of + SOON
    limited = {more: basis.outlook.against(judgment.limit + more).chance_before(soon) for more in (0, relief)}
    forward = judgment.true_forward
    over_then = basis.outlook.against(forward.limit + relief).chance_on(forward.measured_on) if forward else None
    term = next((plan for plan in basis.plans() if not plan.refused), None)
    return Freed(
        organization=organization.name,
        product=product.product,
        name=product.name,
        units=len(seats),
        people=None if product.people is None else relief,
        assigned=product.closing.last,
        limit=judgment.limit,
        money_a_year=sum((each.money_a_year or Decimal() for each in seats), Decimal()) if is_priced else None,
        currency=seats[0].currency if is_priced else None,
        suffice_now=1 - limited[0],
        suffice_then=1 - limited[relief],
        measured_on=forward.measured_on if forward else None,
        over_now=forward.projected.chance if forward else None,
        over_then=over_then,
        renews_on=term.end.renews_on if term else None,
        term_now=basis.chance_that_suffice(term, term.purchased) if term else None,
        term_then=basis.chance_that_suffice(term, term.purchased + relief) if term else None,
    )
