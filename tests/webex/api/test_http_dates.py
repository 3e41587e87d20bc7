"""Dates of HTTP headers in every form, wherever this host stands."""

import time
from datetime import UTC, datetime

import pytest

from webexhist.webex.api.http_dates import http_date

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def in_tokyo(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("header", "at"),
    [
        ("Mon, 23 Nov 2026 12:00:00 GMT", NOON),
        ("Monday, 23-Nov-26 12:00:00 GMT", NOON),
        ("Mon Nov 23 12:00:00 2026", NOON),
        ("Mon, 23 Nov 2026 12:00:00", NOON),
        ("Mon, 23 Nov 2026 12:00:00 -0000", NOON),
        ("Mon, 23 Nov 2026 21:00:00 +0900", NOON),
        ("Mon, 23 Nov 2026 07:00:00 EST", NOON),
        ("Mon, 23 Nov 2026 12:00:00 GMT, Mon, 23 Nov 2026 12:00:00 GMT", NOON),
        ("Wed, 31 Dec 2026 23:59:60 GMT", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("Fri, 01 Jan 0100 00:00:00 GMT", datetime(100, 1, 1, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_date_is_read_as_utc_unless_it_names_another_zone(header, at, in_tokyo):
    assert http_date(header) == at


@pytest.mark.parametrize(
    "header",
    [
        *("", " ", "0", "12", "yesterday", "2026-11-23T12:00:00Z", "\xff", ",", "Mon,", "Mon, 23 Nov 2026"),
        "Mon, 31 Feb 2026 12:00:00 GMT",
        "Mon, 23 Nov 2026 25:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2300",
        f"Mon, 23 Nov {'9' * 5_000} 12:00:00 GMT",
        f"Mon, 23 Nov 2026 12:00:00 +{'9' * 15}",
    ],
)
def test_what_is_no_date_is_none(header):
    assert http_date(header) is None
