"""A page for each product, and for each license that is judged with others, or not at all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webexhist.months import Month
from webexhist.report.charts.license_chart import license_chart
from webexhist.report.html.document import Page
from webexhist.report.html.formats import place_name, product_place
from webexhist.report.html.names import license_page, product_page
from webexhist.report.pages.page import OrganizationPages, PageContext
from webexhist.review.forecast import Rib
from webexhist.review.judgment.usage import LicenseReview, ProductReview, Usage
from webexhist.review.reviews import OrganizationReview


@dataclass(frozen=True, slots=True)
class Subject:
    """What a page is about."""

    page: str
    """Its name."""
    name: str
    place: str
    usage: Usage
    license: LicenseReview | None
    """None for a product of several."""
    product: ProductReview | None
    """What it is, or what it is a part of; None for a license that belongs to none."""

    @property
    def is_product(self) -> bool:
        """Whether what is foretold and decided stands here: rows of a product are not judged by themselves."""
        return self.product is not None and (self.license is None or not self.product.is_of_several)


def license_pages(context: PageContext) -> Iterator[Page]:
    """Yields the pages in the order of the index."""
    subjects = list(subjects_of(context.review))
    for before, subject, after in zip((None, *subjects), subjects, (*subjects[1:], None), strict=False):
        yield page_about(context, subject, before, after)


def subjects_of(review: OrganizationReview) -> Iterator[Subject]:
    """Every product before the licenses that it is made of, then the licenses that belong to none."""
    for product in review.products:
        if product.is_of_several:
            yield Subject(product_page(product), product.name, product_place(product), product, None, product)
            yield from (about_license(license_, license_, product) for license_ in product.licenses)
        else:
            yield about_license(product.licenses[0], product, product)
    yield from (about_license(license_, license_, None) for license_ in review.in_no_product)


def about_license(license_: LicenseReview, usage: Usage, product: ProductReview | None) -> Subject:
    of = license_.license
    return Subject(license_page(of), of.name, place_name(of), usage, license_, product)


def page_about(context: PageContext, subject: Subject, before: Subject | None, after: Subject | None) -> Page:
    """The page of a product or license between its neighbors."""
    review, product = context.review, subject.product
    judgment = product.judgment if product and subject.is_product else None
    drawn = license_chart(subject.usage, judgment, review)
    return context.page(
        "license.html",
        subject.page,
        f"{subject.name} ({subject.place}), {context.month}: {review.name}",
        subject=subject,
        usage=subject.usage,
        license=subject.license,
        product=product,
        judgment=judgment,
        decisions=[
            each for each in review.decisions if product and subject.is_product and each.product == product.product
        ],
        before=before,
        after=after,
        chart=drawn.chart,
        record=judgment.forecast.outlook.record if judgment and judgment.forecast else None,
        expected=expected_months(drawn.ribs),
    )


def expected_months(ribs: Sequence[Rib]) -> tuple[Rib, ...]:
    """What the chart shows of the forecast, near the end of each month to come."""
    by_month = {Month.of(rib.day): rib for rib in ribs[1:]}
    return tuple(by_month.values())


PAGES = OrganizationPages(place=2, build=license_pages)
