"""Why the units of some licenses are not judged, and so stand in no sum of an organization's licenses.

Pages, decisions, money and the plugin document leave out the same ones, by the functions here.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from webexhist import units
from webexhist.contract_kinds import ContractKind
from webexhist.products import is_trial
from webexhist.seats import NoSeat, has_no_users, no_seat
from webexhist.snapshot import License, LicenseUsage

P = TypeVar("P")


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

NO_SEATS: Mapping[str, NotJudged] = {
    ContractKind.ACTIVE_USER: NotJudged.ACTIVE_USERS,
    ContractKind.CC_CONCURRENT: NotJudged.CONCURRENT,
    ContractKind.WHOLESALE: NotJudged.WHOLESALE,
}
"""How something is bought of which assigned units are no measure."""


def why_no_seats(
    license_: License, kind: str | None, *, is_by_person: bool, is_listed: bool, has_holders: bool
) -> Reason | None:
    """Why the units of a license are no seats to judge; None where they are.

    `kind` is that of its contract. `is_by_person`: a person said whether it is counted. `has_holders`: whether Webex
    names users or workspaces that hold its units, or of none of any license.
    """
    if not is_listed:
        return NotJudged.GONE
    if is_by_person:
        return None if license_.counted else NotJudged.BY_PERSON
    if not license_.counted:
        return no_seat(license_.code, license_.name) or NoSeat.IMPLICIT
    if is_trial(license_.subscription_id):
        return NotJudged.TRIAL
    if kind is not None and kind in NO_SEATS:
        return NO_SEATS[kind]
    return None if has_holders or kind else NotJudged.NOBODY


def without_holders(holders: Mapping[str, bool]) -> frozenset[str]:
    """The licenses of which Webex names nobody who holds units, by their ids; none where it names nobody of any."""
    without = frozenset(webex_id for webex_id, has_some in holders.items() if not has_some)
    return without if len(without) < len(holders) else frozenset()


def has_holders(assigned: int | None, to_users: int | None, to_workspaces: int | None) -> bool:
    """Whether Webex names users or workspaces that hold the units of a license, as far as these are known."""
    return assigned is None or to_users is not None or to_workspaces is not None


def why_no_limit(purchased: int | None, assigned: int | None) -> NotJudged | None:
    """Why there is nothing to hold assigned units against; None where there is."""
    if purchased is None or assigned is None:
        return NotJudged.UNKNOWN
    if units.is_unlimited(purchased):
        return NotJudged.UNLIMITED
    return NotJudged.NOTHING_PURCHASED if purchased == assigned == 0 else None


def stands_for_suite(products: Iterable[P], assigned: Callable[[P], int]) -> P:
    """The product by which a suite agreement is judged: which most people have, of equal ones the first.

    Source: judgments.md, suite agreements; who holds several of its products is one user of it.
    """
    return max(products, key=assigned)


@dataclass(frozen=True, slots=True)
class ListedUnits:
    """A license on a list, with what decides whether it is judged."""

    usage: LicenseUsage
    product: str | None
    kind: str | None
    """Of its contract, as `ContractKind` has it; None where none was entered."""
    is_by_person: bool
    """Whether a person said whether it is counted."""


def left_out(licenses: Collection[ListedUnits]) -> dict[str, Reason]:
    """Which licenses of an organization's list stand in no sum, by their ids at Webex, and why.

    What is unknown is not left out: it makes the sum unknown.
    """
    nobody = without_holders(
        {
            each.usage.license.webex_id: has_holders(
                each.usage.assigned, each.usage.assigned_to_users, each.usage.assigned_to_workspaces
            )
            for each in licenses
        }
    )
    found: dict[str, Reason] = {}
    products: dict[str | None, list[ListedUnits]] = {}
    for each in licenses:
        webex_id = each.usage.license.webex_id
        reason = why_no_seats(
            each.usage.license,
            each.kind,
            is_by_person=each.is_by_person,
            is_listed=True,
            has_holders=webex_id not in nobody,
        )
        if reason:
            found[webex_id] = reason
        else:
            products.setdefault(each.product, []).append(each)
    for reason, members in _without_judgment(products):
        found |= {each.usage.license.webex_id: reason for each in members}
    return found


def _without_judgment(
    products: Mapping[str | None, list[ListedUnits]],
) -> Iterable[tuple[NotJudged, list[ListedUnits]]]:
    """The products of seats that are not judged: without a limit, or beside the one that stands for their suite."""
    suites: dict[str | None, list[tuple[int, list[ListedUnits]]]] = {}
    for _, members in sorted(products.items(), key=lambda each: each[0] or ""):
        licenses = [each.usage.license for each in members]
        purchased = units.purchased_together(each.usage.purchased for each in members)
        assigned = units.sum_known(each.usage.assigned for each in members)
        if units.is_unlimited(purchased):
            yield NotJudged.UNLIMITED, members
            continue
        has_limit = assigned is not None and why_no_limit(purchased, assigned) is None
        is_of_suite = members[0].kind == ContractKind.SUITE_EA
        if has_limit and is_of_suite and not all(has_no_users(of.code, of.name) for of in licenses):
            suites.setdefault(licenses[0].subscription_id, []).append((assigned or 0, members))
    for of_suite in suites.values():
        judged = stands_for_suite(of_suite, lambda each: each[0])
        yield from ((NotJudged.BESIDE_A_SUITE, each[1]) for each in of_suite if each is not judged)
