"""Subscriptions whose terms nobody entered: what to enter for each, and what it would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from shlex import quote

from webexhist.contract_kinds import ContractKind
from webexhist.products import is_trial
from webexhist.review.judgment.terms import ALLOWANCES, units_allowed
from webexhist.review.judgment.usage import LicenseReview
from webexhist.seats import has_no_users
from webexhist.store.entered.contracts import Contract
from webexhist.units import is_unlimited, sum_known_of_any


@dataclass(frozen=True, slots=True)
class MissingTerms:
    """A subscription of judged licenses of which something is not entered that decides."""

    subscription: str
    command: str
    """Ready but for the words in capitals."""
    purchased: int | None
    """Units of people, in what it holds; None where a part is not known, or there are none."""
    assigned: int | None
    is_kind_missing: bool

    @property
    def what_it_changes(self) -> str | None:
        """What may be assigned by each kind of contract; None where the kind is entered, or nothing is known."""
        if not self.is_kind_missing or not self.purchased:
            return None
        allowed = ", ".join(
            f"{units_allowed(self.purchased, percent):,} under {kind.value}" for kind, percent in ALLOWANCES.items()
        )
        return (
            f"until then the limit is what was purchased, {self.purchased:,}: it is {allowed}, and active users are"
            " not judged"
        )


def command_to_enter(subscription: str, contract: Contract | None) -> str | None:
    """The command that enters what is missing of a subscription; None where kind and first day are entered."""
    missing = [
        *(["--kind KIND"] if contract is None or contract.kind is None else []),
        *(["--starts YYYY-MM-DD"] if contract is None or contract.starts is None else []),
    ]
    if missing and (contract is None or contract.term is None):
        missing.append("--term MONTHS")
    return f"webexhist contract set {quote(subscription)} {' '.join(missing)}" if missing else None


def missing_terms_of(licenses: Iterable[LicenseReview]) -> tuple[MissingTerms, ...]:
    """The subscriptions of listed licenses that are seats, by their ids, of which something is not entered."""
    by_subscription: dict[str, list[LicenseReview]] = {}
    for each in licenses:
        subscription = each.license.subscription_id
        if each.listed and each.product and subscription and not is_trial(subscription):
            by_subscription.setdefault(subscription, []).append(each)
    return tuple(
        _missing_in(subscription, command, held)
        for subscription, held in sorted(by_subscription.items())
        if (command := command_to_enter(subscription, held[0].contract))
    )


def _missing_in(subscription: str, command: str, held: list[LicenseReview]) -> MissingTerms:
    contract = held[0].contract
    seats = [
        each
        for each in held
        if not has_no_users(each.license.code, each.license.name) and not is_unlimited(each.closing.purchased)
    ]
    return MissingTerms(
        subscription=subscription,
        command=command,
        purchased=sum_known_of_any(each.closing.purchased for each in seats),
        assigned=sum_known_of_any(each.closing.last for each in seats),
        is_kind_missing=contract is None or contract.kind is None,
    )


KINDS = ", ".join(kind.value for kind in ContractKind)
"""What may stand for KIND."""
