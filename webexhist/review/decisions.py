"""The decisions of an organization: what follows from its products, its lists and its polls; most urgent first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.products import is_trial
from webexhist.review.judgment.decisions.limits import decisions_about_limits
from webexhist.review.judgment.decisions.listings import (
    Proposal,
    Shrunk,
    Unknown,
    Vanished,
    decisions_about_listings,
)
from webexhist.review.judgment.decisions.silence import not_polled
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.terms import decisions_about_terms
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.licenses import Material, last_known, vanished_products
from webexhist.review.silence import SilentOrganization
from webexhist.review.unknown_units import unknown_units
from webexhist.snapshot import LICENSE_LIST, CollectionStatus
from webexhist.store.rows.collection_log import CollectionSpan
from webexhist.store.values import DailyUsage
from webexhist.successions import NEAR
from webexhist.units import is_unlimited

LICENSES = "licenses"
"""The collector of the list of licenses."""
A_DAY = timedelta(days=1)
SHOWN_FOR = timedelta(days=7)
"""For so long it is reported that a list shrank, where it does not grow again."""


def decisions_of(
    material: Material,
    products: Sequence[ProductReview],
    proposals: Sequence[Proposal],
    subject: Subject,
    silent: SilentOrganization | None,
) -> Iterator[Decision]:
    """Everything that needs a decision at the end of the month, or now; `silent` where it is not polled any more."""
    if silent:
        yield not_polled(subject, silent.last_polled_on)
    for product in products:
        yield from decisions_about_limits(subject, product)
        yield from decisions_about_terms(subject, product)
    yield from unknown_units(subject, material, products)
    waiting = {proposal.former.webex_id for proposal in proposals}
    yield from decisions_about_listings(
        subject,
        products,
        [each for each in _vanished(material) if not waiting & {license_.webex_id for license_ in each.licenses}],
        proposals,
        _shrunk(material, products),
        _unknown(material),
    )


def _vanished(material: Material) -> Iterator[Vanished]:
    """The products, those on trial too, of which the last license vanished within a month."""
    known = last_known(material.rows)
    for product, licenses in vanished_products(material.rows, material.entered).items():
        last = [days[-1] for each in licenses if (days := _known_days(material, each))]
        if not last:
            continue
        ended = max(day.day for day in last)
        since = _next_polled_day(material, ended)
        assigned = sum(day.last or 0 for day in last if day.day == ended)
        if assigned and material.time.as_of - since <= NEAR:
            first = min(licenses, key=lambda each: known[each].first_number)
            yield Vanished(
                product=product,
                licenses=tuple(known[each].license for each in licenses),
                first_id=first,
                last_day=ended,
                since=min(since, material.time.as_of),
                assigned=assigned,
            )


def _known_days(material: Material, webex_id: str) -> list[DailyUsage]:
    return [day for day in material.rows.licenses_by_day.get(webex_id, ()) if day.last is not None]


def _next_polled_day(material: Material, day: date) -> date:
    """The first day after one on which a license was listed, whatever months are shown; else the day after it."""
    listed = (each.day for days in material.rows.licenses_by_day.values() for each in days if each.day > day)
    return min(listed, default=days_later(day, 1))


def _shrunk(material: Material, products: Sequence[ProductReview]) -> Shrunk | None:
    """Says that the last poll met a list that became small or empty, unless a product with nothing purchased does."""
    last = material.time.numbers.last
    reported = [each for each in material.rows.collections if each.collector == LICENSE_LIST and _is_said(each)]
    standing = _up_to(reported, last)
    if not standing or material.time.until - standing[0].began_at > SHOWN_FOR:
        return None
    last_list = material.rows.last_list
    before = last_list.rows_before if last_list else None
    now = (last_list.rows or 0) if last_list else 0
    lost = None if before is None or before <= now else before - now
    began_at = standing[0].began_at
    day = material.time.zone.day_of(began_at)
    if lost is None and _is_said_by_products(products, day):
        return None
    if now and _is_of_trials_alone(material, products, day):
        return None
    return Shrunk(began_at, day, lost, standing[-1].error or "it is empty")


def _is_said_by_products(products: Iterable[ProductReview], day: date) -> bool:
    """Whether each product with less purchased than before a day has nothing purchased: its own decision says so."""
    fallen = [each for each in products if _has_less_than_before(each, day)]
    return bool(fallen) and all(each.closing.purchased == 0 and each.closing.last for each in fallen)


def _is_of_trials_alone(material: Material, products: Iterable[ProductReview], day: date) -> bool:
    """Whether all that a list lost on a day was on trial: no figure of what was bought is too small for that."""
    last_held = {webex_id: days[-1].day for webex_id, days in material.rows.licenses_by_day.items() if days}
    before = max((held for held in last_held.values() if held < day), default=day)
    lost = [
        known.license
        for webex_id, known in last_known(material.rows).items()
        if webex_id not in material.rows.listed and last_held.get(webex_id, date.min) >= before
    ]
    return (
        bool(lost)
        and all(is_trial(each.subscription_id) for each in lost)
        and not any(_has_less_than_before(each, day) for each in products)
    )


def _has_less_than_before(product: ProductReview, day: date) -> bool:
    known = (each.purchased for each in reversed(product.days) if each.day < day and each.purchased is not None)
    before, now = next(known, None), product.closing.purchased
    return before is not None and before > (now or 0) and not is_unlimited(now)


def _is_said(span: CollectionSpan) -> bool:
    return span.status in (CollectionStatus.NOTICE, CollectionStatus.NOT_USED)


def _up_to(spans: Iterable[CollectionSpan], number: int) -> list[CollectionSpan]:
    """The spans that follow each other without a poll between them, up to the one that holds a snapshot."""
    found: list[CollectionSpan] = []
    for each in sorted(spans, key=lambda span: span.numbers.first, reverse=True):
        if each.numbers.last >= number and each.numbers.first <= number:
            found.insert(0, each)
            number = each.numbers.first - 1
    return found


def _unknown(material: Material) -> Unknown | None:
    """Says that the list is not known: at a month's end, or now and for a day already."""
    last_list, time = material.rows.last_list, material.time
    if last_list is None or last_list.rows is not None:
        return None
    polls = material.rows.poll_times
    first_of_day = next(poll for poll in polls if polls[-1] - poll < A_DAY)
    if not time.is_complete and last_list.since > first_of_day:
        return None
    reasons = (
        each.error
        for each in material.rows.collections
        if each.collector == LICENSES and each.numbers.first <= time.numbers.last <= each.numbers.last
    )
    return Unknown(time.zone.day_of(last_list.since), next(reasons, None))
