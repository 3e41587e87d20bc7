"""Units of licenses: what an unlimited purchase, unused units and a sum with unknown parts are. `None` is unknown."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar, cast

Amount = TypeVar("Amount", int, Decimal)
"""Units, or money."""

UNLIMITED = "unlimited"


def is_unlimited(purchased: int | None) -> bool:
    """Whether Webex sets no limit, which it says by a negative number of purchased units."""
    return purchased is not None and purchased < 0


def in_words(purchased: int | None) -> int | str | None:
    """The purchased units as a table shows them."""
    return UNLIMITED if is_unlimited(purchased) else purchased


def available(purchased: int | None, assigned: int | None) -> int | None:
    """Units not assigned, negative where more than purchased are assigned; None where unlimited."""
    if purchased is None or assigned is None or is_unlimited(purchased):
        return None
    return purchased - assigned


def utilization(purchased: int | None, assigned: int | None) -> float | None:
    """Percent of the purchased units assigned; None where unlimited or nothing was purchased."""
    if not purchased or assigned is None or is_unlimited(purchased):
        return None
    return 100 * assigned / purchased


def difference(later: int | None, earlier: int | None) -> int | None:
    """The change from one count to another; None where either is unknown."""
    return None if later is None or earlier is None else later - earlier


def sum_known(values: Iterable[Amount | None]) -> Amount | None:
    """The sum of units or of amounts of money; unknown where a part is, 0 where there are none."""
    parts = list(values)
    return None if None in parts else cast(Amount, sum(cast(list[Amount], parts)))


def greatest_known(values: Iterable[int | None]) -> int | None:
    """The greatest; unknown where one is, 0 where there are none."""
    known = list(values)
    return None if None in known else max((value or 0 for value in known), default=0)


def sum_known_of_any(values: Iterable[int | None]) -> int | None:
    """The sum; unknown where a part is, or where there are none."""
    parts = list(values)
    return sum_known(parts) if parts else None


def purchased_together(values: Iterable[int | None]) -> int | None:
    """The purchase of several licenses: unlimited where one is; unknown where a part is."""
    parts = list(values)
    if None in parts:
        return None
    known = cast(list[int], parts)
    return -1 if is_unlimited(min(known, default=None)) else sum(known)
