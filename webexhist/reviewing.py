"""The story of a review: which months were polled → the rows of every organization → its figures."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from webexhist.months import Month
from webexhist.organization_names import told_apart
from webexhist.review.monthly import default_month, nothing_to_review, organization_review, polled_months
from webexhist.review.reviewed_time import reviewed_time
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.opening.history import History
from webexhist.store.rows.organization_rows import organization_rows
from webexhist.store.rows.polls import PolledOrganization, polled_organizations


def review_month(history: History, month: Month | None, months: int, now: datetime) -> MonthlyReview:
    """The review of a month, looking back over so many months, that one included.

    Without a month: the last complete one with polls, else the running one; `now` only says which are complete.

    Raises:
        NothingToReviewError: the month has no polls.
    """
    organizations = polled_organizations(history)
    month = month or default_month(organizations, now)
    reviews = tuple(
        review_organization(history, organization, month, months, now)
        for organization in labeled(polled for polled in organizations if polled.was_polled_in(month))
    )
    if not reviews:
        raise nothing_to_review(month, organizations)
    return MonthlyReview(month, reviews)


def review_latest(history: History, now: datetime) -> tuple[OrganizationReview, ...]:
    """Every organization in the last month in which it was polled, which may still run.

    Raises:
        NothingToReviewError: the database holds no polls.
    """
    organizations = polled_organizations(history)
    if not organizations:
        raise nothing_to_review(Month.of(now.date()), organizations)
    return tuple(
        review_organization(history, organization, organization.months[-1].month, 1, now)
        for organization in labeled(organizations)
    )


def reviewable_months(history: History, now: datetime) -> tuple[Month, ...]:
    """Every month with polls of any organization, oldest first.

    Raises:
        NothingToReviewError: the database holds no polls.
    """
    organizations = polled_organizations(history)
    if not organizations:
        raise nothing_to_review(Month.of(now.date()), organizations)
    return polled_months(organizations)


def labeled(organizations: Iterable[PolledOrganization]) -> list[PolledOrganization]:
    """The organizations of one review; those of one name are told apart, whatever others the database holds."""
    reviewed = list(organizations)
    labels = told_apart({organization.webex_id: organization.name for organization in reviewed})
    return [replace(organization, name=labels[organization.webex_id]) for organization in reviewed]


def review_organization(
    history: History, organization: PolledOrganization, month: Month, months: int, now: datetime
) -> OrganizationReview:
    time = reviewed_time(organization, month, months, now)
    return organization_review(organization_rows(history, organization, time.extent), time)
