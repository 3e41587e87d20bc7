"""The page over the reviews of several months."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.months import Month, Period
from webexhist.report.html.document import Page
from webexhist.report.html.environment import page_environment
from webexhist.report.html.names import INDEX
from webexhist.review.checksum import checksum
from webexhist.review.evidence import MonthlyEvidence
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.store.rows.organization_rows import OrganizationQueries

TITLE = "Webex licensing reviews"


@dataclass(frozen=True, slots=True)
class OrganizationLine:
    """One organization's line in a month: a whole review is too much to hold for every month of years."""

    name: str
    is_complete: bool
    products: int
    """The judged ones."""
    decisions: int
    """How many are open."""
    units_purchased: int | None
    units_assigned: int | None
    utilization: float | None
    evidence: MonthlyEvidence
    queries: OrganizationQueries

    @classmethod
    def of(cls, review: OrganizationReview) -> "OrganizationLine":
        return cls(
            name=review.name,
            is_complete=review.is_complete,
            products=len(review.judged),
            decisions=len(review.open_decisions),
            units_purchased=review.units_purchased,
            units_assigned=review.units_assigned,
            utilization=review.utilization,
            evidence=review.evidence,
            queries=review.queries,
        )


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A reviewed month, and where its pages are."""

    month: Month
    link: str
    lines: tuple[OrganizationLine, ...]
    checksum: str

    @classmethod
    def of(cls, review: MonthlyReview, link: str) -> "MonthEntry":
        lines = tuple(OrganizationLine.of(organization) for organization in review.organizations)
        return cls(review.month, link, lines, checksum(review))


def months_page(entries: Sequence[MonthEntry]) -> Page:
    """The page over the reviews of these months, oldest first."""
    period = Period(entries[0].month, entries[-1].month)
    has_organizations = any(len(entry.lines) > 1 for entry in entries)
    template = page_environment().get_template("months.html")
    html = template.render(title=TITLE, entries=entries, period=period, has_organizations=has_organizations)
    return Page(INDEX, TITLE, html)
