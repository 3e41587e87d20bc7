"""Licenses over the period of a review: days, months, names, what is listed, and what is judged with what."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter

from webexhist.months import Month, days_later
from webexhist.not_judged import NotJudged, Reason, why_no_seats
from webexhist.products import is_apart, product_of
from webexhist.review.judgment.contracts import EnteredFacts
from webexhist.review.judgment.known_days import Regularity, thin_months
from webexhist.review.judgment.replacements import Replacement, replacements
from webexhist.review.judgment.usage import LicenseReview
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.snapshot import LICENSES_HELD, License
from webexhist.store.entered.contracts import Contract
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.rows.organization_rows import OrganizationRows
from webexhist.store.rows.products import ProductSums
from webexhist.store.values import DailyUsage, MonthlyUsage

LATELY = 28
"""Days whose peak says what is not needed: on a weekend seats look free that are needed on Monday."""


@dataclass(frozen=True, slots=True)
class Seats:
    """Licenses that are judged together, by their ids at Webex."""

    listed: tuple[str, ...]
    vanished: tuple[str, ...]
    """Those that are listed no more and that nothing continues: what was assigned then counts for the past."""

    @property
    def all(self) -> tuple[str, ...]:
        """The licenses that are listed, then those that are gone."""
        return (*self.listed, *self.vanished)


def seats_by_product(rows: OrganizationRows, entered: EnteredFacts) -> dict[str, Seats]:
    """What is judged together, of rows that follow lineages."""
    groups: dict[str, tuple[list[str], list[str]]] = {}
    for known in last_known(rows).values():
        webex_id, contract = known.license.webex_id, entered.contract_of(known.license)
        if _why_no_seats(rows, known, contract, listed=True) is None:
            listed, vanished = groups.setdefault(product_of_known(known.license, contract), ([], []))
            (listed if webex_id in rows.listed else vanished).append(webex_id)
    return {product: Seats(tuple(listed), tuple(vanished)) for product, (listed, vanished) in groups.items()}


def vanished_products(rows: OrganizationRows, entered: EnteredFacts) -> dict[str, tuple[str, ...]]:
    """The licenses of seats, on trial or not, by their product, where it has none that is listed."""
    groups: dict[str, list[str]] = {}
    for known in last_known(rows).values():
        contract = entered.contract_of(known.license)
        if _why_no_seats(rows, known, contract, listed=True) in (None, NotJudged.TRIAL):
            groups.setdefault(product_of_known(known.license, contract), []).append(known.license.webex_id)
    return {product: tuple(held) for product, held in groups.items() if rows.listed.isdisjoint(held)}


def last_known(rows: OrganizationRows) -> dict[str, KnownLicense]:
    """Every license as it was last called, by its id: the rows hold it under each name that it bore."""
    return {known.license.webex_id: known for known in rows.licenses}


def product_of_known(license_: License, contract: Contract | None) -> str:
    """The product of a license by its code, or by the name that it had then."""
    apart = contract is not None and is_apart(contract.kind, contract.apart)
    return product_of(license_.code, license_.name, license_.subscription_id, apart=apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the review of an organization is made of."""

    rows: OrganizationRows
    """Those of a lineage under the id of the license that stands for it."""
    sums: Mapping[str, ProductSums]
    """Of the products of several licenses."""
    former: Mapping[str, tuple[License, ...]]
    """What each license continues, by its id, the first one first."""
    entered: EnteredFacts
    time: ReviewedTime
    regularity: Regularity

    @property
    def oldest_number(self) -> int:
        """The snapshot that first held a license: what was there then is not new."""
        return min((known.first_number for known in self.rows.licenses), default=0)

    def is_new(self, first_number: int) -> bool:
        """Whether something that this snapshot was the first to hold is new in the month."""
        return first_number > max(self.time.numbers.first - 1, self.oldest_number)

    def figures_of(self, days: Sequence[DailyUsage]) -> date | None:
        """The last day of these that counted the units, where no poll of the last polled day knew them; else None."""
        known = (day for day in reversed(days) if day.last is not None and day.purchased is not None)
        last = next(known, None)
        if last is None or last.day >= self.last_polled_on:
            return None
        # No peak rests on a day that only holds what was counted before it.
        return next((day.day for day in chain([last], known) if day.highest is not None), last.day)

    @property
    def last_polled_on(self) -> date:
        """The last day with a poll."""
        return self.time.zone.day_of(self.rows.poll_times[-1])

    @property
    def licenses_asked_on(self) -> date:
        """The day of the last poll that asked for licenses: others may only hold what it found."""
        return self.time.zone.day_of(self.rows.counted_at.get(LICENSES_HELD, self.rows.poll_times[-1]))

    def thin_months(
        self, days: Sequence[DailyUsage], months: Sequence[MonthlyUsage]
    ) -> tuple[tuple[Month, int], ...]:
        """The months of which less than half of the days are known, each with how many are."""
        of_period = [month.month for month in months if month.month >= self.time.period.first]
        return thin_months(days, of_period, self.time.as_of, self.regularity)


