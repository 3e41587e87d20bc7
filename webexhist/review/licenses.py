"""Licenses over the period of a review: days, months, names and what is listed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.months import Month, Period
from webexhist.review.judgment.contracts import OrganizationRemarks
from webexhist.review.judgment.outlook import LicenseHistory, LicenseRemarks, outlook_of_judged, outlook_of_others
from webexhist.review.known_licenses import known_licenses
from webexhist.review.numbers import NumberRange
from webexhist.review.reviews import LicenseReview
from webexhist.review.values import DailyUsage, MonthlyUsage, NotJudged
from webexhist.units import is_unlimited

DAYS = """
SELECT license_id, day, assigned_last, assigned_min, assigned_max, purchased
FROM daily_licenses WHERE org_id = :organization AND day BETWEEN :first_day AND :last_day
ORDER BY license_id, day
"""

MONTHS = """
SELECT license_id, month, assigned_last, assigned_min, assigned_max, assigned_mean, purchased, utilization
FROM monthly_licenses WHERE org_id = :organization AND month BETWEEN :first_month AND :last_month
ORDER BY license_id, month
"""

LISTED = "SELECT license_id FROM license_usage WHERE org_id = :organization AND snapshot = :last_number"


YEAR = 12
"""Months that are looked at whatever the period: forecast and safe-to-drop do not depend on what is shown."""


@dataclass(frozen=True, slots=True)
class ReviewedTime:
    """The time that the licenses of an organization are reviewed over."""

    period: Period
    numbers: NumberRange
    """The snapshots of the period's last month."""
    as_of: date
    """The last day of the period, or today while it runs."""

    @property
    def first(self) -> Month:
        """The first month that is looked at."""
        return min(self.period.first.plus(-1), self.period.last.plus(1 - YEAR))


def license_reviews(
    connection: Connection, organization: int, time: ReviewedTime, remarks: OrganizationRemarks
) -> tuple[LicenseReview, ...]:
    """Every license listed in the period's last month; the most utilized first."""
    span = {
        "organization": organization,
        "first_day": str(time.first.first_day),
        "last_day": str(time.period.last_day),
        "first_month": str(time.first),
        "last_month": str(time.period.last),
        "last_number": time.numbers.last,
    }
    known = known_licenses(connection, organization, time.numbers.last)
    listed = {row.license_id for row in connection.execute(text(LISTED), span)}
    days = by_license(connection, DAYS, span)
    months = by_license(connection, MONTHS, span)
    oldest = min((license_.first_number for license_ in known.values()), default=0)
    reviews = [
        license_review(
            LicenseHistory(
                license=known[webex_id].license,
                days=[daily_usage(row) for row in days[webex_id]],
                months=[monthly_usage(row) for row in months[webex_id]],
                as_of=time.as_of,
            ),
            time.period,
            remarks.of_license(known[webex_id].license),
            listed=webex_id in listed,
            is_new=known[webex_id].first_number > max(time.numbers.first - 1, oldest),
        )
        for webex_id in months
        if months[webex_id][-1].month == str(time.period.last)
    ]
    return tuple(sorted(reviews, key=urgency))


def by_license(connection: Connection, query: str, span: Mapping[str, Any]) -> defaultdict[str, list[Row[Any]]]:
    """The rows of a query that is ordered by license, for each license."""
    rows = connection.execute(text(query), span)
    grouped: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    grouped.update((webex_id, list(group)) for webex_id, group in groupby(rows, key=lambda row: row.license_id))
    return grouped


def daily_usage(row: Row[Any]) -> DailyUsage:
    return DailyUsage(
        day=date.fromisoformat(row.day),
        last=row.assigned_last,
        lowest=row.assigned_min,
        highest=row.assigned_max,
        purchased=row.purchased,
    )


def monthly_usage(row: Row[Any]) -> MonthlyUsage:
    return MonthlyUsage(
        month=Month.parse(row.month),
        last=row.assigned_last,
        lowest=row.assigned_min,
        highest=row.assigned_max,
        mean=row.assigned_mean,
        purchased=row.purchased,
        utilization=row.utilization,
    )


def license_review(
    history: LicenseHistory, period: Period, remarks: LicenseRemarks, *, listed: bool, is_new: bool
) -> LicenseReview:
    of_month = {month.month: month for month in history.months}
    reason = why_not_judged(history, listed=listed)
    return LicenseReview(
        license=history.license,
        listed=listed,
        is_new=is_new,
        days=tuple(day for day in history.days if day.day >= period.first_day),
        months=tuple(month for month in history.months if month.month >= period.first),
        before=of_month.get(period.first.plus(-1)),
        closing=history.closing,
        opening=of_month.get(period.last.plus(-1)),
        not_judged=reason,
        outlook=(
            outlook_of_judged(history, remarks, period.first_day)
            if reason is None
            else outlook_of_others(reason, remarks, period.first_day)
        ),
    )


def why_not_judged(history: LicenseHistory, *, listed: bool) -> NotJudged | None:
    """Why there is no utilization to judge; None where there is one."""
    closing = history.closing
    if not listed:
        return NotJudged.GONE
    if not history.license.counted:
        return NotJudged.IMPLICIT
    if closing.utilization is not None:
        return None
    if closing.purchased is None or closing.last is None:
        return NotJudged.UNKNOWN
    return NotJudged.UNLIMITED if is_unlimited(closing.purchased) else NotJudged.NOTHING_PURCHASED


def urgency(review: LicenseReview) -> tuple[bool, float, str, str, str]:
    """Sorts judged licenses by falling utilization, then the others, then by name."""
    utilization = review.closing.utilization if review.not_judged is None else None
    name = (review.license.name.casefold(), review.license.site_url or "", review.license.webex_id)
    return (utilization is None, -(utilization or 0), *name)
