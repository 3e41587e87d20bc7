"""A page for each license."""

from collections.abc import Iterator

from webexhist.months import Month
from webexhist.report.charts.license_chart import license_chart
from webexhist.report.html.document import Page
from webexhist.report.html.formats import place_name
from webexhist.report.html.names import license_page
from webexhist.report.pages.page import OrganizationPages, PageContext
from webexhist.review.forecast.forecast import Forecast
from webexhist.review.forecast.trend import Level
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
    chart = license_chart(license_, context.review)
    return context.page(
        "license.html",
        license_page(license_.license),
        f"{name} ({place_name(license_.license)}), {context.month}: {context.review.name}",
        license=license_,
        before=before,
        after=after,
        chart=chart,
        expected=expected_months(license_, chart.timeline.ahead),
    )


def expected_months(license_: LicenseReview, ahead: int) -> tuple[tuple[Month, Level], ...]:
    """What the chart shows of the forecast, at the end of each month."""
    forecast = license_.judgment.forecast
    if not isinstance(forecast, Forecast):
        return ()
    months = [license_.closing.month.plus(index) for index in range(1, ahead + 1)]
    return tuple((month, forecast.at(month.last_day)) for month in months)


PAGES = OrganizationPages(place=2, build=license_pages)
