"""All pages about one organization."""

from collections.abc import Iterator

from webexhist.report.charts.timeline import Timeline
from webexhist.report.html.document import Page
from webexhist.report.html.links import Links
from webexhist.report.pages import organization_pages
from webexhist.report.pages.page import PageContext
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.reviews import OrganizationReview
from webexhist.review.silence import SilentOrganization


def pages_about(
    review: OrganizationReview,
    links: Links,
    checksum: str,
    silent: tuple[SilentOrganization, ...] = (),
    about_silent: tuple[Decision, ...] = (),
    before: OrganizationReview | None = None,
) -> Iterator[Page]:
    """Yields the index first, then the other pages in their order. All bear the organization's checksum.

    `silent` are others that are not polled any more, where no page over all organizations names them, `about_silent`
    what is to be decided of these; `before` is the month that this one is held against.
    """
    families = [each for each in organization_pages() if before is not None or not each.needs_another_month]
    navigation = tuple(family.link for family in families if family.link)
    about_silent = tuple(each for each in about_silent if each.is_open)
    context = PageContext(review, links, navigation, Timeline(review.period), checksum, silent, about_silent, before)
    for family in families:
        yield from family.build(context)
