"""Products: what is judged together, because its seats are the same to who gives them out."""

import re

from webexhist.contract_kinds import ContractKind
from webexhist.texts import folded

TRIAL = "trialsub"
"""How the ids of trial subscriptions begin, in small letters."""
WEBINAR = "webinar"
JUDGED_BY_THEMSELVES = frozenset({ContractKind.EA, ContractKind.SUITE_EA})
"""Kinds of contracts that are an account of their own."""
_NUMBER = re.compile(r"\d[\d,.]*")


def is_trial(subscription: str | None) -> bool:
    """Whether what belongs to a subscription was not bought."""
    return folded(subscription or "").startswith(TRIAL)


def is_apart(kind: str | None, chosen: bool | None) -> bool:
    """Whether a subscription is judged by itself: by the kind of its contract, or because a person said so."""
    return bool(chosen) or kind in JUDGED_BY_THEMSELVES


def product_of(code: str, name: str, subscription: str | None, *, apart: bool) -> str:
    """The product of a license: its type code, or its name where it has none.

    Webinars of different capacities are different products, and so is what is on trial. `apart`: its subscription is
    judged by itself, as an enterprise agreement is.
    """
    product = code or folded(name)
    capacities = _NUMBER.findall(name) if WEBINAR in folded(name) else []
    if capacities:
        product = f"{product} {re.sub('[,.]', '', capacities[-1])}"
    if is_trial(subscription):
        return f"trial {product}"
    return f"{product} · {subscription}" if apart and subscription else product
