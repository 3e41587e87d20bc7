"""Purchased units that fell within a term, when nothing can be reduced: a question, never a saving."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from webexhist.months import days_later
from webexhist.review.judgment.terms import term_end
from webexhist.store.entered.contracts import Contract
from webexhist.store.values import DailyUsage
from webexhist.units import is_unlimited

ASKED_FOR = timedelta(days=31)
"""For so long after its day a fall is asked about: a review of its month shows it."""
AROUND_RENEWAL = timedelta(days=7)
"""What falls so near to the first day of a term was reduced at the renewal."""


@dataclass(frozen=True, slots=True)
class Fall:
    """Fewer units are purchased than some days before."""

    since: date
    units: int
    """Less than before."""


def fall_of(days: Sequence[DailyUsage], contracts: Iterable[Contract], as_of: date) -> Fall | None:
    """How many units less are purchased than within the last weeks; None where that is none, or no term is entered.

    `days` are those of a product, oldest first.
    """
    dated = [contract for contract in contracts if contract.starts is not None]
    if not dated:
        return None
    since = days_later(as_of, -ASKED_FOR.days)
    lately = _known_back_to(days, since, as_of)
    if not lately or any(is_unlimited(purchased) for _, purchased in lately):
        return None
    most, now = max(purchased for _, purchased in lately), lately[-1][1]
    if now >= most:
        return None
    last_at_most = max(number for number, (_, purchased) in enumerate(lately) if purchased == most)
    fell_on = lately[last_at_most + 1][0]
    if fell_on < since or any(_is_renewal(contract, fell_on) for contract in dated):
        return None
    return Fall(fell_on, most - now)


def _known_back_to(days: Sequence[DailyUsage], since: date, until: date) -> list[tuple[date, int]]:
    """The days of which the purchased units are known, from the last one before the first of these days on."""
    found: list[tuple[date, int]] = []
    for day in reversed(days):
        if day.purchased is not None and day.day <= until:
            found.append((day.day, day.purchased))
            if day.day < since:
                break
    return found[::-1]


def _is_renewal(contract: Contract, day: date) -> bool:
    end = term_end(contract, days_later(day, -AROUND_RENEWAL.days - 1))
    return end is not None and abs(end.renews_on - day) <= AROUND_RENEWAL
