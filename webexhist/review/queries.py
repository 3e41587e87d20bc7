"""The SQL behind the figures, with every value filled in: it runs as printed in sqlite3 and psql."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text

from webexhist.review.activity import ACTIVITY, AMOUNTS, DAILY, GAUGES
from webexhist.review.movements import MOVEMENTS
from webexhist.review.polling import POLLS_BY_DAY
from webexhist.review.reviews import LicenseReview, OrganizationReview

Value = str | int | Sequence[str]

LICENSES = """
SELECT license, site, subscription, purchased, assigned_last, assigned_max, utilization, license_id
FROM monthly_licenses WHERE org_id = :organization AND month = :month
ORDER BY license, site, license_id
"""

MONTHS = """
SELECT month, purchased, assigned_last, utilization, assigned_min, assigned_max, assigned_mean
FROM monthly_licenses
WHERE org_id = :organization AND license_id = :license AND month BETWEEN :first_month AND :last_month
ORDER BY month DESC
"""

DAYS = """
SELECT day, assigned_last, assigned_min, assigned_max, purchased
FROM daily_licenses
WHERE org_id = :organization AND license_id = :license AND day BETWEEN :first_day AND :last_day
ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class Query:
    """A statement that gives the figures of one block of a page."""

    title: str
    text: str


def licenses_query(review: OrganizationReview) -> Query:
    """The month's end of every license."""
    return printed("Licenses at the end of the month", LICENSES, organization=review.id, month=str(review.month))


def bridge_query(review: OrganizationReview) -> Query:
    """What was bought, reduced, assigned and released in the month."""
    first, last = review.numbers.first, review.numbers.last
    return printed(
        "Changes within the month", MOVEMENTS, organization=review.id, first_number=first, last_number=last
    )


def polling_query(review: OrganizationReview) -> Query:
    """Polls a day."""
    days = {"first_day": str(review.period.first_day), "last_day": str(review.period.last_day)}
    return printed("Polls a day", POLLS_BY_DAY, organization=review.id, **days)


def gauges_query(review: OrganizationReview) -> Query:
    """What stood at the end of each day."""
    return of_metrics("Counts a day", DAILY, review, [str(metric) for metric in GAUGES])


def amounts_query(review: OrganizationReview) -> Query:
    """What happened on each day."""
    return of_metrics("Messages a day", ACTIVITY, review, [str(metric) for metric in AMOUNTS])


def months_query(review: OrganizationReview, license_: LicenseReview) -> Query:
    """One license by month."""
    months = {"first_month": str(review.period.first), "last_month": str(review.period.last)}
    return printed("Months", MONTHS, organization=review.id, license=license_.license.webex_id, **months)


def days_query(review: OrganizationReview, license_: LicenseReview) -> Query:
    """One license by day; the highest of each day is what the forecast is made from."""
    days = {"first_day": str(review.period.first_day), "last_day": str(review.period.last_day)}
    return printed("Days", DAYS, organization=review.id, license=license_.license.webex_id, **days)


def of_metrics(title: str, statement: str, review: OrganizationReview, metrics: Sequence[str]) -> Query:
    days = {"first": str(review.period.first_day), "last": str(review.period.last_day)}
    return printed(title, statement, organization=review.id, metrics=metrics, **days)


def printed(title: str, statement: str, **values: Value) -> Query:
    """The statement with literal values in place of its parameters."""
    bound = text(statement).bindparams(
        *(bindparam(name, value, expanding=not isinstance(value, str | int)) for name, value in values.items())
    )
    return Query(title, str(bound.compile(compile_kwargs={"literal_binds": True})).strip() + ";")
