"""The growth allowance, and the day on which a True Forward is measured.

Rules: Cisco's License Management Guide for Flex 3.0 Enterprise Agreements. An account is measured on the last day of
the eleventh month of its subscription year. It has overage where more units are assigned than the purchased ones and
the growth allowance; a True Forward is then due on the anniversary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from webexhist.months import months_later, next_anniversary
from webexhist.review.forecast import Outlook
from webexhist.review.judgment.forecast import LIKELY, POSSIBLE, Expected, expected_on
from webexhist.review.judgment.terms import tolerated
from webexhist.snapshot import License
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.store.entered.contracts import Contract
from webexhist.store.values import DailyUsage

USUAL_PERCENT = 20
SUITE_PERCENT = 15
SUITE = "webex suite"
"""How the names of Webex Suite licenses begin, in small letters. The Webex Meetings Suite is not one of them."""
JUDGED_MONTH = 11
"""Of the subscription year, on its last day."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much overage the growth allowance permits."""

    percent: Decimal
    units: int
    """Purchased units and growth allowance together: more than these are overage."""
    is_own: bool
    """Whether the percentage is the contract's own, not the rule's."""


@dataclass(frozen=True, slots=True)
class TrueForward:
    """The judgment a license is heading for."""

    anniversary: date
    """The first day of the next subscription year."""
    measured_on: date
    days_left: int
    """From the last day of the review to the measurement day; negative after it."""
    assigned: int | None
    """At the end of the review or of the measurement day, whichever comes first; None where unknown."""
    projected: Expected | None
    """What may be assigned on the measurement day, held against the limit; None on that day and later."""
    allowance: Allowance

    @property
    def is_measured(self) -> bool:
        """Whether the measurement day is past, the anniversary still to come."""
        return self.days_left <= 0

    @property
    def over(self) -> int | None:
        """Units over the allowance: as was measured, 0 when within; before, as is expected where that is likely."""
        if self.projected:
            return max(1, self.projected.middle - self.allowance.units) if self.is_likely else 0
        return None if self.assigned is None else max(0, self.assigned - self.allowance.units)

    @property
    def is_likely(self) -> bool:
        """Whether more than the limit is expected on a measurement day to come."""
        return self.projected is not None and self.projected.chance >= LIKELY

    @property
    def may_be_over(self) -> bool:
        """Whether more than the limit is possible then, but not likely."""
        return self.projected is not None and POSSIBLE <= self.projected.chance < LIKELY


RULES = {ContractKind.EA: USUAL_PERCENT, ContractKind.SUITE_EA: SUITE_PERCENT}
"""The growth allowance of the kinds of contracts that have one, in percent."""


def allowance_of(license_: License, contract: Contract | None, purchased: int) -> Allowance:
    """The contract's own allowance, else that of its kind; where no kind was told, what the name says."""
    own = contract.allowance if contract else None
    if contract and contract.kind:
        rule = RULES.get(contract.kind, 0)
    else:
        rule = SUITE_PERCENT if license_.name.casefold().startswith(SUITE) else USUAL_PERCENT
    percent = Decimal(rule) if own is None else own
    return Allowance(percent, tolerated(purchased, percent), is_own=own is not None)


def anniversary_of(contract: Contract | None) -> date | None:
    """A day on which a True Forward bills; None where the contract has none, or its first day was not told."""
    if contract is None or contract.kind not in (None, *RULES):
        return None
    return contract.starts


def renewal_of(contract: Contract | None, after: date) -> date | None:
    """The next day on which a term ends, as far as it was told: without its length, the next anniversary."""
    if contract is None or contract.starts is None:
        return None
    if contract.term is None:
        return next_anniversary(contract.starts, after)
    begun = (after.year - contract.starts.year) * 12 + after.month - contract.starts.month
    terms = max(0, begun // contract.term)
    ends = (months_later(contract.starts, contract.term * (terms + further)) for further in (0, 1))
    return next((end for end in ends if end > after), None)


def true_forward(
    anniversary: date, allowance: Allowance, days: Sequence[DailyUsage], outlook: Outlook, as_of: date
) -> TrueForward:
    """The judgment before the next anniversary after `as_of`, the last day of the review; `days` are oldest first."""
    due = next_anniversary(anniversary, as_of)
    measured_on = months_later(months_later(due, -12), JUDGED_MONTH) - timedelta(days=1)
    known = [day.last for day in days if day.last is not None and day.day <= min(measured_on, as_of)]
    return TrueForward(
        anniversary=due,
        measured_on=measured_on,
        days_left=(measured_on - as_of).days,
        assigned=known[-1] if known else None,
        projected=expected_on(outlook, measured_on, allowance.units) if measured_on > as_of else None,
        allowance=allowance,
    )
