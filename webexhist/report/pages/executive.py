"""One sheet for who has no time: five figures, the first decisions, the first products, the next days."""

from collections.abc import Iterator
from dataclasses import dataclass

from webexhist.report.html.document import Page
from webexhist.report.html.names import ambiguous_names
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.judgment.prices import MONTHS_A_YEAR
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.review.summary import DueDay, days_of_contracts, summary_of

MOST_DECISIONS, MOST_PRODUCTS, MOST_DAYS = 7, 10, 5
"""So many rows fit on a sheet of Letter, which is shorter than A4."""
NAME = "executive"


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day to come, and whom it is about."""

    due: DueDay
    subscriptions: tuple[str, ...]


def executive_pages(context: PageContext) -> Iterator[Page]:
    """Yields the sheet."""
    review = context.review
    products, days = first_products(review), coming_days(review)
    summary = summary_of(review)
    yield context.page(
        "executive.html",
        NAME,
        f"{review.name}: Webex licenses in {context.month} on one sheet",
        summary=summary,
        decisions=summary.decisions[:MOST_DECISIONS],
        decisions_left_out=max(0, len(summary.decisions) - MOST_DECISIONS),
        products=products[:MOST_PRODUCTS],
        products_left_out=max(0, len(products) - MOST_PRODUCTS),
        days=days[:MOST_DAYS],
        ambiguous=ambiguous_names(review),
        months_a_year=MONTHS_A_YEAR,
    )


def first_products(review: OrganizationReview) -> tuple[ProductReview, ...]:
    """The judged products: those with a decision first, then the most expensive, then the most utilized."""
    decided = {decision.product for decision in review.open_decisions}
    return tuple(sorted(review.judged, key=lambda each: (each.product not in decided, -_cost(each))))


def _cost(product: ProductReview) -> float:
    cost = product.judgment.cost if product.judgment else None
    return float(cost.purchased) if cost else 0.0


def coming_days(review: OrganizationReview) -> tuple[ComingDay, ...]:
    """What contracts name of the time after the review, the first day first."""
    days: dict[DueDay, set[str]] = {}
    for product in review.judged:
        for contract in product.judgment.contracts if product.judgment else ():
            for due in days_of_contracts(product.judgment, contract.subscription) if product.judgment else ():
                if due.day > review.as_of:
                    days.setdefault(due, set()).add(contract.name or contract.subscription)
    in_order = sorted(days, key=lambda due: (due.day, due.words))
    return tuple(ComingDay(due, tuple(sorted(days[due]))) for due in in_order)


PAGES = OrganizationPages(place=2, build=executive_pages, link=NavigationLink(NAME, "One sheet"))
