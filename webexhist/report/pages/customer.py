"""The one page of an organization among many: its index, and a chart of each judged product."""

import re
from dataclasses import dataclass, replace

from webexhist.report.charts.chart import Chart
from webexhist.report.charts.license_chart import license_chart
from webexhist.report.html.document import Page
from webexhist.report.pages.index import figures_of_index, title_of
from webexhist.report.pages.page import PageContext
from webexhist.review.comparison import compared
from webexhist.review.judgment.usage import ProductReview

STATEMENT = re.compile(r"<pre>-- ([^\n]*)\n[^<]*</pre>")
"""As pages print what was run."""
FINENESS = 0.005
"""Of the height of a chart: on those of this page less is not as wide as a line."""


@dataclass(frozen=True, slots=True)
class ProductChart:
    """A product and its chart."""

    product: ProductReview
    chart: Chart


def customer_page(context: PageContext, name: str) -> Page:
    """The page, named as its file is."""
    review = context.review
    drawn = [ProductChart(each, license_chart(each, each.judgment, review, FINENESS).chart) for each in review.judged]
    page = context.page(
        "customer.html",
        name,
        title_of(context),
        charts_of_products=drawn,
        comparison=compared(review, context.before) if context.before else None,
        before=context.before.queries if context.before else None,
        **figures_of_index(context, {each.product.product: each.chart for each in drawn}),
    )
    return replace(page, html=with_statements_once(page.html))


def with_statements_once(html: str) -> str:
    """The page with each statement where it is first shown: of hundreds of pages every tenth byte repeated one."""
    shown: set[str] = set()

    def once(found: re.Match[str]) -> str:
        if found[0] in shown:
            return f'<p class="note">{found[1]}: as above.</p>'
        shown.add(found[0])
        return found[0]

    return STATEMENT.sub(once, html)
