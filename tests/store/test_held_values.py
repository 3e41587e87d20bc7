"""Values that polls did not ask for: they are samples of their days, and no peak rests on them alone."""

from dataclasses import replace
from datetime import date

import pytest
from histories import license_of, usage
from sqlalchemy import Engine, text

from webexhist.months import Month
from webexhist.snapshot import LICENSES_HELD
from webexhist.store.opening.history import reading
from webexhist.store.rows.organization_units import units_as_stored, units_in_views
from webexhist.store.rows.polls import polled_organizations
from webexhist.store.saving.save import save
from webexhist.store.values import DailyUsage, MonthlyUsage

SUITE = license_of("Webex Suite")
CALLING = license_of("Webex Calling")
EVERYTHING = frozenset({"people", "messages_created", LICENSES_HELD})


@pytest.fixture
def three_days(engine: Engine, taken) -> Engine:
    """500 people and 70 of 100 seats at noon; 480 and 60 at the next noon; then nothing is asked for two days."""

    def counted(moment: str, people: int, assigned: int) -> None:
        licenses = (usage(SUITE, (100, assigned)), usage(CALLING, (50, 20)))
        save(engine, taken(moment, people=people, messages_created=7, licenses=licenses))

    def held(moment: str) -> None:
        save(engine, replace(taken(moment, licenses=None), held=EVERYTHING))

    counted("2026-11-20 12:00", 500, 70)
    for moment in ("2026-11-20 18:00", "2026-11-21 00:00", "2026-11-21 06:00"):
        held(moment)
    counted("2026-11-21 12:00", 480, 60)
    for moment in ("2026-11-21 18:00", "2026-11-22 00:00", "2026-11-22 12:00"):
        held(moment)
    return engine


def rows(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_days_least_and_greatest_are_of_what_was_counted_on_it(three_days):
    figures = "first, last, min, max, mean, samples"
    assert rows(three_days, f"SELECT day, {figures} FROM daily_counts WHERE metric = 'people' ORDER BY day") == [
        ("2026-11-20", 500, 500, 500, 500, 500.0, 2),
        ("2026-11-21", 500, 480, 480, 480, 490.0, 4),
        ("2026-11-22", 480, 480, None, None, 480.0, 2),
    ]
    assert rows(three_days, f"SELECT {figures} FROM monthly_counts WHERE metric = 'people'") == [
        (500, 480, 480, 500, 490.0, 8)
    ]


def test_licenses_are_held_together(three_days):
    figures = "purchased, assigned_first, assigned_last, assigned_min, assigned_max, assigned_mean, samples"
    of_suite = [
        ("2026-11-20", 100, 70, 70, 70, 70, 70.0, 2),
        ("2026-11-21", 100, 70, 60, 60, 60, 65.0, 4),
        ("2026-11-22", 100, 60, 60, None, None, 60.0, 2),
    ]
    suite = f"SELECT day, {figures} FROM daily_licenses WHERE license = 'Webex Suite' ORDER BY day"
    assert rows(three_days, suite) == of_suite
    product = f"SELECT day, {figures} FROM daily_products WHERE name = 'Webex Suite' ORDER BY day"
    assert rows(three_days, product) == of_suite
    month = "SELECT assigned_min, assigned_max, samples FROM monthly_licenses ORDER BY license"
    assert rows(three_days, month) == [(20, 20, 8), (60, 70, 8)]


@pytest.mark.parametrize("read_units", [units_in_views, units_as_stored])
def test_units_that_are_read_for_reviews_rest_on_what_was_counted_too(three_days, read_units):
    november = Month(2026, 11)
    with reading(three_days) as history:
        (organization,) = polled_organizations(history)
        units = read_units(history, organization.id, (november.first_day, november.last_day), (november, november))
        of_suite, both = units.by_day()[SUITE.webex_id], units.sums_of([CALLING.webex_id, SUITE.webex_id])
    assert of_suite == (
        DailyUsage(date(2026, 11, 20), 70, 70, 70, 100),
        DailyUsage(date(2026, 11, 21), 60, 60, 60, 100),
        DailyUsage(date(2026, 11, 22), 60, None, None, 100),
    )
    assert both.days == tuple(
        DailyUsage(
            each.day, each.last + 20, each.lowest and each.lowest + 20, each.highest and each.highest + 20, 150
        )
        for each in of_suite
    )
    # 2 polls with 90 units, 2 more that hold them, 4 with 80.
    assert both.months == (MonthlyUsage(november, 80, 80, 90, 85.0, 150, 100 * 80 / 150),)


def test_a_day_on_which_nothing_was_counted_has_no_activity(three_days):
    activity = "SELECT day, amount FROM daily_activity WHERE metric = 'messages_created' ORDER BY day"
    assert rows(three_days, activity) == [("2026-11-20", 7), ("2026-11-21", 7)]
