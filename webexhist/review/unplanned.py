"""Renewals that come near without a proposal, in words: no decision, as too little is known, but no calm either."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.review.judgment.renewal import RenewalPlan
from webexhist.review.judgment.terms import ASSUMED_NOTICE
from webexhist.review.judgment.words import spoken
from webexhist.review.reviews import OrganizationReview

AT_ONCE = timedelta(days=30)
"""A notice or renewal so near does not wait for the next review of a month."""


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A renewal of a product of which nothing can be proposed."""

    organization: str
    due_on: date
    """The last day to give notice; once that is past, the renewal."""
    sentence: str
    is_near: bool
    """Whether that day does not wait for the next review."""


def unplanned(review: OrganizationReview) -> Iterator[Unplanned]:
    """Those of one organization."""
    for product, renewal in review.without_proposal:
        yield Unplanned(
            review.name, renewal.due_on, _in_words(product.name, renewal), renewal.due_on - review.as_of <= AT_ONCE
        )


def _in_words(product: str, renewal: RenewalPlan) -> str:
    end = renewal.end
    assumed = f", as {ASSUMED_NOTICE} days are assumed" if end.notice_is_assumed else ""
    is_open = renewal.due_on < end.renews_on
    notice = (
        f"The last day for notice is {spoken(renewal.due_on)}{assumed}"
        if is_open
        else "The last day for notice is over"
    )
    return (
        f"{product} renews on {spoken(end.renews_on)} in {renewal.subscription}, and there is no proposal:"
        f" {renewal.refused}. {notice}."
    )
