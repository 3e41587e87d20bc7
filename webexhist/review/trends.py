"""How one license or count developed, month by month, in every organization that has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any

from sqlalchemy import Connection, Row, text

from webexhist.metrics import Kind
from webexhist.months import Month, Period
from webexhist.review.values import MonthlyValue
from webexhist.store.history import History
from webexhist.store.license_names import StoredLicense, find_license

METRICS = """
SELECT metric.name, metric.kind, organization.id AS org_id, organization.name AS organization
FROM metric JOIN organization ON organization.id = metric.organization_id
WHERE metric.field IS NULL AND metric.name = :name ORDER BY organization.name, organization.id
"""

LAST_DAY = "SELECT MAX(day) FROM day WHERE organization_id = :organization"

LICENSE_DAYS = """
SELECT day, assigned_last AS value FROM daily_licenses
WHERE org_id = :organization AND license_id = :license AND day BETWEEN :first_day AND :last_day ORDER BY day
"""

LICENSE_MONTHS = """
SELECT month, assigned_last AS last, assigned_min AS lowest, assigned_max AS highest, assigned_mean AS mean, purchased
FROM monthly_licenses
WHERE org_id = :organization AND license_id = :license AND month BETWEEN :first_month AND :last_month ORDER BY month
"""

COUNT_DAYS = """
SELECT day, last AS value FROM daily_counts
WHERE org_id = :organization AND metric = :metric AND day BETWEEN :first_day AND :last_day ORDER BY day
"""

COUNT_MONTHS = """
SELECT month, last, min AS lowest, max AS highest, mean FROM monthly_counts
WHERE org_id = :organization AND metric = :metric AND month BETWEEN :first_month AND :last_month ORDER BY month
"""

AMOUNT_DAYS = """
SELECT day, SUM(amount) AS value FROM daily_activity
WHERE org_id = :organization AND metric = :metric AND day BETWEEN :first_day AND :last_day GROUP BY day ORDER BY day
"""


@dataclass(frozen=True, slots=True)
class MonthlyTrend:
    """The development of one count."""

    name: str
    organization: str
    figure: str
    """What the last value of a month is: "assigned", "count", or "amount", a month's sum of daily amounts."""
    months: tuple[MonthlyValue, ...]
    purchased: tuple[int | None, ...]
    """Of a license, at the end of each month; else empty."""
    days: tuple[int | None, ...]
    """One value for every day from the first to the last; None where there was no poll, or none that knew."""


def trends_of(history: History, name: str, months: int) -> tuple[MonthlyTrend, ...]:
    """The trend of a count in every organization that has it, else of the license of that name.

    Raises UsageError where nothing bears the name, or several licenses do.
    """
    metrics = history.connection.execute(text(METRICS), {"name": name}).all()
    if metrics:
        return tuple(metric_trend(history.connection, metric, months) for metric in metrics)
    return (license_trend(history.connection, find_license(history, name), months),)


def license_trend(connection: Connection, license_: StoredLicense, months: int) -> MonthlyTrend:
    span = span_of(connection, license_.organization_id, months) | {"license": license_.webex_id}
    rows = connection.execute(text(LICENSE_MONTHS), span).all()
    return MonthlyTrend(
        name=license_.label,
        organization=license_.organization,
        figure="assigned",
        months=tuple(monthly_value(row) for row in rows),
        purchased=tuple(row.purchased for row in rows),
        days=every_day(connection.execute(text(LICENSE_DAYS), span).all()),
    )


def metric_trend(connection: Connection, metric: Row[Any], months: int) -> MonthlyTrend:
    span = span_of(connection, metric.org_id, months) | {"metric": metric.name}
    if metric.kind == Kind.COUNTER:
        days = connection.execute(text(AMOUNT_DAYS), span).all()
        values = amounts_by_month(days)
    else:
        days = connection.execute(text(COUNT_DAYS), span).all()
        values = [monthly_value(row) for row in connection.execute(text(COUNT_MONTHS), span)]
    figure = "amount" if metric.kind == Kind.COUNTER else "count"
    return MonthlyTrend(metric.name, metric.organization, figure, tuple(values), (), every_day(days))


def span_of(connection: Connection, organization: int, months: int) -> dict[str, Any]:
    """So many months up to the organization's last poll."""
    last = Month.parse(connection.scalar(text(LAST_DAY), {"organization": organization})[:7])
    period = Period(last.plus(1 - months), last)
    return {
        "organization": organization,
        "first_day": str(period.first_day),
        "last_day": str(period.last_day),
        "first_month": str(period.first),
        "last_month": str(period.last),
    }


def monthly_value(row: Row[Any]) -> MonthlyValue:
    return MonthlyValue(Month.parse(row.month), row.last, row.lowest, row.highest, row.mean)


def amounts_by_month(days: Sequence[Row[Any]]) -> list[MonthlyValue]:
    """The sum of each month, and the lowest, highest and mean of its days."""
    by_month: dict[str, list[int]] = {}
    for row in days:
        by_month.setdefault(row.day[:7], []).append(int(row.value))
    return [
        MonthlyValue(Month.parse(month), sum(amounts), min(amounts), max(amounts), fmean(amounts))
        for month, amounts in by_month.items()
    ]


def every_day(days: Sequence[Row[Any]]) -> tuple[int | None, ...]:
    """The values with a None for every day that is missing."""
    values = {date.fromisoformat(row.day).toordinal(): row.value for row in days}
    if not values:
        return ()
    return tuple(
        None if (value := values.get(day)) is None else int(value) for day in range(min(values), max(values) + 1)
    )
