"""Why some licenses are not judged."""

from enum import StrEnum

from webexhist import units
from webexhist.products import is_trial
from webexhist.seats import NoSeat, no_seat
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.store.entered.contracts import Contract
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.values import MonthlyUsage


class NotJudged(StrEnum):
    """Why nothing follows from units, in the words of the page; the reasons of `NoSeat` stand beside these."""

    GONE = "no longer listed"
    BY_PERSON = "entered as no seats"
    TRIAL = "on trial: nothing is purchased"
    ACTIVE_USERS = "active users are bought, and assigned says nothing of them"
    CONCURRENT = "concurrent agents are bought, and assigned says nothing of them"
    WHOLESALE = "packages of a provider, whose units are caps"
    NOBODY = "Webex names no users and no workspaces that hold its units"
    UNLIMITED = units.UNLIMITED
    NOTHING_PURCHASED = "nothing purchased"
    UNKNOWN = "not known in this month"
    PART_UNKNOWN = "a part of its product is not known in this month"
    BESIDE_A_SUITE = "judged by that product of its suite which most people have"


Reason = NotJudged | NoSeat

NO_SEATS = {
    ContractKind.ACTIVE_USER: NotJudged.ACTIVE_USERS,
    ContractKind.CC_CONCURRENT: NotJudged.CONCURRENT,
    ContractKind.WHOLESALE: NotJudged.WHOLESALE,
}
"""How something is bought of which assigned units are no measure."""


def why_no_seats(known: KnownLicense, contract: Contract | None, *, listed: bool, has_holders: bool) -> Reason | None:
    """Why the units of a license are no seats to judge at a month's end; None where they are.

    `has_holders`: whether Webex names users or workspaces that hold its units, or of none of any license.
    """
    if not listed:
        return NotJudged.GONE
    license_ = known.license
    if known.counted_by_person:
        return None if license_.counted else NotJudged.BY_PERSON
    if not license_.counted:
        return no_seat(license_.code, license_.name) or NoSeat.IMPLICIT
    if is_trial(license_.subscription_id):
        return NotJudged.TRIAL
    if contract and contract.kind in NO_SEATS:
        return NO_SEATS[contract.kind]
    return None if has_holders or (contract and contract.kind) else NotJudged.NOBODY


def why_no_limit(closing: MonthlyUsage) -> NotJudged | None:
    """Why there is nothing to hold assigned units against at a month's end; None where there is."""
    if closing.purchased is None or closing.last is None:
        return NotJudged.UNKNOWN
    if units.is_unlimited(closing.purchased):
        return NotJudged.UNLIMITED
    return NotJudged.NOTHING_PURCHASED if closing.purchased == closing.last == 0 else None
