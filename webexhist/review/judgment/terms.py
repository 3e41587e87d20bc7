"""The days and limits that follow from the terms of a contract.

Rules: Cisco's License Management Guide for Flex 3.0 Enterprise Agreements. A subscription year begins on the day of
the year on which the term began; it is measured on the last day of its eleventh month, and billed for on the
anniversary.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from webexhist.contract_kinds import ContractKind, Renewal
from webexhist.months import days_later, months_later
from webexhist.store.entered.contracts import Contract

ALLOWANCES = {ContractKind.EA: Decimal(20), ContractKind.SUITE_EA: Decimal(15)}
"""The growth allowance of the kinds of contracts that have one, in percent."""
JUDGED_MONTH = 11
"""Of the subscription year, on its last day."""
BILLED_WITHIN = timedelta(days=120)
"""After the anniversary: for so long what was measured is shown, where nobody says that it is settled."""
ENDED_WITHIN = timedelta(days=120)
"""After the end of a term that does not renew: for so long it is asked about, where its licenses are still listed."""
ASSUMED_NOTICE = 45
"""Days before the end of a term until which a change has to be announced, where the contract's own are not known."""
YEAR = 12
"""Months."""


@dataclass(frozen=True, slots=True)
class SubscriptionYear:
    """A year of an agreement, which begins on the day of the year on which its term began."""

    begins: date
    measured_on: date
    """The day whose end decides whether a True Forward is due."""
    anniversary: date
    """The first day of the next year: what is due is billed from then on."""
    months_left: int | None
    """From the anniversary to the end of the term: 0 where it is the renewal; None where no term was entered."""


@dataclass(frozen=True, slots=True)
class TermEnd:
    """The end of a term, and the one that may follow it."""

    renews_on: date
    """The first day after the term."""
    until: date
    """The first day after the term that follows."""
    notice_on: date
    """The last day to give notice of a change."""
    notice_is_assumed: bool
    """Whether the contract's own notice was not entered."""

    def due_on(self, as_of: date) -> date:
        """The last day for notice; once that is past, the end itself."""
        return self.notice_on if self.notice_on >= as_of else self.renews_on


def allowance_percent(contract: Contract | None) -> Decimal | None:
    """The contract's own growth allowance, else that of its kind; None where it is none that has any."""
    if contract is None or contract.kind not in ALLOWANCES:
        return None
    return ALLOWANCES[contract.kind] if contract.allowance is None else contract.allowance


def units_allowed(purchased: int, percent: Decimal) -> int:
    """Purchased units and growth allowance together, in whole units; percent may have two decimals."""
    return purchased * (10_000 + int(100 * percent)) // 10_000


def year_to_measure(contract: Contract, as_of: date) -> SubscriptionYear | None:
    """The first year whose measurement day is later than a day; None where nobody entered when years begin."""
    if contract.starts is None:
        return None
    first = as_of.year - contract.starts.year - 1
    years = (_year(contract, contract.starts, number) for number in range(first, first + 4))
    return next((year for year in years if year.measured_on > as_of), None)  # none where the calendar ends


def year_measured(contract: Contract, as_of: date) -> SubscriptionYear | None:
    """The last year whose measurement day is not later than a day, as long as it may be billed.

    None where the agreement was not in force then.
    """
    following = year_to_measure(contract, as_of)
    if following is None or contract.starts is None:
        return None
    year = _year(contract, contract.starts, following.begins.year - contract.starts.year - 1)
    is_before = year.begins < contract.starts <= as_of
    return None if is_before or as_of - year.anniversary > BILLED_WITHIN else year


def term_end(contract: Contract | None, after: date) -> TermEnd | None:
    """The next end of a term later than a day, as far as it was entered: without its length, the next anniversary."""
    if contract is None or contract.starts is None:
        return None
    term = contract.term or YEAR
    begun = (after.year - contract.starts.year) * YEAR + after.month - contract.starts.month
    # Before its first day a contract follows another one, which ends then: whether that one renews is not entered.
    terms = max(1 if contract.renews is Renewal.NO else 0, begun // term)
    renews_on = months_later(contract.starts, term * terms)
    if renews_on <= after:
        terms, renews_on = terms + 1, months_later(contract.starts, term * (terms + 1))
    notice = ASSUMED_NOTICE if contract.notice is None else contract.notice
    return TermEnd(
        renews_on=renews_on,
        until=months_later(contract.starts, term * (terms + 1)),
        notice_on=days_later(renews_on, -notice),
        notice_is_assumed=contract.notice is None,
    )


def notice_day(contract: Contract | None, after: date) -> date | None:
    """The last day to give notice of a change of the next term; None where none follows, or no term was entered."""
    end = term_end(contract, after)
    return None if end is None or contract is None or contract.renews is Renewal.NO else end.notice_on


def term_ended(contract: Contract, as_of: date) -> date | None:
    """The first day after a term that ended no longer ago than a review looks back; None where none did.

    What was entered as not renewing and is still listed then may have been renewed, or may stop any day.
    """
    before = term_end(contract, days_later(as_of, -ENDED_WITHIN.days - 1))
    if before is None or contract.starts is None:
        return None
    ended = before.renews_on
    return ended if contract.starts < ended <= as_of else None


def _year(contract: Contract, starts: date, number: int) -> SubscriptionYear:
    """The year of a number, counted from 0; all days from the first one on, so that none is lost in February."""
    begins, anniversary = months_later(starts, YEAR * number), months_later(starts, YEAR * (number + 1))
    if contract.judged_on is None:
        measured_on = days_later(months_later(starts, YEAR * number + JUDGED_MONTH), -1)
    else:
        entered = contract.judged_on
        measured_on = months_later(entered, YEAR * (begins.year - entered.year))
        if measured_on <= begins:
            measured_on = months_later(entered, YEAR * (begins.year + 1 - entered.year))
    return SubscriptionYear(
        begins=begins,
        measured_on=measured_on,
        anniversary=anniversary,
        months_left=None if contract.term is None else -YEAR * (number + 1) % contract.term,
    )
