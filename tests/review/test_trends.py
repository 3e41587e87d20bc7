"""Trends out of rows."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from daily_peaks import TODAY, daily_peaks

from webexhist.contract_kinds import ContractKind
from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.review.trends import limit_of, trend_of
from webexhist.store.entered.contracts import Contract
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.rows.products import KnownProduct
from webexhist.store.rows.trends import CounterTrendRows, GaugeTrendRows, LicenseTrendRows
from webexhist.store.values import MonthlyUsage, MonthlyValue

SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
NOW = datetime.combine(TODAY, time(12), UTC)


def test_days_without_a_poll_are_unknown():
    months = (MonthlyValue(OCTOBER, 9, 7, 9, 8.0),)
    days = ((date(2026, 10, 1), 7), (date(2026, 10, 2), None), (date(2026, 10, 4), 9))
    trend = trend_of(GaugeTrendRows(Metric.PEOPLE, "Acme", months, days, days), NOW)
    assert (trend.name, trend.figure, trend.months, trend.purchased) == ("people", "count", months, ())
    assert trend.days == (7, None, None, 9)


def test_a_license_is_shown_with_what_is_purchased():
    stored = StoredLicense(
        organization_id=1, id=1, organization="Acme", webex_id="1", name="Suite", subscription_id=None, site_url="a.b"
    )
    months = (MonthlyUsage(OCTOBER, 9, 7, 9, 8.0, 10, 90.0),)
    trend = trend_of(LicenseTrendRows(stored, months, (), (), (), None, None), NOW)
    assert (trend.name, trend.organization, trend.figure) == ("Suite · a.b", "Acme", "assigned")
    assert (trend.months, trend.purchased, trend.days) == (months, (10,), ())


def test_the_limit_of_an_agreement_has_its_allowance():
    months = (MonthlyUsage(OCTOBER, 9, 7, 9, 8.0, 100, 9.0),)
    suite = KnownProduct(1, "Acme", "EE", "Suite", ("1",), "EE", "Sub1", 1, 100, 9)
    agreement = Contract("Sub1", ContractKind.EA)
    assert limit_of(months, suite, agreement) == 120
    assert limit_of(months, replace(suite, code="SD", name="Webex Room Kit"), agreement) == 100, "it has no users"
    assert limit_of(months, suite, Contract("Sub1", ContractKind.NAMED)) == limit_of(months, suite, None) == 100
    assert limit_of((replace(months[0], purchased=-1),), suite, agreement) is None


def test_amounts_are_summed_by_day_and_by_month():
    days = ((date(2026, 9, 30), 5), (date(2026, 10, 1), 6), (date(2026, 10, 1), 4), (date(2026, 10, 3), 20))
    trend = trend_of(CounterTrendRows(Metric.MESSAGES_CREATED, "Acme", days), NOW)
    assert trend.months == (MonthlyValue(SEPTEMBER, 5, 5, 5, 5.0), MonthlyValue(OCTOBER, 30, 10, 20, 15.0))
    assert (trend.figure, trend.days, trend.ahead) == ("amount", (5, 10, None, 20), None)


def a_year(pace):
    """Peaks that end with 100 on the last day of October."""
    levels = [round(100 - pace * back) for back in range(364, -1, -1)]
    return tuple((one.day, one.peak) for one in daily_peaks(levels))


def test_what_may_come_of_a_count_is_shown_for_ninety_days():
    months = (MonthlyValue(OCTOBER, 100, 91, 100, 95.0),)
    ahead = trend_of(
        GaugeTrendRows(Metric.PEOPLE, "Acme", months, (), a_year(0.25)), datetime(2030, 1, 1, tzinfo=UTC)
    ).ahead
    # A quarter a day: 22 or 23 more in 90 days.
    assert (ahead.day, ahead.forecast) == (date(2027, 1, 29), None)
    assert ahead.low <= 122 <= ahead.high
    assert abs(ahead.middle - 122) <= 1


def test_the_day_a_license_runs_out_is_shown():
    stored = StoredLicense(1, 1, "Acme", "1", "Suite", None, None)

    def ahead(purchased):
        months = (MonthlyUsage(OCTOBER, 100, 91, 100, 95.0, purchased, 90.0),)
        return trend_of(LicenseTrendRows(stored, months, (), a_year(0.25), (), None, None), NOW).ahead

    assert abs((ahead(110).forecast.likely - date(2026, 12, 10)).days) <= 3
    assert [ahead(purchased).forecast for purchased in (None, 0, -1)] == [None] * 3
