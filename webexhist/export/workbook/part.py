"""What a workbook says of one organization, as plain cells: whole reviews of all would be too much to hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from webexhist.export.workbook.cells import Row
from webexhist.export.workbook.contracts import contract_rows
from webexhist.export.workbook.coverage import coverage_rows
from webexhist.export.workbook.months import month_rows
from webexhist.export.workbook.products import product_rows
from webexhist.export.workbook.seats import seat_rows
from webexhist.months import Month
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.review.summary import Summary, summary_of
from webexhist.units import sum_known


@dataclass(frozen=True, slots=True)
class MonthlySum:
    """The units of judged products at the end of a month; None where a part is not known."""

    month: Month
    purchased: int | None
    assigned: int | None
    organizations: int = 1
    """How many have products of which that is the sum."""


@dataclass(frozen=True, slots=True)
class WorkbookPart:
    """The cells and the sums of one organization."""

    name: str
    decisions: tuple[Decision, ...]
    products: Sequence[Row]
    months: Sequence[Row]
    contracts: Sequence[Row]
    coverage: Sequence[Row]
    seats: Sequence[Row]
    sums: tuple[MonthlySum, ...]
    """Oldest first."""
    polls: int
    expected: int
    summary: Summary
    """The five figures, as pages have them."""
    damage: str | None
    """What of the rows behind them was changed by something else, as pages say it."""


def part_of(review: OrganizationReview, since: Month | None = None) -> WorkbookPart:
    """The part of an organization; of its licenses the months from `since` on (else all)."""
    return WorkbookPart(
        name=review.name,
        decisions=review.decisions,
        products=product_rows(review),
        months=month_rows(review, since or review.period.first),
        contracts=contract_rows(review),
        coverage=coverage_rows(review),
        seats=seat_rows(review),
        sums=monthly_sums(review.judged),
        polls=review.evidence.polls,
        expected=review.evidence.expected,
        summary=summary_of(review),
        damage=review.damage,
    )


def monthly_sums(products: Sequence[ProductReview]) -> tuple[MonthlySum, ...]:
    """The units of all products, in the months in which any of them was known."""
    of_each = [{month.month: month for month in product.months} for product in products]
    return tuple(
        MonthlySum(
            month,
            sum_known(of[month].purchased for of in of_each if month in of),
            sum_known(of[month].last for of in of_each if month in of),
        )
        for month in sorted({month for of in of_each for month in of})
    )


def sums_together(parts: Sequence[WorkbookPart]) -> tuple[MonthlySum, ...]:
    """The same of several organizations."""
    of_each = [{each.month: each for each in part.sums} for part in parts]
    return tuple(
        MonthlySum(
            month,
            sum_known(of[month].purchased for of in of_each if month in of),
            sum_known(of[month].assigned for of in of_each if month in of),
            sum(month in of for of in of_each),
        )
        for month in sorted({month for of in of_each for month in of})
    )
