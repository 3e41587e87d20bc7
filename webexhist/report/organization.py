"""All pages about one organization."""

from collections.abc import Iterator

from webexhist.report.charts.timeline import Timeline
from webexhist.report.html.document import Page
from webexhist.report.html.links import Links
from webexhist.report.pages import organization_pages
from webexhist.report.pages.page import PageContext
from webexhist.review.reviews import OrganizationReview
from webexhist.review.silence import SilentOrganization


def pages_about(
    review: OrganizationReview, links: Links, checksum: str, silent: tuple[SilentOrganization, ...] = ()
) -> Iterator[Page]:
    """Yields the index first, then the other pages in their order. All bear the month's checksum.

    `silent` are others that are not polled any more, where no page over all organizations names them.
    """
    families = organization_pages()
    navigation = tuple(family.link for family in families if family.link)
    context = PageContext(review, links, navigation, Timeline(review.period), checksum, silent)
    for family in families:
        yield from family.build(context)
