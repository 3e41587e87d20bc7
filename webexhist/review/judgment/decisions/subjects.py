"""Makes decisions about an organization and its products: what stands in each of them alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from webexhist.review.judgment.decisions.values import Decision, DecisionKind, Severity
from webexhist.review.judgment.usage import LicenseReview, ProductReview

BY_KIND = {
    DecisionKind.NONE_PURCHASED: Severity.CRITICAL,
    DecisionKind.UNKNOWN: Severity.UNKNOWN,
    DecisionKind.NOT_POLLED: Severity.UNKNOWN,
}
"""What a monitor makes of a kind whatever else is known; of all others a WARNING, where nothing else is said."""
NO_MONEY: Mapping[str, Any] = {"money_a_year": None, "currency": None, "needs_price": False}
"""The money of units that cost nothing, or nothing more."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An organization as decisions name it."""

    organization: str
    organization_id: str

    def decision(self, kind: DecisionKind, reason: str, event: str, **fields: Any) -> Decision:
        """A decision about the organization itself, unless `fields` make it one about something else."""
        own = Decision(
            kind=kind,
            severity=BY_KIND.get(kind, Severity.WARNING),
            organization=self.organization,
            organization_id=self.organization_id,
            subject=self.organization,
            reason=reason,
            event=event,
        )
        return replace(own, **fields)

    def of_product(
        self,
        kind: DecisionKind,
        product: ProductReview,
        reason: str,
        began_on: date | str | None = None,
        *,
        licenses: Sequence[LicenseReview] = (),
        **fields: Any,
    ) -> Decision:
        """A decision about a product, or some of its licenses; money is what its units cost a year."""
        concerned = tuple(licenses) or product.licenses
        subscriptions = {each.license.subscription_id for each in concerned}
        sites = {each.license.site_url for each in concerned}
        about = {
            "subject": product.name,
            "product": product.product,
            "people": product.people,
            "license_ids": tuple(each.license.webex_id for each in concerned),
            "subscription": subscriptions.pop() if len(subscriptions) == 1 else None,
            "site": sites.pop() if len(sites) == 1 else None,
        }
        cost, units = product.judgment.cost if product.judgment else None, fields.get("units")
        money: Mapping[str, Any] = NO_MONEY
        if units is not None:
            money = {"money_a_year": cost.a_year(units), "currency": cost.currency} if cost else {"needs_price": True}
        return self.decision(kind, reason, f"{product.first_id} {began_on or ''}", **{**about, **money, **fields})
