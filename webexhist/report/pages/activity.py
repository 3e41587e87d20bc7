"""The page about counts: charts of those that the table of counts puts on pages, and tables by month and by day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from webexhist.metrics import Metric
from webexhist.months import Month
from webexhist.quantities import quantity
from webexhist.report.charts.chart import Chart, amount_chart, count_chart
from webexhist.report.html.document import Page
from webexhist.report.html.formats import capitalized, listed, number
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.reviews import OrganizationReview
from webexhist.review.values import DailyAmount
from webexhist.store.values import DailyValue


@dataclass(frozen=True, slots=True)
class MetricChart:
    """A chart of the activity page."""

    metric: Metric
    words: str
    column: int
    """The column of the activity table that holds its values."""
    chart: Chart


def activity_pages(context: PageContext) -> Iterator[Page]:
    """Yields the page of counts."""
    review, timeline = context.review, context.timeline
    amounts = [
        MetricChart(
            amount.metric,
            capitalized(amount.metric.words),
            column,
            amount_chart(amount.days, timeline, days_after_count(review, amount.metric)),
        )
        for column, amount in enumerate(review.amounts, start=1)
    ]
    gauges = [
        MetricChart(gauge.metric, capitalized(gauge.metric.words), column, count_chart(gauge.days, timeline))
        for column, gauge in enumerate(review.gauges, start=1 + len(amounts))
    ]
    title = f"Activity in {context.month}: {review.name}"
    table = activity_table(review)
    yield context.page(
        "activity.html",
        "activity",
        title,
        amounts=amounts,
        gauges=gauges,
        shown=capitalized(listed([item.metric.words for item in (*amounts, *gauges)])),
        table=table,
    )


def days_after_count(review: OrganizationReview, metric: Metric) -> list[date]:
    """The days with polls after the last count, where the last poll did not count: what came then is not known."""
    counted_at = review.counted_before.get(metric.value)
    if counted_at is None:
        return []
    last_day = review.zone.day_of(counted_at)
    return [day for day, polls in review.polls_by_day if day > last_day and polls]


@dataclass(frozen=True, slots=True)
class ActivityTable:
    """One column a metric, amounts first."""

    columns: tuple[str, ...]
    months: tuple[tuple[Month, tuple[int | None, ...]], ...]
    """Amounts of the whole month, counts at its end; oldest first."""
    days: tuple[tuple[date, tuple[str, ...]], ...]
    """In the words of the page; empty where nothing was counted."""


def activity_table(review: OrganizationReview) -> ActivityTable:
    """The figures of the activity page."""
    metrics = [amount.metric for amount in review.amounts] + [gauge.metric for gauge in review.gauges]
    gauges = [{month.month: month.last for month in gauge.months} for gauge in review.gauges]
    days: defaultdict[date, dict[Metric, str]] = defaultdict(dict)
    for amount in review.amounts:
        add_cells(days, amount.metric, ((day.day, amount_words(day)) for day in amount.days))
    for gauge in review.gauges:
        add_cells(days, gauge.metric, ((day.day, count_words(day)) for day in gauge.days))
    return ActivityTable(
        columns=tuple(capitalized(metric.words) for metric in metrics),
        months=tuple(
            (
                month,
                (*(amount.amount_of(month) for amount in review.amounts), *(gauge.get(month) for gauge in gauges)),
            )
            for month in review.period.months
        ),
        days=tuple((day, tuple(cells.get(metric, "") for metric in metrics)) for day, cells in sorted(days.items())),
    )


def add_cells(days: defaultdict[date, dict[Metric, str]], metric: Metric, cells: Iterable[tuple[date, str]]) -> None:
    for day, words in cells:
        days[day][metric] = words


def amount_words(amount: DailyAmount) -> str:
    """4,210, or 4,210 in 3 days"""
    return number(amount.amount) if amount.days == 1 else f"{number(amount.amount)} in {quantity(amount.days, 'day')}"


def count_words(day: DailyValue) -> str:
    """512, or 512 (510 to 514) where it moved within the day"""
    if day.lowest == day.highest:
        return number(day.last)
    return f"{number(day.last)} ({number(day.lowest)} to {number(day.highest)})"


PAGES = OrganizationPages(place=3, build=activity_pages, link=NavigationLink("activity", "Activity"))
