"""Which organizations are reviewed in a month, before any of them is read."""

from dataclasses import dataclass
from datetime import datetime

from webexhist.months import Month
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.silence import SilentOrganization
from webexhist.store.rows.polls import PolledOrganization


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """An organization to be reviewed in a month, and what it is called among the others."""

    organization: PolledOrganization
    name: str
    silent: SilentOrganization | None
    """Where it is not polled any more."""


@dataclass(frozen=True, slots=True)
class PlannedMonth:
    """A month to be reviewed: each organization by itself, so that no more than one has to be held."""

    month: Month
    months: int
    """So many are looked back over, that one included."""
    now: datetime
    organizations: tuple[PlannedReview, ...]
    silent: tuple[SilentOrganization, ...]
    """Those without a poll in the month that were polled before it, and that nobody retired."""
    decisions_about_silent: tuple[Decision, ...]
    """One about each of these."""
    against: Month | None = None
    """The month that this one is held against."""
    are_days_gone: bool = False
    """Whether there is no review of an organization because something else deleted its days of the month."""
