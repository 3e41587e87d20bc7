"""The page over the reviews of several months."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.report.layouts import TextFile
from webexhist.report.pages.document import Page, document
from webexhist.report.pages.environment import page_environment
from webexhist.review.checksum import checksum
from webexhist.review.evidence import MonthlyEvidence
from webexhist.review.months import Month, Period
from webexhist.review.reviews import MonthlyReview, OrganizationReview

SHELF = "index.html"
TITLE = "Webex licensing reviews"


@dataclass(frozen=True, slots=True)
class BookLine:
    """What the shelf tells of one organization: a review of years is too much to hold for every month."""

    name: str
    is_complete: bool
    licenses: int
    """The judged ones."""
    to_decide: int
    units_purchased: int
    units_in_use: int
    evidence: MonthlyEvidence

    @classmethod
    def of(cls, review: OrganizationReview) -> "BookLine":
        return cls(
            name=review.name,
            is_complete=review.is_complete,
            licenses=len(review.judged),
            to_decide=len(review.to_decide),
            units_purchased=review.units_purchased,
            units_in_use=review.units_in_use,
            evidence=review.evidence,
        )


@dataclass(frozen=True, slots=True)
class Book:
    """A month on the shelf, and where its pages are."""

    month: Month
    link: str
    lines: tuple[BookLine, ...]
    checksum: str

    @classmethod
    def of(cls, review: MonthlyReview, link: str) -> "Book":
        lines = tuple(BookLine.of(organization) for organization in review.organizations)
        return cls(review.month, link, lines, checksum(review))


def shelf_file(books: Sequence[Book]) -> TextFile:
    """The page over the books, oldest first."""
    period = Period(books[0].month, books[-1].month)
    has_organizations = any(len(book.lines) > 1 for book in books)
    template = page_environment().get_template("months.html")
    html = template.render(title=TITLE, books=books, period=period, has_organizations=has_organizations)
    return TextFile(SHELF, document(TITLE, [Page("index", TITLE, html)]))
