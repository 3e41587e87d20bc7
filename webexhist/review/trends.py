"""How one license or count developed, month by month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import fmean

from webexhist.months import Month
from webexhist.store.trends import CounterTrendRows, GaugeTrendRows, LicenseTrendRows, TrendRows
from webexhist.store.values import MonthlyValue


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


def trend_of(rows: TrendRows) -> MonthlyTrend:
    """The trend that the rows of a license, a gauge or a counter make."""
    match rows:
        case LicenseTrendRows(license_, usage, days):
            purchased = tuple(month.purchased for month in usage)
            label, organization = license_.label, license_.organization
            return MonthlyTrend(label, organization, "assigned", usage, purchased, every_day(dict(days)))
        case GaugeTrendRows(metric, organization, months, days):
            return MonthlyTrend(metric, organization, "count", months, (), every_day(dict(days)))
        case CounterTrendRows(metric, organization, counted):
            amounts = amounts_by_day(counted)
            return MonthlyTrend(metric, organization, "amount", amounts_by_month(amounts), (), every_day(amounts))


def amounts_by_day(counted: Iterable[tuple[date, int | None]]) -> dict[date, int]:
    """What all sources counted on each day."""
    amounts: dict[date, int] = {}
    for day, amount in counted:
        amounts[day] = amounts.get(day, 0) + (amount or 0)
    return amounts


def amounts_by_month(amounts: Mapping[date, int]) -> tuple[MonthlyValue, ...]:
    """The sum of each month, and the lowest, highest and mean of its days, which are oldest first."""
    return tuple(
        MonthlyValue(month, sum(of_month), min(of_month), max(of_month), fmean(of_month))
        for month, days in groupby(amounts, key=Month.of)
        for of_month in [[amounts[day] for day in days]]
    )


def every_day(values: Mapping[date, int | None]) -> tuple[int | None, ...]:
    """The values with a None for every day that is missing."""
    known = {day.toordinal(): value for day, value in values.items()}
    return tuple(known.get(day) for day in range(min(known), max(known) + 1)) if known else ()
