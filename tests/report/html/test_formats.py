"""How figures and times read."""

from datetime import UTC, datetime, timedelta

import pytest

from webexhist.months import Month, Period
from webexhist.report.html import formats


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1204, "1,204"), (-3, "−3"), (None, "–"), (1_000_000, "1,000,000")]
)
def test_numbers_have_thousands_and_a_real_minus(value, text):
    assert formats.number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (5, "+5"), (-1500, "−1,500"), (None, "–")])
def test_a_change_carries_its_sign(value, text):
    assert formats.signed(value) == text


@pytest.mark.parametrize(("value", "text"), [(92.44, "92.4%"), (100, "100.0%"), (None, "–")])
def test_percent_has_one_decimal(value, text):
    assert formats.percent(value) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(seconds=20), "20 s"),
        (timedelta(minutes=25), "25 min"),
        (timedelta(hours=3, minutes=10), "3 h 10 min"),
        (timedelta(hours=6), "6 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=8, hours=12, minutes=7), "8 days 12 h"),
        (timedelta(minutes=59, seconds=50), "1 h"),
        (timedelta(hours=14, minutes=1), "14 h"),
        (timedelta(hours=23, minutes=43), "1 day"),
    ],
)
def test_a_span_is_written_in_the_units_that_matter(span, text):
    assert formats.duration(span) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(days=1), "day"),
        (timedelta(hours=1), "hour"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(days=2), "2 days"),
    ],
)
def test_an_interval_follows_the_word_every(span, text):
    assert formats.interval_name(span) == text


def test_times_are_named_without_leading_zeros():
    assert formats.moment_name(datetime(2026, 11, 3, 4, 5, tzinfo=UTC)) == "3 Nov 2026 04:05"
    assert formats.month_name(Month(2026, 11)) == "November 2026"


def test_a_span_of_one_month_is_named_once():
    assert formats.period_name(Period(Month(2025, 11), Month(2026, 11))) == "Nov 2025 to Nov 2026"
    assert formats.period_name(Period(Month(2026, 11), Month(2026, 11))) == "Nov 2026"
