"""The columns of licenses.csv for decisions: they are about the product, at the end of the reviewed month."""

from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal

from webexhist.review.judgment.prices import MONTHS_A_YEAR
from webexhist.review.judgment.terms import notice_day, term_end
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.reviews import OrganizationReview

Cell = str | int | float | date | Decimal | None


@dataclass(frozen=True, slots=True)
class Deciding:
    """A row's part. What can be added up stands once a product, at its first license; the rest at each."""

    product: str | None = None
    limit: int | None = None
    """Units that may be assigned."""
    available_peak: int | None = None
    """Units that were not needed within four weeks."""
    chance_90_days: float | None = None
    runs_out_10_percent: date | None = None
    runs_out_50_percent: date | None = None
    runs_out_90_percent: date | None = None
    contract_kind: str | None = None
    renews_on: date | None = None
    notice_on: date | None = None
    price_a_month: Decimal | None = None
    currency: str | None = None
    decisions: str | None = None
    due_on: date | None = None
    product_cost_a_year: Decimal | None = None
    product_unused_a_year: Decimal | None = None
    decision_units: int | None = None
    decision_money_a_year: Decimal | None = None
    people: int | None = None
    """At least so many hold licenses of what is judged together, where that goes by people."""
    people_at_most: int | None = None
    people_counted_on: date | None = None

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of the columns."""
        return astuple(self)


def deciding_of(review: OrganizationReview, license_: LicenseReview, product: ProductReview | None) -> Deciding:
    """What is decided by for a license at the end of the month."""
    contract, end = license_.contract, term_end(license_.contract, review.as_of)
    judgment = product.judgment if product else None
    ahead, cost = (judgment.forecast, judgment.cost) if judgment else (None, None)
    decided = [each for each in review.open_decisions if product and each.product == product.product]
    is_first = product is not None and license_.license.webex_id == product.licenses[0].license.webex_id
    first = decided[0] if decided and is_first else None
    people = product.people if product and is_first else None
    return Deciding(
        product=product.product if product else None,
        limit=judgment.limit if judgment else None,
        available_peak=license_.available_peak if license_.not_judged is None else None,
        chance_90_days=ahead.chance if ahead else None,
        runs_out_10_percent=ahead.earliest if ahead else None,
        runs_out_50_percent=ahead.likely if ahead else None,
        runs_out_90_percent=ahead.latest if ahead else None,
        contract_kind=contract.kind.value if contract and contract.kind else None,
        renews_on=end.renews_on if end else None,
        notice_on=notice_day(contract, review.as_of),
        price_a_month=cost.price.amount if cost else None,
        currency=cost.currency if cost else None,
        decisions=", ".join(dict.fromkeys(each.kind.words for each in decided)) or None,
        due_on=min((each.due_on for each in decided if each.due_on), default=None),
        product_cost_a_year=MONTHS_A_YEAR * cost.purchased if cost and is_first else None,
        product_unused_a_year=MONTHS_A_YEAR * cost.unused if cost and cost.unused is not None and is_first else None,
        decision_units=first.units if first else None,
        decision_money_a_year=first.money_a_year if first else None,
        people=people.at_least if people else None,
        people_at_most=people.at_most if people else None,
        people_counted_on=people.counted_on if people else None,
    )
