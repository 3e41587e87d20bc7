"""A page for each license."""

from collections.abc import Iterator, Sequence

from webexhist.months import Month
from webexhist.report.charts.license_chart import license_chart
from webexhist.report.html.document import Page
from webexhist.report.html.formats import place_name
from webexhist.report.html.names import license_page
from webexhist.report.pages.page import OrganizationPages, PageContext
from webexhist.review.forecast import Rib
from webexhist.review.reviews import LicenseReview


def license_pages(context: PageContext) -> Iterator[Page]:
    """Yields a page for every license, in the order of the index."""
    licenses = context.review.licenses
    for before, license_, after in zip((None, *licenses), licenses, (*licenses[1:], None), strict=False):
        yield license_page_of(context, license_, before, after)


def license_page_of(
    context: PageContext, license_: LicenseReview, before: LicenseReview | None, after: LicenseReview | None
) -> Page:
    """The page of a license between its neighbors."""
    name = license_.license.name
    drawn = license_chart(license_, context.review)
    return context.page(
        "license.html",
        license_page(license_.license),
        f"{name} ({place_name(license_.license)}), {context.month}: {context.review.name}",
        license=license_,
        before=before,
        after=after,
        chart=drawn.chart,
        record=license_.judgment.forecast.outlook.record if license_.judgment.forecast else None,
        expected=expected_months(drawn.ribs),
    )


def expected_months(ribs: Sequence[Rib]) -> tuple[Rib, ...]:
    """What the chart shows of the forecast, near the end of each month to come."""
    by_month = {Month.of(rib.day): rib for rib in ribs[1:]}
    return tuple(by_month.values())


PAGES = OrganizationPages(place=2, build=license_pages)
