"""The sheet of what is judged together."""

from webexhist.export.workbook.cells import ORGANIZATION, ORGANIZATION_ID, Column, Kind, Row, Sheet, money, share
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.units import in_words

MONTHS_A_YEAR = 12


PRODUCTS = Sheet(
    "Products",
    (
        ORGANIZATION,
        Column("Product", Kind.NAME, 34),
        Column("Purchased", Kind.UNITS),
        Column("Assigned", Kind.UNITS),
        Column("Available", Kind.UNITS),
        Column("Available at peak", Kind.UNITS),
        Column("Utilization", Kind.SHARE),
        Column("Change", Kind.CHANGE),
        Column("Purchased, change", Kind.CHANGE),
        Column("May be assigned", Kind.UNITS),
        Column("Growth allowance", Kind.SHARE),
        Column("Runs out within 90 days", Kind.SHARE),
        Column("Runs out, likely", Kind.DAY),
        Column("1 in 10 before", Kind.DAY),
        Column("9 in 10 before", Kind.DAY),
        Column("A unit a month", Kind.MONEY, 20),
        Column("Cost a year", Kind.MONEY, 24),
        Column("Not needed, a year", Kind.MONEY, 24),
        Column("Currency", width=11),
        Column("Decisions", width=24),
        Column("Not judged", width=24),
        Column("Figures of", Kind.DAY, 12),
        Column("People", Kind.UNITS),
        Column("People at most", Kind.UNITS),
        Column("People counted on", Kind.DAY),
        Column("Subscriptions", width=20),
        Column("Code", width=14),
        ORGANIZATION_ID,
    ),
    frozen=2,
    printed=21,
)
"""What is judged together at the month's end, with its forecast and its cost."""


def product_rows(review: OrganizationReview) -> list[Row]:
    """The products of an organization."""
    return [_product(review, product) for product in review.products]


def _product(review: OrganizationReview, product: ProductReview) -> Row:
    judgment, closing, people = product.judgment, product.closing, product.people
    ahead, cost = (judgment.forecast, judgment.cost) if judgment else (None, None)
    return (
        review.name,
        product.name,
        in_words(closing.purchased),
        closing.last,
        product.available if product.not_judged is None else None,
        product.available_peak if product.not_judged is None else None,
        share(closing.utilization),
        product.change,
        product.purchased_change,
        judgment.limit if judgment else None,
        float(judgment.allowance.percent) / 100 if judgment and judgment.allowance else None,
        ahead.chance if ahead else None,
        ahead.likely if ahead else None,
        ahead.earliest if ahead else None,
        ahead.latest if ahead else None,
        money(cost.price.amount, cost.currency) if cost else None,
        money(MONTHS_A_YEAR * cost.purchased, cost.currency) if cost else None,
        money(MONTHS_A_YEAR * cost.unused, cost.currency) if cost and cost.unused is not None else None,
        cost.currency if cost else None,
        ", ".join(
            dict.fromkeys(each.kind.words for each in review.open_decisions if each.product == product.product).keys()
        ),
        product.not_judged.value if product.not_judged else None,
        product.figures_of or review.figures_of,
        people.at_least if people else None,
        people.at_most if people else None,
        people.counted_on if people else None,
        ", ".join(product.subscriptions),
        product.product,
        review.webex_id,
    )
