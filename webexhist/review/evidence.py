"""The frozen values that show what the figures of a review rest on. Times are UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webexhist.months import Month


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without polls."""

    began_at: datetime
    """The last poll before it, or the begin of what is looked at."""
    ended_at: datetime
    missed: int
    """How many polls would have fallen into it."""

    @property
    def length(self) -> timedelta:
        return self.ended_at - self.began_at

    def overlaps(self, begins_at: datetime, ends_at: datetime) -> bool:
        """Whether a part of it lies within a span of time."""
        return self.began_at < ends_at and self.ended_at > begins_at


@dataclass(frozen=True, slots=True)
class MonthlyEvidence:
    """How complete the polling of one month was."""

    month: Month
    polls: int
    missed: int
    interval: timedelta | None
    """The usual time between two polls (median); None with fewer than three polls."""
    gaps: tuple[Gap, ...]
    coverage: float | None
    """How much of the month, or of what has passed of it, polls cover: 0 to 1; None where that cannot be said."""

    @property
    def expected(self) -> int:
        """How many polls there would be without gaps."""
        return self.polls + self.missed

    @property
    def longest_gap(self) -> Gap | None:
        """None where there is no gap."""
        return max(self.gaps, key=lambda gap: gap.length, default=None)


@dataclass(frozen=True, slots=True)
class CollectorFailure:
    """A span of polls in which a collector failed for one reason."""

    began_at: datetime
    status: str
    """In the words of the database: "not permitted", "failed" or "out of time"."""
    error: str | None


@dataclass(frozen=True, slots=True)
class CollectorReview:
    """How one collector fared over the period of the review."""

    collector: str
    collections: int
    failures: int
    collections_in_month: int
    """In the month of the review."""
    failures_in_month: int
    last_failure: CollectorFailure | None
