"""One sheet for who has no time: five figures, the first decisions, the first products, the next days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from webexhist.report.html.document import Page
from webexhist.report.html.formats import money
from webexhist.report.html.names import ambiguous_names
from webexhist.report.pages.page import NavigationLink, OrganizationPages, PageContext
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.judgment.prices import MONTHS_A_YEAR
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.review.summary import DueDay, days_of_contracts, summary_of

MOST_DECISIONS, MOST_PRODUCTS, MOST_DAYS = 7, 10, 5
"""So many rows fit on a sheet of Letter, which is shorter than A4."""
LINES_A_ROW = 1.7
"""More lines that fit in the place of a row: a line is lower, and a full sheet keeps some air."""
MOST_LINES = 5
"""Of a decision."""
LONGEST_AMOUNT = len("1,234,567.89")
"""What fits into the column of money where nothing is longer."""
CHARACTERS_A_LINE = {False: 54, True: 46}
"""That fit on A4 beside the other columns, words kept whole, by whether an amount is longer."""
NAME = "executive"
BETWEEN_CLAUSES = "; "


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day to come, and whom it is about."""

    due: DueDay
    subscriptions: tuple[str, ...]


def executive_pages(context: PageContext) -> Iterator[Page]:
    """Yields the sheet."""
    review = context.review
    summary, ambiguous = summary_of(review), ambiguous_names(review)
    decisions, every_product = summary.decisions[:MOST_DECISIONS], first_products(review)
    products, days = every_product[:MOST_PRODUCTS], coming_days(review)[:MOST_DAYS]
    lines_of_products, lines_of_decisions = lines_on_paper(
        MOST_DECISIONS + MOST_PRODUCTS + MOST_DAYS - len(decisions) - len(products) - len(days),
        sum(product.name in ambiguous for product in products),
        len(decisions),
    )
    has_large_amounts = any(len(money(amount)) > LONGEST_AMOUNT for amount in amounts_of(decisions, products))
    characters = lines_of_decisions * CHARACTERS_A_LINE[has_large_amounts]
    yield context.page(
        "executive.html",
        NAME,
        f"{review.name}: Webex licenses in {context.month} on one sheet",
        summary=summary,
        decisions=[(each, *clauses_on_paper(each.subject, each.reason, characters)) for each in decisions],
        lines_of_decisions=lines_of_decisions,
        about_silent=context.about_silent,
        decisions_left_out=len(summary.decisions) + len(context.about_silent) - len(decisions),
        products=products,
        lines_of_products=lines_of_products,
        products_left_out=len(every_product) - len(products),
        days=days,
        ambiguous=ambiguous,
        months_a_year=MONTHS_A_YEAR,
        has_large_amounts=has_large_amounts,
    )


def amounts_of(decisions: Iterable[Decision], products: Iterable[ProductReview]) -> Iterator[Decimal]:
    """The amounts of money a year that stand in the rows."""
    yield from (each.money_a_year for each in decisions if each.money_a_year is not None)
    yield from (
        MONTHS_A_YEAR * each.judgment.cost.purchased for each in products if each.judgment and each.judgment.cost
    )


def lines_on_paper(rows_left: int, products_with_place: int, decisions: int) -> tuple[int, int]:
    """How many lines a product with its place and a decision may take, where fewer rows than fit leave room; else 1.

    The places come first: by them products of one name are told apart.
    """
    spare = int(rows_left * LINES_A_ROW)
    of_products = 2 if 0 < products_with_place <= spare else 1
    spare -= (of_products - 1) * products_with_place
    return of_products, min(MOST_LINES, 1 + spare // max(1, decisions))


def clauses_on_paper(subject: str, reason: str, characters: int) -> tuple[str, str]:
    """The clauses of a reason that fit with its subject, the first in any case; and the others."""
    first, *others = reason.split(BETWEEN_CLAUSES)
    kept = [first]
    for clause in others:
        if len(BETWEEN_CLAUSES.join((f"{subject} {kept[0]}", *kept[1:], clause))) > characters:
            break
        kept.append(clause)
    return BETWEEN_CLAUSES.join(kept), "".join(BETWEEN_CLAUSES + clause for clause in others[len(kept) - 1 :])


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
