"""Values that polls did not ask for: they are samples of their days, and no peak rests on them alone."""

from dataclasses import replace

import pytest
from histories import license_of, usage
from sqlalchemy import Engine, text

from webexhist.snapshot import LICENSES_HELD
from webexhist.store.saving.save import save

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


def test_a_day_on_which_nothing_was_counted_has_no_activity(three_days):
    activity = "SELECT day, amount FROM daily_activity WHERE metric = 'messages_created' ORDER BY day"
    assert rows(three_days, activity) == [("2026-11-20", 7), ("2026-11-21", 7)]
