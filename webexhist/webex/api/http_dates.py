"""Reads the dates of HTTP headers, in every form that is in use (RFC 9110, 5.6.7)."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

LAST_SECOND = 59


def http_date(header: str) -> datetime | None:
    """The moment (UTC); None where a header holds none.

    One without a zone is in UTC, as all of them should be, wherever this host stands; a leap second is the second
    before it.
    """
    try:
        parts = parsedate_tz(header)
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        at = datetime(year, month, day, hour, minute, min(second, LAST_SECOND), tzinfo=UTC)
        return at - timedelta(seconds=parts[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
