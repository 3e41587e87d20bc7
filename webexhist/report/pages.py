"""The pages of one organization: a file name and its text for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from webexhist.report.activity_table import METRIC_WORDS, activity_table
from webexhist.report.chart import Chart, amount_chart, count_chart, poll_chart, usage_chart
from webexhist.report.environment import page_environment
from webexhist.report.names import license_page
from webexhist.report.sparkline import Sparkline, sparkline
from webexhist.report.timeline import Timeline
from webexhist.review.figures import LicenseReview, MonthlyReview, OrganizationReview
from webexhist.snapshot import Metric

MOST_GAPS = 20
"""So many of the longest gaps are listed."""


@dataclass(frozen=True, slots=True)
class Page:
    """A file of the report."""

    name: str
    text: str


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


def organization_pages(review: OrganizationReview, root: str) -> Iterator[Page]:
    """The index first, then a page for each license, the activity and the data.

    `root` leads from these pages to the page over all organizations, "" where there is only this one.
    """
    frame = Frame(review, root, Timeline(review.period))
    yield index_page(frame)
    licenses = review.licenses
    for before, license_, after in zip((None, *licenses), licenses, (*licenses[1:], None), strict=False):
        yield license_page_of(frame, license_, before, after)
    yield activity_page(frame)
    yield data_page(frame)


def overview_page(review: MonthlyReview, folders: Sequence[str]) -> Page:
    """The page over several organizations, whose pages lie in `folders`."""
    entries = tuple(zip(review.organizations, folders, strict=True))
    text = page_environment().get_template("organizations.html").render(month=review.month, entries=entries)
    return Page("index.html", text)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page about an organization shows around its own matter."""

    review: OrganizationReview
    root: str
    timeline: Timeline

    def page(self, template: str, name: str, **values: Any) -> Page:
        text = (
            page_environment()
            .get_template(template)
            .render(review=self.review, root=self.root, timeline=self.timeline, name=name, **values)
        )
        return Page(name, text)


def index_page(frame: Frame) -> Page:
    rows = [LicenseRow(license_, sparkline(license_.days, frame.timeline)) for license_ in frame.review.licenses]
    return frame.page(
        "index.html",
        "index.html",
        judged=[row for row in rows if row.review.not_judged is None],
        not_judged=[row for row in rows if row.review.not_judged is not None],
    )


def license_page_of(
    frame: Frame, license_: LicenseReview, before: LicenseReview | None, after: LicenseReview | None
) -> Page:
    chart = usage_chart(license_.days, frame.timeline)
    name = license_page(license_.license)
    return frame.page("license.html", name, license=license_, before=before, after=after, chart=chart)


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
    return frame.page("activity.html", "activity.html", amounts=amounts, gauges=gauges, table=activity_table(review))


def data_page(frame: Frame) -> Page:
    gaps = {gap for month in frame.review.polling for gap in month.gaps}
    longest = sorted(gaps, key=lambda gap: (gap.length, gap.began_at), reverse=True)[:MOST_GAPS]
    return frame.page(
        "data.html",
        "data.html",
        chart=poll_chart(frame.review.polls_by_day, frame.timeline),
        gaps=longest,
        gaps_left_out=len(gaps) - len(longest),
    )
