"""The review of a month, put together: which month, and every figure of an organization out of its rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from webexhist.errors import WebexhistError
from webexhist.months import Month
from webexhist.review.activity import amount_reviews, count_reviews
from webexhist.review.bridge import Bridge, bridge_of
from webexhist.review.collectors import collector_reviews
from webexhist.review.judgment.contracts import organization_remarks
from webexhist.review.licenses import license_reviews
from webexhist.review.lineages import (
    following_lineages,
    former_licenses,
    replaced_within,
    waiting_proposals,
)
from webexhist.review.polling import monthly_evidence
from webexhist.review.rebuilt import rebuilt_since
from webexhist.review.redistribution import redistributed
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.review.reviews import OrganizationReview
from webexhist.review.silence import SilentOrganization
from webexhist.snapshot import License
from webexhist.store.rows.organization_rows import OrganizationRows
from webexhist.store.rows.polls import PolledOrganization


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
    month: Month, organizations: Sequence[PolledOrganization], now: datetime
) -> NothingToReviewError:
    """Why there is nothing to review in a month."""
    polled = polled_months(organizations, now)
    if organizations and not polled:
        return NothingToReviewError("every organization is retired", "see webexhist organization list")
    if not polled:
        return NothingToReviewError("the database holds no polls", "run webexhist poll first")
    return NothingToReviewError(f"there are no polls in {month}", f"choose a month from {polled[0]} to {polled[-1]}")


def organization_review(
    rows: OrganizationRows, time: ReviewedTime, *, name: str, silent: SilentOrganization | None
) -> OrganizationReview:
    """One organization's figures. Nothing after the month's end is looked at, so that a finished month stays.

    `name` is what it is called among those of the review; `silent` says that it is not polled any more.
    """
    organization, period = rows.organization, time.period
    former, replaced = former_licenses(rows), replaced_within(rows, time)
    rebuilt, proposals = rebuilt_since(rows, time), waiting_proposals(rows, time)
    rows = following_lineages(rows)
    remarks = organization_remarks(rows, time.as_of)
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
        licenses=license_reviews(rows, time, remarks, former),
        bridge=organization_bridge(rows, replaced) if time.numbers.first > 1 else None,
        notes=tuple(note for note in remarks.notes if note.day >= period.first_day),
        gauges=count_reviews(rows.gauges_by_day, rows.gauges_by_month),
        amounts=amount_reviews(rows.activity_by_day, period.first_day),
        polling=monthly_evidence(rows.poll_times, period, time.zone, time.until),
        polls_by_day=rows.polls_by_day,
        collectors=collector_reviews(rows.collections, time.numbers_of_period, time.numbers),
        corrections=rows.corrections,
        damaged_days=rows.damaged_days,
        damaged_tables=rows.damaged_tables,
        proposals=proposals,
        rebuilt=rebuilt,
        queries=rows.queries,
        lineage_queries={lineage.license_id: lineage.queries for lineage in rows.lineages},
    )


def organization_bridge(rows: OrganizationRows, replaced: Mapping[str, tuple[License, ...]]) -> Bridge:
    """What happened to the purchased licenses within a month that is not the first."""
    return bridge_of(
        rows.movements,
        {known.license.webex_id: known.license for known in rows.licenses},
        {known.license.webex_id: known.license for known in rows.former_licenses},
        replaced,
        redistributed(rows.purchases, {known.license.webex_id: known.license for known in rows.licenses}),
    )
