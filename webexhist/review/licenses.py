"""Licenses over the period of a review: days, months, names and what is listed."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.review.figures import DailyUsage, LicenseReview, MonthlyUsage
from webexhist.review.months import Month, Period
from webexhist.review.numbers import NumberRange
from webexhist.snapshot import License

DAYS = """
SELECT license_id, day, consumed_last, consumed_min, consumed_max, total
FROM daily_licenses WHERE org_id = :organization AND day BETWEEN :first_day AND :last_day
ORDER BY license_id, day
"""

MONTHS = """
SELECT license_id, month, consumed_last, consumed_min, consumed_max, consumed_mean, total, utilization
FROM monthly_licenses WHERE org_id = :organization AND month BETWEEN :first_month AND :last_month
ORDER BY license_id, month
"""

LICENSES = """
SELECT license.webex_id, version.name, version.code, version.subscription_id, version.site_url, version.site_type,
       version.counted,
       (SELECT MIN(first_number) FROM metric WHERE metric.license_id = license.id) AS first_number
FROM license JOIN license_version AS version ON version.license_id = license.id
WHERE license.organization_id = :organization AND version.number <= :last_number
ORDER BY license.webex_id, version.number
"""

LISTED = "SELECT license_id FROM license_usage WHERE org_id = :organization AND snapshot = :last_number"


@dataclass(frozen=True, slots=True)
class KnownLicense:
    """A license as it was named at the month's end, and the number of the snapshot that first held it."""

    license: License
    first_number: int


def license_reviews(
    connection: Connection, organization: int, period: Period, numbers: NumberRange
) -> tuple[LicenseReview, ...]:
    """Every license listed in the period's last month, whose snapshots are `numbers`; the most utilized first."""
    span = {
        "organization": organization,
        "first_day": str(period.first_day),
        "last_day": str(period.last_day),
        "first_month": str(period.first.plus(-1)),
        "last_month": str(period.last),
        "last_number": numbers.last,
    }
    known = known_licenses(connection, span)
    listed = {row.license_id for row in connection.execute(text(LISTED), span)}
    days = by_license(connection, DAYS, span)
    months = by_license(connection, MONTHS, span)
    oldest = min((license_.first_number for license_ in known.values()), default=0)
    reviews = [
        license_review(
            known[webex_id].license,
            period,
            listed=webex_id in listed,
            is_new=known[webex_id].first_number > max(numbers.first - 1, oldest),
            days=tuple(daily_usage(row) for row in days[webex_id]),
            months=tuple(monthly_usage(row) for row in months[webex_id]),
        )
        for webex_id in months
    ]
    present = [review for review in reviews if review.closing is not None]
    return tuple(sorted(present, key=urgency))


def known_licenses(connection: Connection, span: Mapping[str, Any]) -> dict[str, KnownLicense]:
    """Every license ever listed up to the month's end, by its Webex id."""
    return {
        row.webex_id: KnownLicense(
            License(
                webex_id=row.webex_id,
                name=row.name,
                code=row.code,
                subscription_id=row.subscription_id,
                site_url=row.site_url,
                site_type=row.site_type,
                counted=bool(row.counted),
            ),
            row.first_number,
        )
        for row in connection.execute(text(LICENSES), span)
    }


def by_license(connection: Connection, query: str, span: Mapping[str, Any]) -> defaultdict[str, list[Row[Any]]]:
    """The rows of a query that is ordered by license, for each license."""
    rows = connection.execute(text(query), span)
    grouped: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    grouped.update((webex_id, list(group)) for webex_id, group in groupby(rows, key=lambda row: row.license_id))
    return grouped


def daily_usage(row: Row[Any]) -> DailyUsage:
    return DailyUsage(
        day=date.fromisoformat(row.day),
        last=row.consumed_last,
        lowest=row.consumed_min,
        highest=row.consumed_max,
        purchased=row.total,
    )


def monthly_usage(row: Row[Any]) -> MonthlyUsage:
    return MonthlyUsage(
        month=Month.parse(row.month),
        last=row.consumed_last,
        lowest=row.consumed_min,
        highest=row.consumed_max,
        mean=row.consumed_mean,
        purchased=row.total,
        utilization=row.utilization,
    )


def license_review(
    license_: License,
    period: Period,
    *,
    listed: bool,
    is_new: bool,
    days: tuple[DailyUsage, ...],
    months: tuple[MonthlyUsage, ...],
) -> LicenseReview:
    of_month = {month.month: month for month in months}
    return LicenseReview(
        license=license_,
        listed=listed,
        is_new=is_new,
        days=days,
        months=tuple(month for month in months if month.month >= period.first),
        before=of_month.get(period.first.plus(-1)),
        closing=of_month.get(period.last),
        opening=of_month.get(period.last.plus(-1)),
    )


def urgency(review: LicenseReview) -> tuple[bool, float, str, str, str]:
    """Sorts judged licenses by falling utilization, then the others, then by name."""
    utilization = review.closing.utilization if review.closing is not None and review.not_judged is None else None
    name = (review.license.name.casefold(), review.license.site_url or "", review.license.webex_id)
    return (utilization is None, -(utilization or 0), *name)
