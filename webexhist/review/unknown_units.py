"""Licenses that are listed while their units are not known: nobody may take their last known units for today's."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from webexhist.license_lists import UNUSABLE
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import Decision, DecisionKind
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.judgment.words import spoken
from webexhist.review.licenses import Material
from webexhist.store.rows.collection_log import CollectionSpan
from webexhist.store.values import DailyUsage

A_DAY = timedelta(days=1)


def unknown_units(subject: Subject, material: Material, products: Iterable[ProductReview]) -> Iterator[Decision]:
    """The products of which units are not known at the month's end; or now, and for a day already."""
    last_list = material.rows.last_list
    if last_list is None or last_list.rows is None:
        return  # the whole list is not known, which is reported by itself
    said = _said(material)
    for product in products:
        unknown = {
            each: since
            for each in product.licenses
            if each.listed and (since := _unknown_since(material, each, is_said=_names(said, each)))
        }
        if not unknown:
            continue
        since = min(unknown.values())
        if not material.time.is_complete and not _is_for_a_day(material, since, said):
            continue
        reasons = [reason for reason in _reasons(said) if any(_is_of(reason, each) for each in unknown)]
        why = f": {', '.join(reasons)}" if reasons else ""
        yield subject.of_product(
            DecisionKind.UNKNOWN,
            product,
            f"has units that are not known since {spoken(since)}{why}",
            since,
            licenses=tuple(unknown),
            since=since,
        )


def _said(material: Material) -> CollectionSpan | None:
    """What is known of units that cannot be, in the last snapshot."""
    last = material.time.numbers.last
    return next(
        (
            each
            for each in material.rows.collections
            if each.collector == UNUSABLE and each.error and each.numbers.first <= last <= each.numbers.last
        ),
        None,
    )


def _reasons(said: CollectionSpan | None) -> list[str]:
    return (said.error or "").removeprefix("unknown, for ").split(", ") if said else []


def _is_of(reason: str, license_: LicenseReview) -> bool:
    return f" of {license_.license.name} " in f"{reason} "


def _names(said: CollectionSpan | None, license_: LicenseReview) -> bool:
    return any(_is_of(reason, license_) for reason in _reasons(said))


def _unknown_since(material: Material, license_: LicenseReview, *, is_said: bool) -> date | None:
    """The day since which no poll has known its units; None where the last polled day knew them."""
    days: Sequence[DailyUsage] = material.rows.licenses_by_day.get(license_.license.webex_id, ())
    asked_on = material.licenses_asked_on
    since = None
    for day in reversed(days):
        if day.day > asked_on:
            continue
        if day.last is not None and day.purchased is not None:
            break
        since = day.day
    if since is None and is_said:
        return asked_on
    return since if any(day.day == asked_on for day in days[-1:]) else None


def _is_for_a_day(material: Material, since: date, said: CollectionSpan | None) -> bool:
    polls = material.rows.poll_times
    first_of_day = next(poll for poll in polls if polls[-1] - poll < A_DAY)
    return since < material.time.zone.day_of(first_of_day) or bool(said and said.began_at <= first_of_day)
