"""How one license or count developed, month by month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, pairwise
from statistics import fmean

from webexhist.months import Month, days_later
from webexhist.review.forecast import EIGHT_OF_TEN, NoOutlook, outlook, peaks_until
from webexhist.review.judgment.forecast import LIKELY, SOON, Forecast, forecast_of
from webexhist.review.judgment.known_days import Regularity, thin_months
from webexhist.review.judgment.terms import allowance_percent, units_allowed
from webexhist.review.polling import LAST_POLLS, median_of
from webexhist.seats import has_no_users
from webexhist.store.entered.contracts import Contract
from webexhist.store.rows.products import KnownProduct
from webexhist.store.rows.trends import (
    CounterTrendRows,
    Days,
    GaugeTrendRows,
    LicenseTrendRows,
    ProductTrendRows,
    TrendRows,
)
from webexhist.store.values import DailyValue, MonthlyUsage, MonthlyValue
from webexhist.units import is_unlimited


@dataclass(frozen=True, slots=True)
class Ahead:
    """What may come of a count."""

    day: date
    """In 90 days."""
    low: int
    """Eight of ten lie between this and `high` on that day."""
    middle: int
    high: int
    forecast: Forecast | None
    """Of a license with purchased units to run out of."""


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
    ahead: Ahead | None
    """None of amounts, and where nothing is known."""
    as_of: datetime | None = None
    """When the last value was counted; None where none ever was."""
    thin_months: tuple[tuple[Month, int], ...] = ()
    """The months of which less than half of the days are known, each with how many are."""


def trend_of(rows: TrendRows, now: datetime) -> MonthlyTrend:
    """The trend that the rows of a license, a product, a gauge or a counter make, and what may come of it."""
    today = rows.zone.day_of(now)
    match rows:
        case LicenseTrendRows(license_, usage, days, peaks, steps, product, contract):
            purchased = tuple(month.purchased for month in usage)
            # What is judged with others is foretold with them: webexhist history PRODUCT.
            is_part = product is not None and product.listed > 1
            ahead = None if is_part else ahead_of(usage, peaks, steps, limit_of(usage, product, contract), today)
            return MonthlyTrend(
                license_.label,
                license_.organization,
                "assigned",
                usage,
                purchased,
                every_day(dict(days)),
                ahead,
                rows.as_of,
                thin_of(days, usage, today),
            )
        case ProductTrendRows(product, usage, days, peaks, steps, contract):
            purchased = tuple(month.purchased for month in usage)
            ahead = ahead_of(usage, peaks, steps, limit_of(usage, product, contract), today)
            name = f"{product.product}, {product.name}"
            return MonthlyTrend(
                name,
                product.organization,
                "assigned",
                usage,
                purchased,
                every_day(dict(days)),
                ahead,
                rows.as_of,
                thin_of(days, usage, today),
            )
        case GaugeTrendRows(metric, organization, months, days, peaks):
            ahead = ahead_of(months, peaks, (), None, today)
            return MonthlyTrend(
                metric,
                organization,
                "count",
                months,
                (),
                every_day(dict(days)),
                ahead,
                rows.as_of,
                thin_of(days, months, today),
            )
        case CounterTrendRows(metric, organization, counted):
            amounts = amounts_by_day(counted)
            return MonthlyTrend(
                metric, organization, "amount", amounts_by_month(amounts), (), every_day(amounts), None, rows.as_of
            )


def thin_of(days: Days, months: Iterable[MonthlyValue], today: date) -> tuple[tuple[Month, int], ...]:
    """The months of which less than half of the days are known, by the usual time between the polled ones."""
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(days[-LAST_POLLS:])]
    interval = median_of(gaps) if gaps else None
    values = [DailyValue(day, value, None, None) for day, value in days]
    return thin_months(values, [month.month for month in months], today, Regularity(interval))


def limit_of(months: Sequence[MonthlyUsage], product: KnownProduct | None, contract: Contract | None) -> int | None:
    """Units that may be assigned now: purchased, under an agreement with its allowance; None without a limit."""
    purchased = months[-1].purchased if months else None
    if not purchased or is_unlimited(purchased):
        return None
    percent = allowance_percent(contract)
    if percent is None or product is None or has_no_users(product.code, product.name):
        return purchased
    return units_allowed(purchased, percent)


def ahead_of(
    months: Sequence[MonthlyValue], peaks: Days, steps: Sequence[date], limit: int | None, today: date
) -> Ahead | None:
    """What daily peaks say at the end of the last month, or today while it runs."""
    if not months:
        return None
    as_of = min(months[-1].month.last_day, today)
    foreseen = outlook(peaks_until(peaks, as_of), [step for step in steps if step <= as_of], None)
    if isinstance(foreseen, NoOutlook):
        return None
    low, middle, high = (
        round(foreseen.units_on(days_later(as_of, SOON.days), share))
        for share in (EIGHT_OF_TEN[0], LIKELY, EIGHT_OF_TEN[1])
    )
    forecast = None if limit is None else forecast_of(foreseen, limit, None, as_of)
    return Ahead(days_later(as_of, SOON.days), low, middle, high, forecast)


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
