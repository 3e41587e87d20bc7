"""Counts of an organization by day and by month: how many there were, or how many it was that happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.store.query import Query, Values
from webexhist.store.values import DailyValue, MonthlyValue

DAILY = """
SELECT metric, day, last, min AS lowest, max AS highest
FROM daily_counts WHERE org_id = :organization AND metric IN :metrics AND day BETWEEN :first AND :last
ORDER BY metric, day
"""

MONTHLY = """
SELECT metric, month, last, min AS lowest, max AS highest, mean
FROM monthly_counts WHERE org_id = :organization AND metric IN :metrics AND month BETWEEN :first AND :last
ORDER BY metric, month
"""

ACTIVITY = """
SELECT metric, day, amount, source
FROM daily_activity WHERE org_id = :organization AND metric IN :metrics AND day BETWEEN :first AND :last
ORDER BY metric, day, source
"""


@dataclass(frozen=True, slots=True)
class DailyActivity:
    """What one source counted on a day."""

    day: date
    amount: int
    source: str
    """"polls", "events" or "analytics"."""


def gauges_by_day(
    organization: int, metrics: Sequence[Metric], first: date, last: date
) -> Query[tuple[Metric, DailyValue]]:
    """Counts on every day with polls."""
    return Query(
        "Counts by day",
        DAILY,
        _values(organization, metrics, first, last),
        lambda row: (
            Metric(row.metric),
            DailyValue(date.fromisoformat(row.day), row.last, row.lowest, row.highest),
        ),
    )


def gauges_by_month(
    organization: int, metrics: Sequence[Metric], first: Month, last: Month
) -> Query[tuple[Metric, MonthlyValue]]:
    """Counts in every month with polls."""
    return Query(
        "Counts by month",
        MONTHLY,
        _values(organization, metrics, first, last),
        lambda row: (
            Metric(row.metric),
            MonthlyValue(Month.stored(row.month), row.last, row.lowest, row.highest, row.mean),
        ),
    )


def activity_by_day(
    organization: int, metrics: Sequence[Metric], first: date, last: date
) -> Query[tuple[Metric, DailyActivity]]:
    """What happened on every day on which anything was counted."""
    return Query("Activity by day", ACTIVITY, _values(organization, metrics, first, last), _daily_activity)


def _daily_activity(row: Row[Any]) -> tuple[Metric, DailyActivity]:
    # PostgreSQL gives sums of whole numbers as decimals.
    return Metric(row.metric), DailyActivity(date.fromisoformat(row.day), int(row.amount), row.source)


def _values(organization: int, metrics: Sequence[Metric], first: date | Month, last: date | Month) -> Values:
    names = [metric.value for metric in metrics]
    return {"organization": organization, "metrics": names, "first": str(first), "last": str(last)}