def license_reviews(material: Material) -> dict[str, LicenseReview]:
    """Every license listed in the period's last month, by its id."""
    rows, time = material.rows, material.time
    known = last_known(rows)
    listed = [known[webex_id].license for webex_id in sorted(rows.listed) if webex_id in known]
    in_progress = replacements(
        [license_ for license_ in listed if license_.counted], rows.licenses_by_day, time.as_of
    )
    return {
        webex_id: _license_review(material, known[webex_id], months, in_progress.get(webex_id))
        for webex_id, months in rows.licenses_by_month.items()
        if months[-1].month == time.month
    }


def busiest(days: Sequence[DailyUsage], as_of: date, last: int | None) -> int | None:
    """The most units assigned at once within four weeks; `last` where none of their days is known."""
    since = days_later(as_of, 1 - LATELY)
    known = [day.highest for day in days_since(days, since) if day.day <= as_of and day.highest is not None]
    return max(known, default=last)


def days_since(days: Sequence[DailyUsage], first: date) -> tuple[DailyUsage, ...]:
    """The days from one on; they are oldest first."""
    return tuple(days[bisect_left(days, first, key=attrgetter("day")) :])


def _license_review(
    material: Material, known: KnownLicense, months: Sequence[MonthlyUsage], replacement: Replacement | None
) -> LicenseReview:
    rows, time, entered = material.rows, material.time, material.entered
    license_, contract = known.license, entered.contract_of(known.license)
    days = rows.licenses_by_day.get(license_.webex_id, ())
    of_month = {month.month: month for month in months}
    is_listed = license_.webex_id in rows.listed
    reason = _why_no_seats(rows, known, contract, listed=is_listed)
    return LicenseReview(
        license=license_,
        former=material.former.get(license_.webex_id, ()),
        replacement=replacement,
        listed=is_listed,
        is_new=material.is_new(known.first_number),
        days=days_since(days, time.period.first_day),
        months=tuple(month for month in months if month.month >= time.period.first),
        before=of_month.get(time.period.first.plus(-1)),
        closing=months[-1],
        opening=of_month.get(time.month.plus(-1)),
        busiest=busiest(days, time.as_of, months[-1].last),
        not_judged=reason,
        product=product_of_known(license_, contract) if reason is None else None,
        contract=contract,
        price=entered.price_of(license_),
        notes=entered.notes_of((license_.webex_id,), time.period.first_day),
        figures_of=material.figures_of(days) if is_listed else None,
        thin_months=material.thin_months(days, months),
    )


def _why_no_seats(
    rows: OrganizationRows, known: KnownLicense, contract: Contract | None, *, listed: bool
) -> Reason | None:
    return why_no_seats(
        known.license,
        contract.kind if contract else None,
        is_by_person=known.counted_by_person,
        is_listed=listed,
        has_holders=known.license.webex_id not in rows.without_holders,
    )
