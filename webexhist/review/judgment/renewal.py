"""What to buy or to reduce when the term of a subscription ends."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from webexhist.contract_kinds import Renewal
from webexhist.review.forecast import Outlook
from webexhist.review.judgment.known_days import Regularity, why_too_thin
from webexhist.review.judgment.terms import TermEnd, term_end
from webexhist.store.entered.contracts import Contract
from webexhist.store.values import DailyUsage

NEAR = timedelta(days=120)
"""So long before a renewal its plan is shown."""
SHARES = (0.5, 0.8, 0.9, 0.95)
"""How sure it may have to be that units suffice."""
SUREST = SHARES[-1]
LEAST_DIFFERENCE = 2
"""Percent by which a proposal must differ from the purchase to be raised, and by more than one unit."""
REPLACED = "a replacement is in progress"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a proposal has to reach."""

    sure: int = 90
    """Percent: how sure it is to be that the units suffice."""
    headroom: int = 5
    """Percent on top of what suffices."""


USUAL_AIM = Aim()


@dataclass(frozen=True, slots=True)
class RenewalPlan:
    """The plan of a product for one of its subscriptions."""

    subscription: str
    end: TermEnd
    due_on: date
    """The last day to give notice of a change; once that is past, the renewal."""
    purchased: int
    """Units of the product in the subscription."""
    kept: int
    """Units of the product that other subscriptions hold on that day."""
    is_kept_as_proposed: bool
    """Whether it counts on a proposal for one of them that ends by then, which differs from what is purchased."""
    suffice: tuple[tuple[float, int], ...]
    """Units that suffice for the term that follows, by how sure that is, less those that are kept."""
    needed: int | None
    """The same, as sure as the proposal is to be. None where too little is known."""
    proposal: int | None
    """Units to have, with headroom and never under the contract's minimum. None where too little is known."""
    refused: str | None
    """Why there is no proposal, in words."""

    @property
    def change(self) -> int:
        """Units to buy, negative: to reduce."""
        return 0 if self.proposal is None else self.proposal - self.purchased

    @property
    def short(self) -> int:
        """Units missing where use goes to what suffices with 95 %, and the proposal was bought."""
        return 0 if self.proposal is None else max(0, dict(self.suffice)[SUREST] - self.proposal)

    @property
    def is_to_decide(self) -> bool:
        """Whether the proposal differs enough from what is purchased."""
        return abs(self.change) > 1 and 100 * abs(self.change) > LEAST_DIFFERENCE * self.purchased


@dataclass(frozen=True)
class PlanBasis:
    """What the plans of a product rest on."""

    contracts: Mapping[str, Contract]
    """Those of its subscriptions that were entered, by the subscription."""
    units: Mapping[str, int]
    """Purchased, by subscription; what belongs to none is under the empty name."""
    days: Sequence[DailyUsage] = field(repr=False)
    outlook: Outlook = field(repr=False)
    as_of: date
    regularity: Regularity
    is_replaced: bool
    """Whether a part of it is about to be replaced by another: what is purchased stands there twice."""

    def ends(self) -> dict[str, TermEnd]:
        """The next end of the term of each subscription of which that is entered."""
        ends = {name: term_end(contract, self.as_of) for name, contract in sorted(self.contracts.items())}
        return {name: end for name, end in ends.items() if end is not None}

    def plans(self, aim: Aim = USUAL_AIM, within: timedelta = timedelta.max) -> tuple[RenewalPlan, ...]:
        """A plan for every subscription whose term ends within a time.

        Each counts on what is proposed for those that end before it, or with it, and on the minimum of each that ends
        with it: no units are given up, or bought, twice.
        """
        ends = {name: end for name, end in self.ends().items() if end.renews_on - self.as_of <= within}
        found: dict[str, RenewalPlan] = {}
        in_order = sorted(ends, key=lambda name: (ends[name].renews_on, name))
        for place, name in enumerate(in_order, start=1):
            with_it = [each for each in in_order[place:] if ends[each].renews_on == ends[name].renews_on]
            changed = self._changed(found.values()) + self._raised(with_it)
            found[name] = self._plan(name, ends[name], aim, changed)
        return tuple(found[name] for name in ends)

    def kept_beside(self, subscription: str, day: date) -> int:
        """Units that other subscriptions hold on a day: what does not renew until then holds none."""
        ended = {
            name
            for name, end in self.ends().items()
            if end.renews_on <= day and self.contracts[name].renews is Renewal.NO
        }
        return sum(units for name, units in self.units.items() if name != subscription and name not in ended)

    def chance_that_suffice(self, renewal: RenewalPlan, units: int) -> float | None:
        """How likely so many units of the subscription suffice for the term; None where too little is known."""
        if renewal.refused:
            return None
        return 1 - self.outlook.against(units + renewal.kept).chance_before(renewal.end.until)

    def _changed(self, plans: Iterable[RenewalPlan]) -> int:
        """Units that are proposed to be bought for what renews; negative: to be given up."""
        renewing = (each for each in plans if self.contracts[each.subscription].renews is not Renewal.NO)
        return sum(each.change for each in renewing if each.is_to_decide)

    def _raised(self, subscriptions: Iterable[str]) -> int:
        """Units that have to be bought for what renews, because fewer than its minimum are purchased."""
        renewing = (name for name in subscriptions if self.contracts[name].renews is not Renewal.NO)
        return sum(max(0, (self.contracts[name].minimum or 0) - self.units.get(name, 0)) for name in renewing)

    def _plan(self, subscription: str, end: TermEnd, aim: Aim, changed: int) -> RenewalPlan:
        contract, kept = self.contracts[subscription], self.kept_beside(subscription, end.renews_on) + changed
        refused = REPLACED if self.is_replaced else why_too_thin(self.days, self.as_of, self.regularity)
        needed = proposal = None
        suffice: tuple[tuple[float, int], ...] = ()
        if refused is None:
            sure = aim.sure / 100
            until = {share: self.outlook.suffice_until(end.until, share) for share in {*SHARES, sure}}
            suffice = tuple((share, max(0, until[share] - kept)) for share in SHARES)
            together = until[sure]
            needed = max(0, together - kept)
            with_headroom = -(-together * (100 + aim.headroom) // 100)  # rounded up
            proposal = max(contract.minimum or 0, with_headroom - kept)
        return RenewalPlan(
            subscription=subscription,
            end=end,
            due_on=end.due_on(self.as_of),
            purchased=self.units.get(subscription, 0),
            kept=kept,
            is_kept_as_proposed=changed != 0,
            suffice=suffice,
            needed=needed,
            proposal=proposal,
            refused=refused,
        )
