"""The pages about one organization, and the page over several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webexhist.report.activity_table import METRIC_WORDS, activity_table
from webexhist.report.chart import Chart, amount_chart, count_chart, poll_chart, usage_chart
from webexhist.report.document import Page
from webexhist.report.environment import page_environment
from webexhist.report.formats import month_name, place_name
from webexhist.report.links import Links
from webexhist.report.names import license_page
from webexhist.report.sparkline import Sparkline, sparkline
from webexhist.report.timeline import Timeline
from webexhist.review.figures import LicenseReview, MonthlyReview, OrganizationReview
from webexhist.snapshot import Metric

INDEX = "index"
"""The page to open first."""
MOST_GAPS = 20
"""So many of the longest gaps are listed."""


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A license in the table of the index."""

    review: LicenseReview
    sparkline: Sparkline


@dataclass(frozen=True, slots=True)
class MetricChart:
    """A chart of the activity page."""

    metric: Metric
    words: str
    column: int
    """The column of the activity table that holds its values."""
    chart: Chart


def organization_pages(review: OrganizationReview, links: Links) -> Iterator[Page]:
    """The index first, then a page for each license, the activity and the data."""
    frame = Frame(review, links, Timeline(review.period))
    yield index_page(frame)
    licenses = review.licenses
    for before, license_, after in zip((None, *licenses), licenses, (*licenses[1:], None), strict=False):
        yield license_page_of(frame, license_, before, after)
    yield activity_page(frame)
    yield data_page(frame)


def overview_page(review: MonthlyReview, name: str, indexes: Sequence[str], links: Links) -> Page:
    """The page over several organizations, whose indexes have these addresses."""
    entries = tuple(zip(review.organizations, indexes, strict=True))
    title = f"Webex licenses in {month_name(review.month)}"
    template = page_environment().get_template("organizations.html")
    return Page(name, title, template.render(name=name, review=review, entries=entries, links=links))


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page about an organization shows around its own matter."""

    review: OrganizationReview
    links: Links
    timeline: Timeline

    def page(self, template: str, name: str, title: str, **values: Any) -> Page:
        html = (
            page_environment()
            .get_template(template)
            .render(review=self.review, links=self.links, timeline=self.timeline, name=name, title=title, **values)
        )
        return Page(name, title, html)

    @property
    def month(self) -> str:
        return month_name(self.review.month)


def index_page(frame: Frame) -> Page:
    rows = [LicenseRow(license_, sparkline(license_.days, frame.timeline)) for license_ in frame.review.licenses]
    return frame.page(
        "index.html",
        INDEX,
        f"{frame.review.name}: Webex licenses in {frame.month}",
        judged=[row for row in rows if row.review.not_judged is None],
        not_judged=[row for row in rows if row.review.not_judged is not None],
    )


def license_page_of(
    frame: Frame, license_: LicenseReview, before: LicenseReview | None, after: LicenseReview | None
) -> Page:
    chart = usage_chart(license_.days, frame.timeline)
    name = license_page(license_.license)
    title = f"{license_.license.name} ({place_name(license_.license)}), {frame.month}: {frame.review.name}"
    return frame.page("license.html", name, title, license=license_, before=before, after=after, chart=chart)


def activity_page(frame: Frame) -> Page:
    review, timeline = frame.review, frame.timeline
    amounts = [
        MetricChart(amount.metric, METRIC_WORDS[amount.metric], column, amount_chart(amount.days, timeline))
        for column, amount in enumerate(review.amounts, start=1)
    ]
    gauges = [
        MetricChart(gauge.metric, METRIC_WORDS[gauge.metric], column, count_chart(gauge.days, timeline))
        for column, gauge in enumerate(review.gauges, start=1 + len(amounts))
    ]
    title = f"Activity in {frame.month}: {review.name}"
    table = activity_table(review)
    return frame.page("activity.html", "activity", title, amounts=amounts, gauges=gauges, table=table)


def data_page(frame: Frame) -> Page:
    gaps = {gap for month in frame.review.polling for gap in month.gaps}
    longest = sorted(gaps, key=lambda gap: (gap.length, gap.began_at), reverse=True)[:MOST_GAPS]
    return frame.page(
        "data.html",
        "data",
        f"The data of {frame.month}: {frame.review.name}",
        chart=poll_chart(frame.review.polls_by_day, frame.timeline),
        gaps=longest,
        gaps_left_out=len(gaps) - len(longest),
    )
