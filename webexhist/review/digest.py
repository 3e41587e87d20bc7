"""What is sent to somebody who reads mails and no pages."""

from dataclasses import dataclass

from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.reviews import MonthlyReview


@dataclass(frozen=True, slots=True)
class Digest:
    """What a recipient is to be sent."""

    month: MonthlyReview | None
    """None where only something urgent appeared since."""
    decisions: tuple[Decision, ...]
    """Of the month, those that are still open, the most urgent first."""
    since: tuple[Decision, ...]
    """What became urgent or unknown since the end of the month, or urgent since the last digest."""
    about: frozenset[str]
    """What is marked as sent with it: the month, and the ids of what is urgent, unless they were before."""
    warnings: tuple[str, ...] = ()
    """Which of the rows that it rests on were changed by something else, a line an organization."""

    @property
    def organizations(self) -> tuple[str, ...]:
        """The names of those that it is about."""
        if self.month is None:
            return tuple(dict.fromkeys(each.organization for each in self.since))
        reviewed = [each.name for each in self.month.organizations]
        return (*reviewed, *(each.name for each in self.month.silent))
