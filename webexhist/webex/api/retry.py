"""How long to wait before asking again."""

import random
import re
from datetime import datetime

from webexhist.webex.api.http_dates import http_date

ATTEMPTS = 4
"""Times that a request is sent when Webex or the connection is disturbed."""
DEFAULT_WAIT = 5.0
"""Seconds to wait when Webex asks to wait without saying how long."""
SHORTEST_WAIT = 1.0
MOST_DIGITS = 9
"""Digits that are read of seconds: 31 years are for ever."""
SECONDS = re.compile(r"[0-9]+(\.[0-9]*)?|\.[0-9]+")
"""Whole seconds, as they should be, or a fraction of one, as they are seen."""


def asked_wait(retry_after: str | None, now: datetime) -> float:
    """Seconds that a Retry-After header asks for; a missing or malformed one (both are seen) counts as the default.

    The header may hold seconds or an HTTP date (RFC 9110, 10.2.3); `now` is the server's time.
    """
    told = told_wait(retry_after)
    if isinstance(told, datetime):
        return max(SHORTEST_WAIT, (told - now).total_seconds())
    return DEFAULT_WAIT if told is None else max(SHORTEST_WAIT, told)


def told_wait(retry_after: str | None) -> float | datetime | None:
    """Seconds, of which a part counts as a whole one, or until when (UTC); None where neither can be read."""
    header = (retry_after or "").strip()
    if SECONDS.fullmatch(header):
        whole, _, part = header.partition(".")
        return float(whole[:MOST_DIGITS] or "0") + bool(part.strip("0"))
    return http_date(header)


def backoff(attempt: int) -> float:
    """Seconds to wait after the n-th disturbed attempt (1, 2, …): doubling, with jitter so that workers spread."""
    return 0.25 * float(2**attempt) * random.uniform(0.5, 1.0)  # noqa: S311  spreads load, guards nothing
