"""People, devices, places, rooms and messages over the period of a review."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, bindparam, text

from webexhist.metrics import Kind, Metric
from webexhist.months import Month, Period
from webexhist.review.reviews import AmountReview, CountReview
from webexhist.review.values import DailyAmount, DailyValue, MonthlyValue

GAUGES = tuple(metric for metric in Metric if metric.row.on_pages and metric.kind is Kind.GAUGE)
AMOUNTS = tuple(metric for metric in Metric if metric.row.on_pages and metric.kind is Kind.COUNTER)
LOOK_BACK = timedelta(days=31)
"""How far before the period the count before its first one is looked for."""

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


def count_reviews(connection: Connection, organization: int, period: Period) -> tuple[CountReview, ...]:
    """Those gauges that any poll of the period asked for."""
    days = by_metric(connection, DAILY, organization, GAUGES, period.first_day, period.last_day)
    months = by_metric(connection, MONTHLY, organization, GAUGES, period.first, period.last)
    return tuple(
        CountReview(
            metric,
            tuple(DailyValue(date.fromisoformat(row.day), row.last, row.lowest, row.highest) for row in days[metric]),
            tuple(
                MonthlyValue(Month.parse(row.month), row.last, row.lowest, row.highest, row.mean)
                for row in months[metric]
            ),
        )
        for metric in GAUGES
        if metric in days
    )


def amount_reviews(connection: Connection, organization: int, period: Period) -> tuple[AmountReview, ...]:
    """Those counters that counted anything in the period or shortly before."""
    rows = by_metric(connection, ACTIVITY, organization, AMOUNTS, period.first_day - LOOK_BACK, period.last_day)
    return tuple(
        AmountReview(metric, tuple(day for day in daily_amounts(rows[metric]) if day.day >= period.first_day))
        for metric in AMOUNTS
        if metric in rows
    )


def by_metric(
    connection: Connection,
    query: str,
    organization: int,
    metrics: Iterable[Metric],
    first: date | Month,
    last: date | Month,
) -> defaultdict[str, list[Row[Any]]]:
    """The rows of a query that is ordered by metric, for each metric."""
    statement = text(query).bindparams(bindparam("metrics", expanding=True))
    names = [str(metric) for metric in metrics]
    parameters = {"organization": organization, "metrics": names, "first": str(first), "last": str(last)}
    rows = connection.execute(statement, parameters)
    grouped: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    grouped.update((metric, list(group)) for metric, group in groupby(rows, key=lambda row: row.metric))
    return grouped


def daily_amounts(rows: Iterable[Row[Any]]) -> list[DailyAmount]:
    """One amount for each day that has any, with the days before it that it covers too."""
    amounts: list[DailyAmount] = []
    for text_of_day, group in groupby(rows, key=lambda row: row.day):
        of_day = list(group)
        day = date.fromisoformat(text_of_day)
        covered = (day - amounts[-1].day).days if amounts else 1
        amounts.append(DailyAmount(day, covered, sum(row.amount for row in of_day), of_day[-1].source))
    return amounts
