"""Organizations that are no longer polled: nothing that is said of them is of today."""

from datetime import datetime

from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import Decision, DecisionKind
from webexhist.review.judgment.words import spoken


def not_polled(subject: Subject, last_poll: datetime) -> Decision:
    """That an organization is no longer polled."""
    day = last_poll.date()
    return subject.decision(
        DecisionKind.NOT_POLLED,
        f"is not polled since {spoken(day)}: what is said of it is of that day; webexhist status says why",
        str(day),
        since=day,
    )
