"""What to buy or to reduce when the term of a subscription ends."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.review.forecast import Outlook
from webexhist.review.judgment.terms import TermEnd
from webexhist.store.entered.contracts import Contract
from webexhist.store.values import DailyUsage

NEAR = timedelta(days=120)
"""So long before a renewal its plan is made."""
SHARES = (0.5, 0.8, 0.9, 0.95)
"""How sure it may have to be that units suffice."""
SURE = 0.9
HEADROOM = 5
"""Percent on top of what suffices."""
LEAST_DIFFERENCE = 2
"""Percent by which a proposal must differ from the purchase to be raised, and by more than one unit."""
LATELY, A_YEAR = 90, 365
LEAST_KNOWN = 0.6
"""The share of days that must be known of both."""


@dataclass(frozen=True, slots=True)
class RenewalPlan:
    """The plan for one subscription of a product."""

    subscription: str
    end: TermEnd
    purchased: int
    """Units of the product in the subscription."""
    kept: int
    """Units of the product in other subscriptions."""
    suffice: tuple[tuple[float, int], ...]
    """Units that suffice until then, by how sure that is; less those that are kept."""
    proposal: int | None
    """None where too little is known."""
    due_on: date
    """The last day to tell it; once that is past, the renewal."""
    refused: str | None
    """Why there is no proposal, in words."""

    @property
    def change(self) -> int:
        """Units to buy, negative: to reduce."""
        return 0 if self.proposal is None else self.proposal - self.purchased

    @property
    def is_to_decide(self) -> bool:
        """Whether the proposal differs enough from what is purchased."""
        return abs(self.change) > 1 and 100 * abs(self.change) > LEAST_DIFFERENCE * self.purchased


def renewal_plan(
    contract: Contract,
    end: TermEnd,
    units: tuple[int, int],
    days: Sequence[DailyUsage],
    outlook: Outlook,
    as_of: date,
    interval: timedelta | None,
) -> RenewalPlan:
    """The plan for a renewal; `units` are those purchased in the subscription, and those kept in others."""
    purchased, kept = units
    refused = why_refused(days, as_of, interval)
    suffice = () if refused else tuple((share, outlook.suffice_until(end.until, share)) for share in SHARES)
    needed, least = dict(suffice).get(SURE), contract.minimum or 0
    proposal = None if needed is None else max(least, math.ceil(needed * (100 + HEADROOM) / 100) - kept)
    return RenewalPlan(
        subscription=contract.subscription,
        end=end,
        purchased=purchased,
        kept=kept,
        suffice=tuple((share, max(0, units - kept)) for share, units in suffice),
        proposal=proposal,
        due_on=end.due_on(as_of),
        refused=refused,
    )


def why_refused(days: Sequence[DailyUsage], as_of: date, interval: timedelta | None) -> str | None:
    """Why no plan rests on such days; None where enough of them are known.

    A day is known within one usual interval after a poll that knew.
    """
    known = [day.day for day in days if day.last is not None and day.day <= as_of]
    if not known:
        return "no day is known"
    reach = math.ceil(interval / timedelta(days=1)) if interval else 1
    covered = {days_later(day, ahead) for day in known for ahead in range(reach)}
    for span in (LATELY, min(A_YEAR, (as_of - known[0]).days + 1)):
        of_span = sum(days_later(as_of, -back) in covered for back in range(span))
        if of_span < LEAST_KNOWN * span:
            return f"only {of_span} of the last {span} days are known"
    return None
