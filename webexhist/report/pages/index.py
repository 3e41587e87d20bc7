"""The page to decide from: every product of an organization at the end of a month, with its licenses."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from webexhist.report.charts.sparkline import Sparkline, sparkline
from webexhist.report.html.document import Page
from webexhist.report.html.names import INDEX, ambiguous_names
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.judgment.true_forward import TrueForward
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.store.entered.contracts import Contract


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A license in a table of the index."""

    review: LicenseReview
    sparkline: Sparkline


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the table of the index, with the licenses below it where there are several."""

    review: ProductReview
    sparkline: Sparkline
    licenses: tuple[LicenseRow, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """The products of one subscription whose growth allowance is measured."""

    contract: Contract
    true_forward: TrueForward
    """The days are those of all."""
    products: tuple[ProductReview, ...]


def index_pages(context: PageContext) -> Iterator[Page]:
    """Yields the page to open first."""
    review = context.review

    def row_of(license_: LicenseReview) -> LicenseRow:
        return LicenseRow(license_, sparkline(license_.days, context.timeline))

    products = [
        ProductRow(
            product,
            sparkline(product.days, context.timeline),
            tuple(map(row_of, product.licenses)) if product.is_of_several else (),
        )
        for product in review.judged
    ]
    yield context.page(
        "index.html",
        INDEX,
        f"{review.name}: Webex licenses in {context.month}",
        products=products,
        not_judged=[row_of(license_) for license_ in review.not_judged],
        ambiguous=ambiguous_names(review),
        silent=context.silent,
        accounts=tuple(accounts(review)),
        license_names={license_.license.webex_id: license_.license.name for license_ in review.licenses},
    )


def accounts(review: OrganizationReview) -> Iterator[Account]:
    """By subscription id."""
    measured = [
        (product.judgment.contracts[0], product.judgment.true_forward, product)
        for product in review.judged
        if product.judgment and product.judgment.true_forward
    ]
    measured.sort(key=lambda each: each[0].subscription)
    for contract, group in groupby(measured, key=lambda each: each[0]):
        members = list(group)
        yield Account(contract, members[0][1], tuple(product for *_, product in members))


PAGES = OrganizationPages(place=1, build=index_pages, link=NavigationLink(INDEX, "Licenses"))
