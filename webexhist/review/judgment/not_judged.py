"""Why some licenses are not judged."""

from enum import StrEnum

from webexhist import units
from webexhist.products import is_trial
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.store.entered.contracts import Contract
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.values import MonthlyUsage


class NotJudged(StrEnum):
    """Why a license has no utilization, in the words of the page."""

    GONE = "no longer listed"
    BY_PERSON = "told as no seats"
    TRIAL = "on trial: nothing is purchased"
    ACTIVE_USERS = "active users are bought, and assigned tells nothing of them"
    CONCURRENT = "concurrent agents are bought, and assigned tells nothing of them"
    WHOLESALE = "packages of a provider, whose units are caps"
    IMPLICIT = "free or hybrid service, comes with the organization"
    UNLIMITED = units.UNLIMITED
    NOTHING_PURCHASED = "nothing purchased"
    UNKNOWN = "not known in this month"


NO_SEATS = {
    ContractKind.ACTIVE_USER: NotJudged.ACTIVE_USERS,
    ContractKind.CC_CONCURRENT: NotJudged.CONCURRENT,
    ContractKind.WHOLESALE: NotJudged.WHOLESALE,
}
"""How something is bought of which assigned units are no measure."""


def why_not_judged(
    known: KnownLicense, closing: MonthlyUsage, contract: Contract | None, *, listed: bool
) -> NotJudged | None:
    """Why there is no utilization to judge at a month's end; None where there is one."""
    if not listed:
        return NotJudged.GONE
    if not known.license.counted:
        return NotJudged.BY_PERSON if known.counted_by_person else NotJudged.IMPLICIT
    if is_trial(known.license.subscription_id) and not known.counted_by_person:
        return NotJudged.TRIAL
    if contract and contract.kind in NO_SEATS and not known.counted_by_person:
        return NO_SEATS[contract.kind]
    if closing.utilization is not None:
        return None
    if closing.purchased is None or closing.last is None:
        return NotJudged.UNKNOWN
    return NotJudged.UNLIMITED if units.is_unlimited(closing.purchased) else NotJudged.NOTHING_PURCHASED
