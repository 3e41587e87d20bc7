"""What a page about an organization is made of, and what it is given."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from webexhist.report.charts.timeline import Timeline
from webexhist.report.html.document import Page
from webexhist.report.html.environment import rendered
from webexhist.report.html.formats import month_name
from webexhist.report.html.links import Links
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.reviews import OrganizationReview
from webexhist.review.silence import SilentOrganization

INDENTATION = re.compile(r"\n\s+")


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A link in the head of every page about the organization."""

    name: str
    """Of the page that it leads to."""
    label: str


@dataclass(frozen=True, slots=True)
class PageContext:
    """An organization's review, and where its pages lie."""

    review: OrganizationReview
    links: Links
    navigation: tuple[NavigationLink, ...]
    timeline: Timeline
    checksum: str
    """Of all figures of the month."""
    silent: tuple[SilentOrganization, ...] = ()
    """Others that are not polled any more, where no page over all organizations names them."""
    about_silent: tuple[Decision, ...] = ()
    """What is to be decided of these."""
    before: OrganizationReview | None = None
    """The month that it is held against, where one is asked for."""

    def page(self, template: str, name: str, title: str, **values: Any) -> Page:
        """A page made from a template, which is given this context's fields and `values`."""
        own = {
            "review": self.review,
            "sources": self.review.queries,
            "links": self.links,
            "navigation": self.navigation,
            "timeline": self.timeline,
            "checksum": self.checksum,
            "name": name,
            "title": title,
        }
        return Page(name, title, without_indentation(rendered(template, own | values)))

    @property
    def month(self) -> str:
        """The month and its year in words."""
        return month_name(self.review.month)


def without_indentation(html: str) -> str:
    """The same page in fewer bytes; what is printed to the letter stays."""
    outside, *printed = html.split("<pre")
    parts = [INDENTATION.sub("\n", outside)]
    for part in printed:
        letters, ends, rest = part.partition("</pre>")
        parts.append(f"<pre{letters}{ends}{INDENTATION.sub(chr(10), rest)}")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class OrganizationPages:
    """The pages about an organization that one module makes."""

    place: int
    """The lowest comes first, in the report and among the links."""
    build: Callable[[PageContext], Iterable[Page]]
    link: NavigationLink | None = None
    """None where no page's head leads there."""
    needs_another_month: bool = False
    """Whether they are there only where the month is held against another."""
