"""Retry-After in every form it was seen in."""

from datetime import UTC, datetime

import pytest

from webexhist.webex.api.retry import asked_wait

NOW = datetime(2026, 11, 23, 15, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("4", 4),
        (" 300 ", 300),
        ("0", 1),
        (None, 5),
        ("", 5),
        ("rand(30),add(30)", 5),
        ("-3", 5),
        ("0.25", 1),
        (".5", 1),
        ("1.5", 2),
        ("7.000", 7),
        ("7.0001", 8),
        ("1.2.3", 5),
        ("1,5", 5),
        ("1e3", 5),
        (".", 5),
        ("٣", 5),
        ("Mon, 23 Nov 2026 15:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 14:00:00 GMT", 1),
        ("Mon, 23 Nov 2026 15:00:30", 30),
        ("9" * 400, 999_999_999),
    ],
)
def test_the_wait_that_webex_asks_for(header, seconds):
    assert asked_wait(header, NOW) == seconds
