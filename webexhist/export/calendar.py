"""renewals.ics: the days of contracts for the calendar of whoever has to act on them (RFC 5545).

Every event is a whole day wherever its reader is, leaves the day free for other things, and has an id that stays: the
file of a later month, or one after a contract was corrected, moves it in place of adding it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from icalendar import Calendar, Event

from webexhist import __version__
from webexhist.contract_kinds import Renewal
from webexhist.months import days_later
from webexhist.review.judgment.terms import (
    ASSUMED_NOTICE,
    YEAR,
    allowance_percent,
    term_end,
    year_measured,
    year_to_measure,
)
from webexhist.review.judgment.usage import LicenseReview
from webexhist.review.judgment.words import spoken
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.entered.contracts import Contract
from webexhist.texts import on_one_line
from webexhist.units import in_words
from webexhist.webex_ids import uuid_of

NAME = "Webex licensing"
DOMAIN = "webexhist"
"""Behind the ids of events, so that they are nobody else's."""
MOST_LICENSES = 10
"""That an event lists."""


@dataclass(frozen=True, slots=True)
class ContractDay:
    """A day on which something of a contract is due."""

    word: str
    """What it is, in its id."""
    day: date
    what: str
    about: str
    occasion: str
    """What distinguishes it from the same of another term: when that is, as exactly as terms are long."""


Events = tuple[tuple[tuple[date, str], Event], ...]
"""Each after its day and id."""


def renewals_ics(review: MonthlyReview) -> str | None:
    """The calendar of a month's contracts, from its last day on; None where no contract has a day to come."""
    return calendar_of([events_of(organization) for organization in review.organizations])


def events_of(review: OrganizationReview) -> Events:
    """The events of one organization's contracts."""
    return tuple(_events(review))


def calendar_of(organizations: Iterable[Events]) -> str | None:
    """The calendar of the events of all organizations; None where there are none."""
    events = dict(found for events in organizations for found in events)
    if not events:
        return None  # a calendar without events is none
    calendar = Calendar()
    calendar.add("prodid", f"-//webexhist//webexhist {__version__}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    for _, event in sorted(events.items()):
        calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def _events(review: OrganizationReview) -> Iterator[tuple[tuple[date, str], Event]]:
    """The events of an organization, each after its day and id."""
    as_of = min(review.period.last_day, review.zone.day_of(review.known_until))
    held: dict[str, list[LicenseReview]] = {}
    contracts: dict[str, Contract] = {}
    for each in review.licenses:
        if each.contract and each.listed:
            contracts[each.contract.subscription] = each.contract
            held.setdefault(each.contract.subscription, []).append(each)
    for subscription, contract in sorted(contracts.items()):
        for found in contract_days(contract, as_of):
            uid = uid_of(review.webex_id, subscription, found)
            yield (found.day, uid), _event(review, contract, held[subscription], found, uid)


def contract_days(contract: Contract, as_of: date) -> Iterator[ContractDay]:
    """The days of a contract that are still to come on a day."""
    if contract.starts is None:
        return
    days = [*_days_of_term(contract, as_of), *_days_of_true_forward(contract, as_of)]
    yield from (each for each in days if each.day >= as_of)


def _days_of_term(contract: Contract, as_of: date) -> Iterator[ContractDay]:
    end = term_end(contract, as_of)
    if end is None:
        return
    term = contract.term or YEAR
    occasion = f"{end.renews_on:%Y}" if term >= YEAR else f"{end.renews_on:%Y-%m}"
    assumed = "" if contract.term else " The length of the term is not entered: this is the next anniversary."
    if contract.renews is Renewal.NO:
        about = "It does not renew: what is assigned stops on that day."
        yield ContractDay("renewal", end.renews_on, "ends", about + assumed, occasion)
        return
    yield ContractDay("renewal", end.renews_on, "renews", f"The first day of the next term.{assumed}", occasion)
    days = f"{ASSUMED_NOTICE} days of notice are assumed" if end.notice_is_assumed else f"{contract.notice} days"
    about = f"The last day to change the term that begins on {spoken(end.renews_on)} ({days}).{assumed}"
    yield ContractDay("notice", end.notice_on, "last day for notice", about, occasion)


def _days_of_true_forward(contract: Contract, as_of: date) -> Iterator[ContractDay]:
    if allowance_percent(contract) is None:
        return
    ahead = year_to_measure(contract, max(as_of, contract.starts or as_of))
    measured = year_measured(contract, as_of)
    if ahead:
        due = (
            "the anniversary is the renewal, and nothing remains to be billed"
            if ahead.months_left == 0
            else f"what is above the allowance is due on {spoken(ahead.anniversary)}"
        )
        about = f"At the end of this day the account is measured for True Forward: {due}."
        yield ContractDay("measured", ahead.measured_on, "True Forward is measured", about, f"{ahead.anniversary:%Y}")
    for year in filter(None, (measured, ahead)):
        if year.months_left != 0:
            about = f"What is above the allowance on {spoken(year.measured_on)} is billed from this day on."
            yield ContractDay(
                "true-forward", year.anniversary, "True Forward is due", about, f"{year.anniversary:%Y}"
            )


def _event(
    review: OrganizationReview, contract: Contract, licenses: Sequence[LicenseReview], found: ContractDay, uid: str
) -> Event:
    name = f"{contract.subscription} ({contract.name})" if contract.name else contract.subscription
    event = Event()
    event.add("uid", uid)
    entered_at = [contract.signed.at] if contract.signed else []
    event.add("dtstamp", max(review.known_until, *entered_at))
    event.add("dtstart", found.day)
    if found.day < date.max:  # without an end an event is of one day, too (RFC 5545, 3.6.1)
        event.add("dtend", days_later(found.day, 1))
    event.add("summary", on_one_line(f"{review.name}: {name} {found.what}"))
    event.add("description", "\n".join([found.about, *_held(review, licenses)]))
    event.add("categories", [NAME])
    event.add("transp", "TRANSPARENT")
    return event


def uid_of(organization_id: str, subscription: str, found: ContractDay) -> str:
    """The same for the same event in every file, on whichever day the contract has it."""
    origin = "\0".join((found.word, uuid_of(organization_id), subscription, found.occasion))
    return f"{sha256(origin.encode()).hexdigest()[:32]}@{DOMAIN}"


def _held(review: OrganizationReview, licenses: Sequence[LicenseReview]) -> Iterator[str]:
    """What the subscription holds, for whoever wonders what the day is about."""
    for each in licenses[:MOST_LICENSES]:
        closing = each.closing
        if closing.last is not None:
            purchased = in_words(closing.purchased)
            bought = f"{purchased:,}" if isinstance(purchased, int) else purchased or "unknown"
            unit = "unit" if purchased == 1 else "units"
            yield on_one_line(f"{each.license.name}: {closing.last:,} of {bought} {unit} assigned")
    if len(licenses) > MOST_LICENSES:
        yield f"And {len(licenses) - MOST_LICENSES} more."
    yield f"As of {spoken(review.zone.day_of(review.licenses_as_of))}."
