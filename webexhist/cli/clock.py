"""The time that commands go by, in one place, so that tests can set another."""

from datetime import UTC, datetime

from webexhist.webex.api.passing_time import REAL_TIME

passing_time = REAL_TIME
"""What waits, and limits to them, are measured by."""


def now() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)
