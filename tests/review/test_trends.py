"""Trends out of rows."""

from datetime import date

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.review.trends import trend_of
from webexhist.store.license_names import StoredLicense
from webexhist.store.trends import CounterTrendRows, GaugeTrendRows, LicenseTrendRows
from webexhist.store.values import MonthlyUsage, MonthlyValue

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)


def test_days_without_a_poll_are_unknown():
    months = (MonthlyValue(OCTOBER, 9, 7, 9, 8.0),)
    days = ((date(2026, 10, 1), 7), (date(2026, 10, 2), None), (date(2026, 10, 4), 9))
    trend = trend_of(GaugeTrendRows(Metric.PEOPLE, "Acme", months, days))
    assert (trend.name, trend.figure, trend.months, trend.purchased) == ("people", "count", months, ())
    assert trend.days == (7, None, None, 9)


def test_a_license_is_told_with_what_is_purchased():
    stored = StoredLicense(
        organization_id=1, id=1, organization="Acme", webex_id="1", name="Suite", subscription_id=None, site_url="a.b"
    )
    months = (MonthlyUsage(OCTOBER, 9, 7, 9, 8.0, 10, 90.0),)
    trend = trend_of(LicenseTrendRows(stored, months, ()))
    assert (trend.name, trend.organization, trend.figure) == ("Suite · a.b", "Acme", "assigned")
    assert (trend.months, trend.purchased, trend.days) == (months, (10,), ())


def test_amounts_are_summed_by_day_and_by_month():
    days = ((date(2026, 9, 30), 5), (date(2026, 10, 1), 6), (date(2026, 10, 1), 4), (date(2026, 10, 3), 20))
    trend = trend_of(CounterTrendRows(Metric.MESSAGES_CREATED, "Acme", days))
    assert trend.months == (MonthlyValue(SEPTEMBER, 5, 5, 5, 5.0), MonthlyValue(OCTOBER, 30, 10, 20, 15.0))
    assert (trend.figure, trend.days) == ("amount", (5, 10, None, 20))
