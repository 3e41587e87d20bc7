"""The days and limits that follow from the terms of a contract."""

from decimal import Decimal


def tolerated(purchased: int, percent: Decimal) -> int:
    """Purchased units and growth allowance together, in whole units; percent may have two decimals."""
    return purchased * (10_000 + int(100 * percent)) // 10_000
