"""How many units of each license were assigned and purchased, by day and by month."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Row

from webexhist.months import Month
from webexhist.not_judged import has_holders
from webexhist.store.query import Query, Values
from webexhist.store.values import DailyUsage, MonthlyUsage

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

LISTED = """
SELECT license_id, assigned, assigned_to_users, assigned_to_workspaces FROM license_usage
WHERE org_id = :organization AND snapshot = :last_number
"""

DAYS_OF_LICENSE = """
SELECT license_id, day, assigned_last, assigned_min, assigned_max, purchased
FROM daily_licenses
WHERE org_id = :organization AND license_id = :license AND day BETWEEN :first_day AND :last_day ORDER BY day
"""

MONTHS_OF_LICENSE = """
SELECT license_id, month, assigned_last, assigned_min, assigned_max, assigned_mean, purchased, utilization
FROM monthly_licenses
WHERE org_id = :organization AND license_id = :license AND month BETWEEN :first_month AND :last_month ORDER BY month
"""


def licenses_by_day(organization: int, first: date, last: date) -> Query[tuple[str, DailyUsage]]:
    """Every license on every day with polls, by its id at Webex."""
    values: Values = {"organization": organization, "first_day": str(first), "last_day": str(last)}
    return Query("Licenses by day", DAYS, values, _daily_usage)


def licenses_by_month(organization: int, first: Month, last: Month) -> Query[tuple[str, MonthlyUsage]]:
    """Every license in every month with polls, by its id at Webex."""
    values: Values = {"organization": organization, "first_month": str(first), "last_month": str(last)}
    return Query("Licenses by month", MONTHS, values, _monthly_usage)


def license_by_day(organization: int, license_id: str, first: date, last: date) -> Query[tuple[str, DailyUsage]]:
    """One license on every day with polls."""
    days = {"first_day": str(first), "last_day": str(last)}
    values: Values = {"organization": organization, "license": license_id, **days}
    return Query("License by day", DAYS_OF_LICENSE, values, _daily_usage)


def license_by_month(
    organization: int, license_id: str, first: Month, last: Month
) -> Query[tuple[str, MonthlyUsage]]:
    """One license in every month with polls."""
    months = {"first_month": str(first), "last_month": str(last)}
    values: Values = {"organization": organization, "license": license_id, **months}
    return Query("License by month", MONTHS_OF_LICENSE, values, _monthly_usage)


@lru_cache(maxsize=4096)
def read_day(text: str) -> date:
    """A day as the database has it: every license has the same ones."""
    return date.fromisoformat(text)


read_month = lru_cache(maxsize=512)(Month.stored)
"""A month as the database has it, likewise."""


@dataclass(frozen=True, slots=True)
class ListedLicense:
    """A license that a snapshot lists."""

    webex_id: str
    has_holders: bool
    """Whether Webex names users or workspaces that hold its units, as far as these are known."""


def listed_licenses(organization: int, number: int) -> Query[ListedLicense]:
    """The licenses that a snapshot lists."""
    values: Values = {"organization": organization, "last_number": number}
    return Query(
        "Licenses listed by the last poll",
        LISTED,
        values,
        lambda row: ListedLicense(
            row.license_id, has_holders(row.assigned, row.assigned_to_users, row.assigned_to_workspaces)
        ),
    )


def _daily_usage(row: Row[Any]) -> tuple[str, DailyUsage]:
    # In the order of the columns: there are tens of thousands of rows.
    license_id, day, last, lowest, highest, purchased = tuple(row)
    return license_id, DailyUsage(read_day(day), last, lowest, highest, purchased)


def _monthly_usage(row: Row[Any]) -> tuple[str, MonthlyUsage]:
    return row.license_id, MonthlyUsage(
        month=read_month(row.month),
        last=row.assigned_last,
        lowest=row.assigned_min,
        highest=row.assigned_max,
        mean=row.assigned_mean,
        purchased=row.purchased,
        utilization=row.utilization,
    )
