"""The story of idle seats: ask Webex who does not use them → what they cost → what unassigning would give back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from webexhist.config import Settings
from webexhist.errors import UsageError
from webexhist.freed_seats import Freed, PricedSeat, freed_of, priced
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.monthly import NothingToReviewError
from webexhist.review.reviews import OrganizationReview
from webexhist.reviewing import review_latest
from webexhist.seats import are_seats
from webexhist.snapshot import LastPoll, License, Organization
from webexhist.state.clock_file import now_at_webex
from webexhist.state.exclusions_file import exclusions
from webexhist.state.listings import listed_before
from webexhist.store.errors import MissingDatabaseError
from webexhist.store.opening.history import open_history
from webexhist.store.rows.last_polls import last_polls
from webexhist.store.rows.polls import present
from webexhist.texts import folded
from webexhist.webex.api.deadline import Deadline
from webexhist.webex.api.errors import NotPermitted
from webexhist.webex.api.passing_time import PassingTime
from webexhist.webex.before import Before
from webexhist.webex.collectors.interface import AskedOnce
from webexhist.webex.collectors.seats import SEATS
from webexhist.webex.collectors.windows import server_now
from webexhist.webex.connected import connected
from webexhist.webex.idle_seats import IdleSeats, idle_seats
from webexhist.webex_ids import uuid_of

LONGEST_SECONDS = 86_400.0
"""A person's command has no agent's time limit; it still ends."""


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
class Seating:
    """Idle seats, the dearest first, and what they give back."""

    seats: tuple[PricedSeat, ...]
    freed: tuple[Freed, ...]
    hidden: int
    pending: int
    without_presence: tuple[str, ...]
    """The organizations of which Webex says of nobody when he was last active."""
    warnings: tuple[str, ...]
    """Of rows behind products and prices that something else than webexhist changed."""


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
    known = known_of(settings, now_at_webex(settings.state_dir, clock()))
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
        warnings=tuple(review.warning for review in known.reviews.values() if review.warning),
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
    with connected(settings, clock, Deadline(LONGEST_SECONDS, time), listed_before(settings)) as webex:
        now = server_now(webex.client)
        found = {}
        for organization in of_name(webex.listing.polled, asked.organization):
            target = before.target(organization, settings, lambda: now, AskedOnce())
            target = replace(target, seats_by=asked.by)
            try:
                found[organization] = idle_seats(
                    webex.client, target, asked.idle_days, wanted_of(asked.license, counted)
                )
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
            reviews = {uuid_of(review.webex_id): review for review in review_latest(history, present(history, now))}
            return Known(reviews, last_polls(history))
    except (MissingDatabaseError, NothingToReviewError):
        return Known({}, {})


def products_by_license(review: OrganizationReview | None) -> dict[str, ProductReview]:
    """The products of a review by the ids of their licenses."""
    if review is None:
        return {}
    return {each.license.webex_id: product for product in review.products for each in product.licenses}


def dearest_first(each: PricedSeat) -> tuple[bool, Decimal, str, int, str, str]:
    """What costs most first, then what was not used for longest; what has no price last."""
    idle = each.seat.idle_days if each.seat.idle_days is not None else 1_000_000
    money = each.money_a_year or Decimal()
    return each.money_a_year is None, -money, each.seat.license.name, -idle, each.organization, each.seat.address
