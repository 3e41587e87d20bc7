"""The page about the polls that the figures rest on."""

from collections.abc import Iterator

from webexhist.report.charts.chart import poll_chart
from webexhist.report.html.document import Page
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext

MOST_GAPS = 20
"""So many of the longest gaps are listed."""


def data_pages(context: PageContext) -> Iterator[Page]:
    """Yields the page about the polls."""
    gaps = {gap for month in context.review.polling for gap in month.gaps}
    longest = sorted(gaps, key=lambda gap: (gap.length, gap.began_at), reverse=True)[:MOST_GAPS]
    yield context.page(
        "data.html",
        "data",
        f"The data of {context.month}: {context.review.name}",
        chart=poll_chart(context.review.polls_by_day, context.timeline),
        gaps=longest,
        gaps_left_out=len(gaps) - len(longest),
    )


PAGES = OrganizationPages(place=4, build=data_pages, link=NavigationLink("data", "Data"))
