"""The review of a month, put together: which month, and every figure of an organization out of its rows."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from webexhist.changed_rows import kept_in
from webexhist.errors import WebexhistError
from webexhist.months import Month
from webexhist.not_judged import NotJudged
from webexhist.review.activity import amount_reviews, count_reviews, passed_at_last_poll
from webexhist.review.bridge import Bridge, bridge_of
from webexhist.review.collectors import collector_reviews
from webexhist.review.decisions import decisions_of
from webexhist.review.judgment.contracts import entered_facts
from webexhist.review.judgment.decisions.states import with_states
from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.known_days import Regularity
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.licenses import Material, Seats, license_reviews, seats_by_product
from webexhist.review.lineages import (
    following_lineages,
    former_licenses,
    replaced_within,
    waiting_proposals,
)
from webexhist.review.polling import monthly_evidence, usual_interval
from webexhist.review.products import all_ids, licenses_in_order, product_reviews
from webexhist.review.rebuilt import rebuilt_since
from webexhist.review.redistribution import redistributed
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.review.reviews import OrganizationReview
from webexhist.review.seats import seat_review, with_idle_seats
from webexhist.review.silence import SilentOrganization
from webexhist.snapshot import License
from webexhist.store.rows.organization_rows import OrganizationRows
from webexhist.store.rows.polls import PolledOrganization
from webexhist.store.rows.products import ProductSums


class NothingToReviewError(WebexhistError):
    """The database holds no poll of the month asked for."""


def default_month(organizations: Sequence[PolledOrganization], now: datetime) -> Month:
    """The last month with polls that is complete for some organization; where there is none yet, the running one.

    One that is retired at its end has no say in it.
    """
    judged = [
        (polled.month, organization.zone.month_ends_at(polled.month) <= now)
        for organization in organizations
        for polled in organization.months
        if not is_retired_in(organization, polled.month, now)
    ]
    complete = [month for month, is_complete in judged if is_complete]
    return max(complete or [month for month, _ in judged], default=Month.of(now.date()))


def is_retired_in(organization: PolledOrganization, month: Month, now: datetime) -> bool:
    """Whether an organization is retired on the last day of a month, or today while it runs."""
    return organization.known.is_retired_on(min(month.last_day, organization.zone.day_of(now)))


def polled_months(organizations: Sequence[PolledOrganization], now: datetime) -> tuple[Month, ...]:
    """Every month with polls of any organization that was not retired, oldest first."""
    return tuple(
        sorted(
            {
                polled.month
                for organization in organizations
                for polled in organization.months
                if not is_retired_in(organization, polled.month, now)
            }
        )
    )


def nothing_to_review(
    month: Month, organizations: Sequence[PolledOrganization], now: datetime, *, days_gone: bool = False
) -> NothingToReviewError:
    """Why there is nothing to review in a month; `days_gone`: its polls are stored, but no day holds them."""
    if days_gone:
        return NothingToReviewError(f"{kept_in('day')} of {month} is gone", "see webexhist db check")
    polled = polled_months(organizations, now)
    if organizations and not polled:
        return NothingToReviewError("every organization is retired", "see webexhist organization list")
    if not polled:
        return NothingToReviewError("the database holds no polls", "run webexhist poll first")
    return NothingToReviewError(f"there are no polls in {month}", f"choose a month from {polled[0]} to {polled[-1]}")


def nothing_known_by(now: datetime) -> NothingToReviewError:
    """Why there is nothing to review at a moment before the first poll."""
    return NothingToReviewError(f"nothing was known at {now:%Y-%m-%d %H:%M} UTC", "polls began later")


def read_together(rows: OrganizationRows, time: ReviewedTime) -> dict[str, tuple[str, ...]]:
    """The licenses whose sums a review needs beside the rows, by the product of which there are several."""
    material = material_of(rows, {}, time)
    seats = seats_by_product(material.rows, material.entered)
    return {product: all_ids(of, material) for product, of in seats.items() if len(of.all) > 1 and of.listed}


def material_of(rows: OrganizationRows, sums: Mapping[str, ProductSums], time: ReviewedTime) -> Material:
    """What a review is made of, out of the rows as they were read."""
    followed = following_lineages(rows)
    polls = {polled.month: polled.numbers.count for polled in rows.organization.months}
    return Material(
        rows=followed,
        sums=sums,
        former=former_licenses(rows),
        entered=entered_facts(followed, time.as_of),
        time=time,
        regularity=Regularity(usual_interval(rows.poll_times), polls | {time.month: time.numbers.count}),
    )


def organization_review(
    rows: OrganizationRows,
    sums: Mapping[str, ProductSums],
    time: ReviewedTime,
    *,
    name: str,
    silent: SilentOrganization | None,
    said_on: date,
) -> OrganizationReview:
    """One organization's figures. Nothing after the month's end is looked at, so that a finished month stays.

    `name` is what it is called among those of the review; `silent` says that it is not polled any more. What people
    said of decisions later than on `said_on` does not count.
    """
    organization, period = rows.organization, time.period
    replaced, rebuilt = replaced_within(rows, time), rebuilt_since(rows, time)
    proposals = waiting_proposals(rows, time)
    material = material_of(rows, sums, time)
    rows, entered = material.rows, material.entered
    seats = seats_by_product(rows, entered)
    by_id = license_reviews(material)
    products = product_reviews(material, seats, by_id)
    decisions = decisions_of(material, products, proposals, Subject(name, organization.webex_id), silent)
    used = seat_review(
        rows.seats_by_day, rows.seats_by_group, [each for each in products if each.judgment], time.zone
    )
    counted_on = time.zone.day_of(used.taken_at) if used else None
    eased = with_idle_seats(decisions, used, counted_on, time.as_of)
    return OrganizationReview(
        webex_id=organization.webex_id,
        name=name,
        former_names=organization.former_names_in(time.month),
        month=time.month,
        zone=time.zone,
        silent_since=silent.last_polled_at if silent else None,
        known_until=rows.poll_times[-1],
        counted_before={name: at for name, at in rows.counted_at.items() if at < rows.poll_times[-1]},
        is_complete=time.is_complete,
        period=period,
        products=products,
        licenses=licenses_in_order(products, by_id),
        decisions=with_states(tuple(eased), rows.decision_states, said_on),
        bridge=organization_bridge(rows, replaced, bridged(products, seats)) if time.numbers.first > 1 else None,
        notes=tuple(note for note in entered.notes if note.day >= period.first_day),
        gauges=count_reviews(rows.gauges_by_day, rows.gauges_by_month),
        amounts=amount_reviews(
            rows.activity_by_day, period.first_day, passed_at_last_poll(rows.poll_times, time.zone)
        ),
        polling=monthly_evidence(rows.poll_times, period, time.zone, time.until),
        polls_by_day=rows.polls_by_day,
        collectors=collector_reviews(rows.collections, time.numbers_of_period, time.numbers),
        corrections=rows.corrections,
        damaged_days=rows.damaged_days,
        damaged_tables=rows.damaged_tables,
        imported=rows.imported,
        rebuilt=rebuilt,
        seats=used,
        queries=rows.queries,
        lineage_queries={lineage.license_id: lineage.queries for lineage in rows.lineages},
        product_queries={product: of.queries for product, of in sums.items() if of.queries},
    )


def bridged(products: Sequence[ProductReview], seats: Mapping[str, Seats]) -> frozenset[str]:
    """The licenses in the bridge: those of judged products, and those that were judged and are gone or have ended."""
    not_judged = {
        product.product for product in products if product.not_judged is not None and not _ended_in_it(product)
    }
    return frozenset(
        webex_id for product, of_product in seats.items() if product not in not_judged for webex_id in of_product.all
    )


def _ended_in_it(product: ProductReview) -> bool:
    """Whether nothing of a product is purchased or assigned any more, unlike a month before."""
    opening = product.opening
    return product.not_judged is NotJudged.NOTHING_PURCHASED and bool(opening and (opening.purchased or opening.last))


def organization_bridge(
    rows: OrganizationRows, replaced: Mapping[str, tuple[License, ...]], webex_ids: frozenset[str]
) -> Bridge:
    """What happened to these licenses within a month that is not the first."""
    return bridge_of(
        [moved for moved in rows.movements if moved.license_id in webex_ids],
        {known.license.webex_id: known.license for known in rows.licenses},
        {known.license.webex_id: known.license for known in rows.former_licenses},
        replaced,
        redistributed(rows.purchases, {known.license.webex_id: known.license for known in rows.licenses}),
    )
