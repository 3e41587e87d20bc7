"""The page about what changed since another month, where one is asked for."""

from collections.abc import Iterator

from webexhist.report.html.document import Page
from webexhist.report.html.formats import month_name
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.comparison import compared


def against_pages(context: PageContext) -> Iterator[Page]:
    """Yields the page, where the organization was polled in the other month."""
    if context.before is not None:
        comparison = compared(context.review, context.before)
        title = f"{context.review.name}: {context.month} against {month_name(comparison.against)}"
        queries = context.before.queries
        yield context.page("against.html", "against", title, comparison=comparison, before=queries)


PAGES = OrganizationPages(
    place=5, build=against_pages, link=NavigationLink("against", "Changes"), needs_another_month=True
)
