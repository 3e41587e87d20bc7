"""The counts that pages show, over the period of a review."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby

from webexhist.metrics import Kind, Metric
from webexhist.review.reviews import AmountReview, CountReview
from webexhist.review.values import DailyAmount
from webexhist.store.rows.counts import DailyActivity
from webexhist.store.values import DailyValue, MonthlyValue

GAUGES = tuple(metric for metric in Metric if metric.row.on_pages and metric.kind is Kind.GAUGE)
AMOUNTS = tuple(metric for metric in Metric if metric.row.on_pages and metric.kind is Kind.COUNTER)
LOOK_BACK = timedelta(days=31)
"""How far before the period the count before its first one is looked for."""


def count_reviews(
    days: Mapping[Metric, tuple[DailyValue, ...]], months: Mapping[Metric, tuple[MonthlyValue, ...]]
) -> tuple[CountReview, ...]:
    """Those gauges that any poll of the period asked for."""
    return tuple(CountReview(metric, days[metric], months.get(metric, ())) for metric in GAUGES if metric in days)


def amount_reviews(activity: Mapping[Metric, tuple[DailyActivity, ...]], first_day: date) -> tuple[AmountReview, ...]:
    """Those counters that counted anything since the first day or shortly before."""
    return tuple(
        AmountReview(metric, tuple(day for day in daily_amounts(activity[metric]) if day.day >= first_day))
        for metric in AMOUNTS
        if metric in activity
    )


def daily_amounts(activity: Iterable[DailyActivity]) -> list[DailyAmount]:
    """One amount for each day that has any, with the days before it that it covers too; oldest first."""
    amounts: list[DailyAmount] = []
    for day, group in groupby(activity, key=lambda counted: counted.day):
        of_day = list(group)
        covered = (day - amounts[-1].day).days if amounts else 1
        amounts.append(DailyAmount(day, covered, sum(counted.amount for counted in of_day), of_day[-1].source))
    return amounts
