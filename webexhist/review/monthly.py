"""The review of a month, put together: which month, which organizations, and every figure of each."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import text

from webexhist.errors import WebexhistError
from webexhist.months import Month, Period
from webexhist.review.activity import amount_reviews, count_reviews
from webexhist.review.collectors import collector_reviews
from webexhist.review.judgment.contracts import organization_remarks
from webexhist.review.licenses import ReviewedTime, license_reviews
from webexhist.review.movements import bridge
from webexhist.review.numbers import NumberRange
from webexhist.review.polling import polling_evidence, polls_by_day
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.history import History
from webexhist.store.times import read_moment

POLLED_MONTHS = """
SELECT organization.id, organization.webex_id, organization.name, substr(day, 1, 7) AS month,
       MIN(first_number) AS first_number, MAX(last_number) AS last_number
FROM day JOIN organization ON organization.id = day.organization_id
GROUP BY organization.id, organization.name, organization.webex_id, substr(day, 1, 7)
ORDER BY organization.name, organization.webex_id, month
"""

LAST_POLL = "SELECT taken_at FROM snapshot WHERE organization_id = :organization AND number = :number"


class NothingToReviewError(WebexhistError):
    """The database holds no poll of the month asked for."""


@dataclass(frozen=True, slots=True)
class PolledMonth:
    """A month in which an organization was polled, and the numbers of its snapshots."""

    month: Month
    numbers: NumberRange


@dataclass(frozen=True, slots=True)
class PolledOrganization:
    """An organization and the months in which it was polled, oldest first."""

    id: int
    webex_id: str
    name: str
    months: tuple[PolledMonth, ...]


def review_month(history: History, month: Month | None, months: int, now: datetime) -> MonthlyReview:
    """The review of a month, looking back over so many months, that one included.

    Without a month: the last complete one with polls, else the running one; `now` only tells which are complete.

    Raises:
        NothingToReviewError: the month has no polls.
    """
    organizations = polled_organizations(history)
    month = month or default_month(organizations, Month.of(now.date()))
    reviews = [
        organization_review(history, organization, month, months, now)
        for organization in organizations
        if any(polled.month == month for polled in organization.months)
    ]
    if not reviews:
        raise nothing_to_review(month, organizations)
    return MonthlyReview(month, tuple(reviews))


def review_latest(history: History, now: datetime) -> tuple[OrganizationReview, ...]:
    """Every organization in the last month in which it was polled, which may still run.

    Raises:
        NothingToReviewError: the database holds no polls.
    """
    organizations = polled_organizations(history)
    if not organizations:
        raise nothing_to_review(Month.of(now.date()), organizations)
    return tuple(
        organization_review(history, organization, organization.months[-1].month, 1, now)
        for organization in organizations
    )


def polled_organizations(history: History) -> list[PolledOrganization]:
    """Every organization with polls, by name."""
    rows = history.connection.execute(text(POLLED_MONTHS))
    return [
        PolledOrganization(
            *identity,
            tuple(
                PolledMonth(Month.parse(row.month), NumberRange(row.first_number, row.last_number)) for row in group
            ),
        )
        for identity, group in groupby(rows, key=lambda row: (row.id, row.webex_id, row.name))
    ]


def default_month(organizations: list[PolledOrganization], running: Month) -> Month:
    """The last complete month with polls; where there is none yet, the running one."""
    polled = [polled.month for organization in organizations for polled in organization.months]
    return max((month for month in polled if month < running), default=running)


def nothing_to_review(month: Month, organizations: list[PolledOrganization]) -> NothingToReviewError:
    polled = sorted(polled.month for organization in organizations for polled in organization.months)
    if not polled:
        return NothingToReviewError("the database holds no polls", "run webexhist poll first")
    return NothingToReviewError(f"there are no polls in {month}", f"choose a month from {polled[0]} to {polled[-1]}")


def organization_review(
    history: History, organization: PolledOrganization, month: Month, months: int, now: datetime
) -> OrganizationReview:
    """One organization's figures. Nothing after the month's end is looked at, so that a finished month stays."""
    connection = history.connection
    period = Period(max(month.plus(1 - months), organization.months[0].month), month)
    numbers = next(polled.numbers for polled in organization.months if polled.month == month)
    oldest = next(polled.numbers.first for polled in organization.months if polled.month >= period.first)
    last_poll = {"organization": organization.id, "number": numbers.last}
    as_of = min(period.last_day, now.date())
    remarks = organization_remarks(history, organization.webex_id, as_of)
    return OrganizationReview(
        id=organization.id,
        webex_id=organization.webex_id,
        name=organization.name,
        month=month,
        known_until=read_moment(connection.execute(text(LAST_POLL), last_poll).scalar_one()),
        is_complete=month.ends_at <= now,
        period=period,
        numbers=numbers,
        licenses=license_reviews(connection, organization.id, ReviewedTime(period, numbers, as_of), remarks),
        bridge=bridge(connection, organization.id, numbers) if numbers.first > 1 else None,
        notes=tuple(note for note in remarks.notes if note.day >= period.first_day),
        gauges=count_reviews(connection, organization.id, period),
        amounts=amount_reviews(connection, organization.id, period),
        polling=polling_evidence(connection, organization.id, period, min(month.ends_at, now)),
        polls_by_day=polls_by_day(connection, organization.id, period),
        collectors=collector_reviews(connection, organization.id, NumberRange(oldest, numbers.last), numbers),
    )
