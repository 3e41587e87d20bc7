"""Rows of a month as they were on one of its days: what came later in the month is left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from statistics import fmean
from typing import TypeVar

from webexhist.months import Month
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.store.rows.lineages import LineageRows
from webexhist.store.rows.organization_rows import OrganizationRows
from webexhist.store.rows.organization_units import OrganizationUnits
from webexhist.store.rows.products import ProductSums
from webexhist.store.values import DailyUsage, DailyValue, MonthlyUsage, MonthlyValue, OfADay
from webexhist.units import utilization

Value = TypeVar("Value", bound=OfADay)


def rows_until(rows: OrganizationRows, time: ReviewedTime, units: OrganizationUnits) -> OrganizationRows:
    """The rows without what came after the last day of the review, and its month as it stood then.

    `units` are read up to the last snapshot that is looked at, which its day may go on after. Counts and activity are
    kept by whole days: those of a day that goes on are left out.
    """
    over = time.last_day_over
    day, counted = time.as_of, {known.license.webex_id: known.license.counted for known in rows.licenses}
    by_day = {webex_id: _until(days, day) for webex_id, days in rows.licenses_by_day.items()}
    gauges = {metric: _until(days, over) for metric, days in rows.gauges_by_day.items()}
    return replace(
        rows,
        licenses_by_day=by_day,
        licenses_by_month={
            webex_id: stood
            for webex_id, months in rows.licenses_by_month.items()
            if (stood := _months(months, by_day.get(webex_id, ()), day, counted=counted.get(webex_id, True)))
        },
        gauges_by_day=gauges,
        gauges_by_month={
            metric: _months_of_gauge(months, gauges.get(metric, ()), over)
            for metric, months in rows.gauges_by_month.items()
        },
        activity_by_day={
            metric: tuple(each for each in days if each.day <= over) for metric, days in rows.activity_by_day.items()
        },
        poll_times=tuple(at for at in rows.poll_times if at <= time.until),
        polls_by_day=tuple(each for each in rows.polls_by_day if each[0] <= day),
        lineages=tuple(_lineage(lineage, units, day) for lineage in rows.lineages),
    )


def sums_until(sums: Mapping[str, ProductSums], day: date) -> dict[str, ProductSums]:
    """The same of the sums of products."""
    found = {}
    for product, of in sums.items():
        days = _until(of.days, day)
        found[product] = replace(of, days=days, months=_months(of.months, days, day, counted=True))
    return found


def _lineage(lineage: LineageRows, units: OrganizationUnits, day: date) -> LineageRows:
    days = _until(units.sums_of((lineage.license_id, *lineage.former_ids)).days, day)
    return replace(lineage, days=days, months=_months(lineage.months, days, day, counted=True))


def _until(days: Iterable[Value], last: date) -> tuple[Value, ...]:
    return tuple(each for each in days if each.day <= last)


def _months(
    months: Sequence[MonthlyUsage], days: Sequence[DailyUsage], last: date, *, counted: bool
) -> tuple[MonthlyUsage, ...]:
    """The months; the last one by its days up to that day, and left out where nothing of it is known."""
    running = Month.of(last)
    before = tuple(each for each in months if each.month < running)
    within = [each for each in days if Month.of(each.day) == running]
    if not within:
        return before
    purchased = next((each.purchased for each in reversed(within) if each.purchased is not None), None)
    value = _value(running, within)
    return (
        *before,
        MonthlyUsage(
            month=running,
            last=value.last,
            lowest=value.lowest,
            highest=value.highest,
            mean=value.mean,
            purchased=purchased,
            utilization=utilization(purchased, value.last) if counted else None,
        ),
    )


def _months_of_gauge(
    months: Sequence[MonthlyValue], days: Sequence[DailyValue], last: date
) -> tuple[MonthlyValue, ...]:
    running = Month.of(last)
    within = [each for each in days if Month.of(each.day) == running]
    before = tuple(each for each in months if each.month < running)
    return (*before, _value(running, within)) if within else before


def _value(month: Month, days: Sequence[OfADay]) -> MonthlyValue:
    """A month out of its days; of the mean every day weighs the same."""
    known = [each.last for each in days if each.last is not None]
    return MonthlyValue(
        month=month,
        last=known[-1] if known else None,
        lowest=min((each.lowest for each in days if each.lowest is not None), default=None),
        highest=max((each.highest for each in days if each.highest is not None), default=None),
        mean=fmean(known) if known else None,
    )
