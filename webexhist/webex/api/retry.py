"""How long to wait before asking again."""

import random
from datetime import datetime

from webexhist.webex.api.http_dates import http_date

ATTEMPTS = 4
"""Times that a request is sent when Webex or the connection is disturbed."""
DEFAULT_WAIT = 5.0
"""Seconds to wait when Webex asks to wait without saying how long."""
SHORTEST_WAIT = 1.0


def asked_wait(retry_after: str | None, now: datetime) -> float:
    """Seconds that a Retry-After header asks for; a missing or malformed one (both are seen) counts as the default.

    The header may hold seconds or an HTTP date (RFC 9110, 10.2.3); `now` is the server's time.
    """
    header = (retry_after or "").strip()
    if header.isdecimal() and header.isascii():
        return max(SHORTEST_WAIT, float(header[:9]))
    until = http_date(header)
    return DEFAULT_WAIT if until is None else max(SHORTEST_WAIT, (until - now).total_seconds())


def backoff(attempt: int) -> float:
    """Seconds to wait after the n-th disturbed attempt (1, 2, …): doubling, with jitter so that workers spread."""
    return 0.25 * float(2**attempt) * random.uniform(0.5, 1.0)  # noqa: S311  spreads load, guards nothing
