"""What every page about an organization shows around its own matter."""

from dataclasses import dataclass
from typing import Any

from webexhist.report.charts.timeline import Timeline
from webexhist.report.pages.document import Page
from webexhist.report.pages.environment import page_environment
from webexhist.report.pages.formats import month_name
from webexhist.report.pages.links import Links
from webexhist.review.reviews import OrganizationReview

INDEX = "index"
"""The page to open first."""


@dataclass(frozen=True, slots=True)
class PageContext:
    """An organization's review, and where its pages lie."""

    review: OrganizationReview
    links: Links
    timeline: Timeline
    checksum: str
    """Of all figures of the month."""

    def page(self, template: str, name: str, title: str, **values: Any) -> Page:
        html = (
            page_environment()
            .get_template(template)
            .render(
                review=self.review,
                links=self.links,
                timeline=self.timeline,
                checksum=self.checksum,
                name=name,
                title=title,
                **values,
            )
        )
        return Page(name, title, html)

    @property
    def month(self) -> str:
        return month_name(self.review.month)
