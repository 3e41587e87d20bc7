"""The page to decide from: every product of an organization at the end of a month, with its licenses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from webexhist.report.charts.chart import Chart
from webexhist.report.charts.sparkline import Sparkline, sparkline, sparkline_of
from webexhist.report.html.document import Page
from webexhist.report.html.formats import money
from webexhist.report.html.names import INDEX, ambiguous_names
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.judgment.renewal import RenewalPlan
from webexhist.review.judgment.terms import allowance_percent
from webexhist.review.judgment.true_forward import TrueForward
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.review.summary import END, DueDay, days_of_contracts, last_day, summary_of, sums_by_day
from webexhist.store.entered.contracts import Contract

LARGE_UNITS = 1_000_000
LONGEST_COST = len("1,234,567.89")
"""What the columns of the table of licenses hold."""


@dataclass(frozen=True, slots=True)
class LicenseRow:
    """A license in a table of the index."""

    review: LicenseReview
    sparkline: Sparkline | None
    """None where its product's chart stands for it."""


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

    @property
    def expected_over(self) -> Iterator[tuple[ProductReview, int]]:
        """Yields the products that the middle of what is expected has over their limit, with the units above it."""
        for product in self.products:
            ahead = product.judgment.true_forward if product.judgment else None
            if ahead and ahead.projected.middle > ahead.limit:
                yield product, ahead.projected.middle - ahead.limit


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A subscription of judged products."""

    subscription: str
    contract: Contract | None
    percent: Decimal | None
    """Its growth allowance; None where it has none."""
    due: tuple[DueDay, ...]
    """The next of its days."""
    plans: tuple[tuple[ProductReview, RenewalPlan], ...]


def index_pages(context: PageContext) -> Iterator[Page]:
    """Yields the page to open first."""
    yield context.page("index.html", INDEX, title_of(context), **figures_of_index(context))


def title_of(context: PageContext) -> str:
    return f"{context.review.name}: Webex licenses in {context.month}"


def figures_of_index(context: PageContext, drawn: Mapping[str, Chart] | None = None) -> Mapping[str, Any]:
    """What the template of the index shows beside the review itself.

    `drawn` are the charts of products on the same page, by product: their lines are those of the sparklines, and
    licenses have none.
    """
    review = context.review

    def row_of(license_: LicenseReview) -> LicenseRow:
        return LicenseRow(license_, sparkline(license_.days, context.timeline) if drawn is None else None)

    def sparkline_beside(product: ProductReview) -> Sparkline:
        lines = drawn[product.product].lines if drawn else None
        if lines is None:
            return sparkline(product.days, context.timeline)
        return sparkline_of(lines.assigned, lines.ceiling, context.timeline)

    products = [
        ProductRow(
            product,
            sparkline_beside(product),
            tuple(map(row_of, product.licenses)) if product.is_of_several else (),
        )
        for product in review.judged
    ]
    return {
        "summary": summary_of(review),
        "sums": sums_by_day([*review.open_decisions, *context.about_silent]),
        "figures_of": review.figures_of,
        "products": products,
        "has_large_units": any(map(has_large_units, review.judged)),
        "has_large_cost": any(map(has_large_cost, review.judged)),
        "not_judged": [row_of(license_) for license_ in review.not_judged],
        "ambiguous": ambiguous_names(review),
        "silent": context.silent,
        "about_silent": context.about_silent,
        "accounts": tuple(accounts(review)),
        "subscriptions": tuple(subscriptions(review)),
        "license_names": {license_.license.webex_id: license_.license.name for license_ in review.licenses},
    }


def has_large_units(product: ProductReview) -> bool:
    """Whether they take more room than their columns have otherwise."""
    closing = product.closing
    return max(closing.purchased or 0, closing.last or 0) >= LARGE_UNITS


def has_large_cost(product: ProductReview) -> bool:
    """Likewise what they cost a month."""
    cost = product.judgment.cost if product.judgment else None
    return cost is not None and len(money(cost.purchased)) > LONGEST_COST


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


def subscriptions(review: OrganizationReview) -> Iterator[SubscriptionRow]:
    """The subscriptions of the judged products, by id."""
    holding: dict[str, list[ProductReview]] = {}
    for product in review.judged:
        for subscription in product.subscriptions:
            holding.setdefault(subscription, []).append(product)
    for subscription, products in sorted(holding.items()):
        judgments = [(product, product.judgment) for product in products if product.judgment]
        contracts = (judgment.plan_basis.contracts.get(subscription) for _, judgment in judgments)
        contract = next((each for each in contracts if each), None)
        # Of one day in the order of the contract: a set would say now one of two and now the other.
        days = dict.fromkeys(
            due
            for _, judgment in judgments
            for due in days_of_contracts(judgment, subscription)
            if due.day > last_day(review) or due.words == END  # which nobody may take for renewed
        )
        yield SubscriptionRow(
            subscription=subscription,
            contract=contract,
            percent=allowance_percent(contract),
            due=tuple(sorted(days, key=lambda due: due.day)[:2]),
            plans=tuple(
                (product, renewal)
                for product, judgment in judgments
                for renewal in judgment.renewals
                if renewal.subscription == subscription
            ),
        )


PAGES = OrganizationPages(place=1, build=index_pages, link=NavigationLink(INDEX, "Licenses"))
