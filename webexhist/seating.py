"""The story of idle seats: ask Webex who does not use them → what they cost → what unassigning would give back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from webexhist.config import Settings
from webexhist.errors import UsageError
from webexhist.review.judgment.prices import money_a_year
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.reviewing import review_latest
from webexhist.seats import are_seats
from webexhist.snapshot import LastPoll, License, Organization
from webexhist.state.exclusions_file import exclusions
from webexhist.state.listings import remembered_listings
from webexhist.store.errors import MissingDatabaseError
from webexhist.store.opening.history import open_history
from webexhist.store.rows.last_polls import last_polls
from webexhist.texts import folded
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import NotPermitted
from webexhist.webex.api.passing_time import PassingTime
from webexhist.webex.before import Before
from webexhist.webex.collectors.interface import AskedOnce
from webexhist.webex.collectors.seats import SEATS
from webexhist.webex.collectors.windows import server_now
from webexhist.webex.connected import connected
from webexhist.webex.idle_seats import IdleSeat, IdleSeats, idle_seats
from webexhist.webex_ids import uuid_of

LONGEST_SECONDS = 86_400.0
"""A person's command has no agent's time limit; it still ends."""
SOON = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose seats are asked for."""

    idle_days: int
    by: str
    license: str | None
    """An id, a type code or a part of a name; None for all that are seats."""
    organization: str | None
    """A name or id; None for all."""


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


@dataclass(frozen=True, slots=True)
class Seating:
    """Idle seats, the dearest first, and what they give back."""

    seats: tuple[PricedSeat, ...]
    freed: tuple[Freed, ...]
    hidden: int
    pending: int
    without_presence: tuple[str, ...]
    """The organizations of which Webex says of nobody when he was last active."""


@dataclass(frozen=True, slots=True)
class Known:
    """What polls stored, by the organizations' UUIDs."""

    reviews: Mapping[str, OrganizationReview]
    polls: Mapping[str, LastPoll]


def list_idle_seats(settings: Settings, clock: Callable[[], datetime], time: PassingTime, asked: Asked) -> Seating:
    """Asks Webex live; nothing is kept of it.

    Raises:
        UsageError: no license or organization is called so.
        WebexError: the list of people could not be read to its end.
    """
    known = known_of(settings, clock())
    found = ask_webex(settings, clock, time, asked, known)
    if asked.license and not any(each.licenses for each in found.values()):
        raise UsageError(f"no license is called {asked.license!r}", "see webexhist licenses, or name its id")
    seats: list[PricedSeat] = []
    freed: list[Freed] = []
    for organization, idle in found.items():
        products = products_by_license(known.reviews.get(uuid_of(organization.webex_id)))
        own = [priced(organization, seat, products) for seat in idle.seats]
        seats += own
        freed += freed_of(organization, own, products, are_all=asked.license is None)
    return Seating(
        tuple(sorted(seats, key=dearest_first)),
        tuple(sorted(freed, key=lambda each: (-(each.money_a_year or 0), -each.units, each.name))),
        hidden=sum(each.hidden for each in found.values()),
        pending=sum(each.pending for each in found.values()),
        without_presence=tuple(
            organization.name for organization, each in found.items() if each.hidden and not each.was_anybody_seen
        ),
    )


def ask_webex(
    settings: Settings,
    clock: Callable[[], datetime],
    time: PassingTime,
    asked: Asked,
    known: Known,
) -> dict[Organization, IdleSeats]:
    """The idle seats of each organization, asked for live."""
    before = Before(last=known.polls, exclusions=lambda: exclusions(settings))
    counted = are_counted(known.reviews.values())
    listed = remembered_listings(settings).own
    with connected(settings, clock, Deadline(LONGEST_SECONDS, time), listed) as (client, listing):
        now = server_now(client)
        found = {}
        for organization in of_name(listing.polled, asked.organization):
            target = before.target(organization, settings, lambda: now, AskedOnce())
            target = replace(target, seats_by=asked.by)
            try:
                found[organization] = idle_seats(client, target, asked.idle_days, wanted_of(asked.license, counted))
            except NotPermitted as error:
                raise NotPermitted(error.problem, SEATS.permission.how_to_permit()) from error
        return found


def of_name(listed: Sequence[Organization], name: str | None) -> list[Organization]:
    """The organization of a name or id, or all. Raises UsageError where there is none."""
    found = [
        each
        for each in listed
        if not name or folded(name) == folded(each.name) or uuid_of(name) == uuid_of(each.webex_id)
    ]
    if not found:
        names = ", ".join(sorted(each.name for each in listed))
        raise UsageError(f"the token lists no organization {name!r}", f"name one of {names}")
    return found


def are_counted(reviews: Iterable[OrganizationReview]) -> dict[str, bool]:
    """Whether the units of each license are seats, as a person said or else as it is known, by its id at Webex."""
    return {each.license.webex_id: each.product is not None for review in reviews for each in review.licenses}


def wanted_of(name: str | None, counted: Mapping[str, bool]) -> Callable[[License], bool]:
    """Which licenses are looked at: those of a name, code or id, or all that are seats."""
    if name is None:
        return lambda license_: counted.get(license_.webex_id, are_seats(license_.code, license_.name))
    return lambda license_: (
        folded(name) in folded(license_.name) or name.upper() == license_.code.upper() or name == license_.webex_id
    )


def known_of(settings: Settings, now: datetime) -> Known:
    """What polls stored; nothing where none did yet."""
    try:
        with open_history(settings.database) as history:
            reviews = {uuid_of(review.webex_id): review for review in review_latest(history, now)}
            return Known(reviews, last_polls(history))
    except MissingDatabaseError:
        return Known({}, {})


def products_by_license(review: OrganizationReview | None) -> dict[str, ProductReview]:
    """The products of a review by the ids of their licenses."""
    if review is None:
        return {}
    return {each.license.webex_id: product for product in review.products for each in product.licenses}


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


def dearest_first(each: PricedSeat) -> tuple[bool, Decimal, str, int, str, str]:
    """What costs most first, then what was not used for longest; what has no price last."""
    idle = each.seat.idle_days if each.seat.idle_days is not None else 1_000_000
    money = each.money_a_year or Decimal()
    return each.money_a_year is None, -money, each.seat.license.name, -idle, each.organization, each.seat.address


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
