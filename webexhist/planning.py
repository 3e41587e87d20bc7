"""The story of a plan: the review of the last polls → what every term that ends needs → what somebody thinks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from webexhist.review.judgment.people import People
from webexhist.review.judgment.renewal import Aim, RenewalPlan
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.reviewing import review_latest
from webexhist.store.entered.contracts import Contract
from webexhist.store.opening.history import History


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What would be, were so many units bought."""

    units: int
    """Of the product, in the subscription."""
    chance: float | None
    """That they suffice for the term; None where too little is known."""
    change: int
    """Units more than now, negative: less."""
    money_a_year: Decimal | None


@dataclass(frozen=True, slots=True)
class PlannedRenewal:
    """What a product needs in a subscription whose term ends."""

    organization: str
    organization_id: str
    contract: Contract
    product: ProductReview
    renewal: RenewalPlan
    what_if: WhatIf | None
    reclaimable: int | None
    """Seats of the product that are not used; None where they were not counted in the month."""
    reclaimable_on: date | None
    """The day on which they were counted."""

    @property
    def license_ids(self) -> tuple[str, ...]:
        """The ids, at Webex, of the product's licenses in the subscription."""
        return tuple(
            each.license.webex_id
            for each in self.product.licenses
            if each.license.subscription_id == self.contract.subscription
        )

    @property
    def assigned(self) -> int | None:
        """Of the product, in all its subscriptions."""
        return self.product.closing.last

    @property
    def people(self) -> People | None:
        """Who hold licenses of the account, where the plan is made for them."""
        return self.product.people

    @property
    def currency(self) -> str | None:
        """None where the price is not known."""
        judgment = self.product.judgment
        return judgment.cost.currency if judgment and judgment.cost else None

    def money_a_year(self, units: int) -> Decimal | None:
        """What so many units cost a year; None where their price is not known."""
        judgment = self.product.judgment
        return judgment.cost.a_year(units) if judgment and judgment.cost else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What the terms that end need, the first one to end first."""

    renewals: tuple[PlannedRenewal, ...]
    reviews: tuple[OrganizationReview, ...]
    """What all of it rests on."""


def plan_of(history: History, now: datetime, aim: Aim, subscription: str | None, what_if: Mapping[str, int]) -> Plan:
    """The plan of a subscription, or of all; `what_if` has units by the ids of licenses.

    Raises:
        NothingToReviewError: the database holds no polls.
    """
    reviews = review_latest(history, now)
    found = [
        PlannedRenewal(
            organization=review.name,
            organization_id=review.webex_id,
            contract=product.judgment.plan_basis.contracts[renewal.subscription],
            product=product,
            renewal=renewal,
            what_if=_thought_of(product, renewal, what_if),
            reclaimable=review.seats.reclaimable_of(product.product) if review.seats else None,
            reclaimable_on=review.zone.day_of(review.seats.taken_at) if review.seats else None,
        )
        for review in reviews
        for product in review.products
        if product.judgment
        for renewal in product.judgment.plan_basis.plans(aim)
        if subscription in (None, renewal.subscription)
    ]
    return Plan(tuple(sorted(found, key=_first_to_end)), reviews)


def _thought_of(product: ProductReview, renewal: RenewalPlan, units: Mapping[str, int]) -> WhatIf | None:
    concerned = [
        each
        for each in product.licenses
        if each.license.webex_id in units and each.license.subscription_id == renewal.subscription
    ]
    if not concerned or product.judgment is None:
        return None
    change = sum(units[each.license.webex_id] - (each.closing.purchased or 0) for each in concerned)
    together = renewal.purchased + change
    cost = product.judgment.cost
    return WhatIf(
        units=together,
        chance=product.judgment.plan_basis.chance_that_suffice(renewal, together),
        change=change,
        money_a_year=cost.a_year(change) if cost else None,
    )


def _first_to_end(planned: PlannedRenewal) -> tuple[str, str, str, str, str]:
    return (
        planned.renewal.end.renews_on.isoformat(),
        planned.organization,
        planned.renewal.subscription,
        planned.product.name.casefold(),
        planned.product.product,
    )
