"""Organizations that are not polled any more: nobody retired them, and no poll came for long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from webexhist.review.polling import FEWEST_INTERVALS, median_of

INTERVALS = 3
"""So many usual intervals without a poll ..."""
MORE = timedelta(days=1)
"""... and this much more are too long."""
LOOKED_AT = 32
"""Polls by which the usual interval is known."""


@dataclass(frozen=True, slots=True)
class SilentOrganization:
    """An organization that is not polled any more."""

    webex_id: str
    name: str
    last_polled_at: datetime
    last_polled_on: date
    """The day of it, in the organization's time zone."""


def is_silent(times: Sequence[datetime], until: datetime) -> bool:
    """Whether the last of these polls, newest first, was too long ago at that moment."""
    lengths = [later - earlier for later, earlier in pairwise(times)]
    usual = median_of(lengths) if len(lengths) >= FEWEST_INTERVALS else timedelta()
    return until - times[0] > INTERVALS * usual + MORE
