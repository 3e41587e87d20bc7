"""The page over several organizations."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.report.html.document import Page
from webexhist.report.html.environment import page_environment
from webexhist.report.html.formats import month_name
from webexhist.report.html.links import Links
from webexhist.report.html.names import INDEX, ambiguous_names
from webexhist.review.reviews import MonthlyReview, OrganizationReview


@dataclass(frozen=True, slots=True)
class OverviewEntry:
    """An organization on the page over several."""

    review: OrganizationReview
    links: Links
    """Where its pages are, seen from there."""

    @property
    def index(self) -> str:
        return self.links.page(INDEX)

    @property
    def ambiguous(self) -> frozenset[str]:
        return ambiguous_names(self.review)


def overview_page(review: MonthlyReview, name: str, places: Sequence[Links], links: Links, checksum: str) -> Page:
    """The page over several organizations, whose pages are at these places."""
    entries = [
        OverviewEntry(organization, place) for organization, place in zip(review.organizations, places, strict=True)
    ]
    title = f"Webex licenses in {month_name(review.month)}"
    template = page_environment().get_template("organizations.html")
    html = template.render(name=name, review=review, entries=entries, links=links, checksum=checksum)
    return Page(name, title, html)
