"""What became of licenses on the list: gone, replaced, or no longer known."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from webexhist.products import is_trial
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import Decision, DecisionKind
from webexhist.review.judgment.replacements import Replacement
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.judgment.words import spoken, units
from webexhist.snapshot import License


@dataclass(frozen=True, slots=True)
class Vanished:
    """A product of which no license is listed any more, though seats were assigned, and that nothing continues."""

    product: str
    licenses: tuple[License, ...]
    first_id: str
    last_day: date
    """On which it was listed, or counted where it was listed longer: one that stays, whenever the next poll comes."""
    since: date
    """The first day without it, or today where earlier polls of today still held it."""
    assigned: int
    """Units, when they were last known."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A license that may continue another: a person has to say so."""

    number: int
    """By which it is confirmed or rejected."""
    former: License
    successor: License
    reason: str
    seen_on: date


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A list that lost more than half of what it held."""

    since: datetime
    day: date
    """On which that was, in the organization's time zone."""
    rows_lost: int | None
    """None where it lost units alone."""
    reason: str
    """What the poll that saw it said."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A list that is not known."""

    since: date
    why: str | None


def decisions_about_listings(
    subject: Subject,
    products: Iterable[ProductReview],
    vanished: Iterable[Vanished],
    proposals: Iterable[Proposal],
    shrunk: Shrunk | None,
    unknown: Unknown | None,
) -> Iterator[Decision]:
    """What the lists of an organization's licenses say."""
    if shrunk:
        yield subject.decision(
            DecisionKind.SHRUNK,
            f"has a list of licenses that shrank on {spoken(shrunk.day)}: {shrunk.reason}; figures may be too small",
            str(shrunk.since),
            since=shrunk.day,
            units=shrunk.rows_lost,
        )
    elif unknown:
        why = f": {unknown.why}" if unknown.why else ""
        yield subject.decision(
            DecisionKind.UNKNOWN,
            f"has unknown licenses since {spoken(unknown.since)}{why}",
            str(unknown.since),
            since=unknown.since,
        )
    for each in vanished:
        yield _gone(subject, each)
    for proposal in proposals:
        yield _proposed(subject, proposal)
    for product in products:
        if product.replacement:
            yield _in_progress(subject, product, product.replacement)


def _gone(subject: Subject, gone: Vanished) -> Decision:
    subscriptions = {each.subscription_id for each in gone.licenses}
    was = "was on trial, and " if is_trial(gone.licenses[0].subscription_id) else ""
    return subject.decision(
        DecisionKind.GONE,
        f"{was}is no longer listed since {spoken(gone.since)}, with {units(gone.assigned)} assigned, and nothing"
        " continues it",
        f"{gone.first_id} {gone.last_day}",
        subject=gone.licenses[0].name,
        product=gone.product,
        license_ids=tuple(each.webex_id for each in gone.licenses),
        subscription=subscriptions.pop() if len(subscriptions) == 1 else None,
        since=gone.since,
        units=gone.assigned,
    )


def _proposed(subject: Subject, proposal: Proposal) -> Decision:
    former, successor = proposal.former, proposal.successor
    return subject.decision(
        DecisionKind.SUCCESSION,
        f"({successor.place}) may continue {former.name} ({former.place}), {proposal.reason}: webexhist"
        f" succession confirm {proposal.number}, or reject {proposal.number}",
        f"{former.webex_id} {successor.webex_id}",
        subject=successor.name,
        license_ids=(former.webex_id, successor.webex_id),
        since=proposal.seen_on,
    )


def _in_progress(subject: Subject, product: ProductReview, seen: Replacement) -> Decision:
    former, successor = (license_.subscription_id or license_.name for license_ in (seen.former, seen.successor))
    return subject.of_product(
        DecisionKind.SUCCESSION,
        product,
        f"has a replacement in progress ({former} by {successor}): {seen.ending:,} of {units(seen.together)} are"
        " expected to end",
        f"{seen.former.webex_id} {seen.successor.webex_id}",
    )
