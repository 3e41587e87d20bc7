"""The counts that pages show, over the period of a review."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby

from webexhist.metrics import Kind, Metric
from webexhist.review.reviews import AmountReview, CountReview
from webexhist.review.values import DailyAmount
from webexhist.store.rows.counts import DailyActivity
from webexhist.store.values import DailyValue, MonthlyValue
from webexhist.time_zones import DAY, TimeZone

GAUGES = tuple(metric for metric in Metric if metric.row.on_pages and metric.kind is Kind.GAUGE)
AMOUNTS = tuple(metric for metric in Metric if metric.row.on_pages and metric.kind is Kind.COUNTER)
WHOLE_DAYS = "analytics"
"""The source that counts days; the others count up to a poll."""
LOOK_BACK = timedelta(days=31)
"""How far before the period the count before its first one is looked for."""


def count_reviews(
    days: Mapping[Metric, tuple[DailyValue, ...]], months: Mapping[Metric, tuple[MonthlyValue, ...]]
) -> tuple[CountReview, ...]:
    """The gauges that any poll of the period asked for."""
    return tuple(CountReview(metric, days[metric], months.get(metric, ())) for metric in GAUGES if metric in days)


def amount_reviews(
    activity: Mapping[Metric, tuple[DailyActivity, ...]], first_day: date, passed: Mapping[date, float]
) -> tuple[AmountReview, ...]:
    """The counters that counted anything since the first day or shortly before.

    `passed` is how much of a day had passed at its last poll.
    """
    return tuple(
        AmountReview(metric, tuple(day for day in daily_amounts(activity[metric], passed) if day.day >= first_day))
        for metric in AMOUNTS
        if metric in activity
    )


def daily_amounts(activity: Iterable[DailyActivity], passed: Mapping[date, float]) -> list[DailyAmount]:
    """One amount for each day that has any, with the days before it that it covers too; oldest first."""
    amounts: list[DailyAmount] = []
    for day, group in groupby(activity, key=lambda counted: counted.day):
        of_day = list(group)
        source = of_day[-1].source
        amounts.append(
            DailyAmount(
                day=day,
                days=(day - amounts[-1].day).days if amounts else 1,
                amount=sum(counted.amount for counted in of_day),
                source=source,
                passed=1.0 if source == WHOLE_DAYS else passed.get(day, 1.0),
            )
        )
    return amounts


def passed_at_last_poll(times: Iterable[datetime], zone: TimeZone) -> dict[date, float]:
    """How much of each day had passed at its last poll, from 0 to 1; polls are given oldest first."""
    last = {zone.day_of(at): at for at in times}
    return {day: min((at - zone.begins_at(day)) / DAY, 1.0) for day, at in last.items()}
