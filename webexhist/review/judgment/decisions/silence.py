"""Organizations that are no longer polled: nothing that is said of them is of today."""

from datetime import date

from webexhist.review.judgment.decisions.subjects import Subject
from webexhist.review.judgment.decisions.values import Decision, DecisionKind
from webexhist.review.judgment.words import spoken


def not_polled(subject: Subject, day: date) -> Decision:
    """Says that an organization is no longer polled; the day is that of its last poll."""
    return subject.decision(
        DecisionKind.NOT_POLLED,
        f"is not polled since {spoken(day)}: what is said of it is of that day; webexhist status says why",
        str(day),
        since=day,
    )
