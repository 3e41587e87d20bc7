"""Months are counted, parsed and bounded as a calendar does."""

from datetime import date

import pytest

from webexhist.errors import UsageError
from webexhist.months import Month, Period


def test_a_month_reads_as_it_is_written():
    assert Month.parse("2026-02") == Month(2026, 2)
    assert str(Month(2026, 2)) == "2026-02"


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-1", "26-01", "0000-01", "2026-11-01", "", "٢٠٢٦-١١"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(UsageError, match="YYYY-MM"):
        Month.parse(text)


@pytest.mark.parametrize(
    ("months", "expected"), [(1, Month(2027, 1)), (-11, Month(2026, 1)), (-12, Month(2025, 12)), (25, Month(2029, 1))]
)
def test_months_are_added_over_years(months, expected):
    assert Month(2026, 12).plus(months) == expected


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (Month(2028, 2), date(2028, 2, 29)),
        (Month(2026, 11), date(2026, 11, 30)),
        (Month(2026, 12), date(2026, 12, 31)),
        (Month(9999, 12), date.max),
        (Month(10000, 1), date.max),
        (Month(0, 12), date.min),
    ],
)
def test_a_month_ends_with_its_last_day(month, last):
    assert month.last_day == last


def test_a_period_holds_its_first_and_last_month():
    period = Period(Month(2025, 12), Month(2026, 2))
    assert period.months == (Month(2025, 12), Month(2026, 1), Month(2026, 2))
    assert (period.first_day, period.last_day) == (date(2025, 12, 1), date(2026, 2, 28))
