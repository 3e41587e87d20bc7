"""The pages about one organization, and the page over several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webexhist.report.charts.chart import Chart, amount_chart, count_chart, poll_chart
from webexhist.report.charts.timeline import Timeline
from webexhist.report.pages.activity_table import METRIC_WORDS, activity_table
from webexhist.report.pages.context import INDEX, PageContext
from webexhist.report.pages.document import Page
from webexhist.report.pages.environment import page_environment
from webexhist.report.pages.formats import month_name
from webexhist.report.pages.index import ambiguous_names, index_page
from webexhist.report.pages.license import license_page_of
from webexhist.report.pages.links import Links
from webexhist.review import queries
from webexhist.review.reviews import MonthlyReview, OrganizationReview
from webexhist.snapshot import Metric

MOST_GAPS = 20
"""So many of the longest gaps are listed."""


@dataclass(frozen=True, slots=True)
class MetricChart:
    """A chart of the activity page."""

    metric: Metric
    words: str
    column: int
    """The column of the activity table that holds its values."""
    chart: Chart


def organization_pages(review: OrganizationReview, links: Links, checksum: str) -> Iterator[Page]:
    """The index first, then a page for each license, the activity and the data. All bear the month's checksum."""
    context = PageContext(review, links, Timeline(review.period), checksum)
    yield index_page(context)
    licenses = review.licenses
    for before, license_, after in zip((None, *licenses), licenses, (*licenses[1:], None), strict=False):
        yield license_page_of(context, license_, before, after)
    yield activity_page(context)
    yield data_page(context)


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


def activity_page(context: PageContext) -> Page:
    review, timeline = context.review, context.timeline
    amounts = [
        MetricChart(amount.metric, METRIC_WORDS[amount.metric], column, amount_chart(amount.days, timeline))
        for column, amount in enumerate(review.amounts, start=1)
    ]
    gauges = [
        MetricChart(gauge.metric, METRIC_WORDS[gauge.metric], column, count_chart(gauge.days, timeline))
        for column, gauge in enumerate(review.gauges, start=1 + len(amounts))
    ]
    title = f"Activity in {context.month}: {review.name}"
    table = activity_table(review)
    return context.page(
        "activity.html",
        "activity",
        title,
        amounts=amounts,
        gauges=gauges,
        table=table,
        queries={"amounts": queries.amounts_query(review), "gauges": queries.gauges_query(review)},
    )


def data_page(context: PageContext) -> Page:
    gaps = {gap for month in context.review.polling for gap in month.gaps}
    longest = sorted(gaps, key=lambda gap: (gap.length, gap.began_at), reverse=True)[:MOST_GAPS]
    return context.page(
        "data.html",
        "data",
        f"The data of {context.month}: {context.review.name}",
        chart=poll_chart(context.review.polls_by_day, context.timeline),
        gaps=longest,
        gaps_left_out=len(gaps) - len(longest),
        queries={"polls": queries.polling_query(context.review)},
    )
