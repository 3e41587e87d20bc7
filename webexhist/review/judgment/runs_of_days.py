"""Since when something holds of a product's days: that too much is assigned, or that as much is purchased."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from webexhist.review.judgment.judgment import Judgment
from webexhist.review.judgment.terms import units_allowed
from webexhist.review.judgment.usage import RunOfDays
from webexhist.store.values import DailyUsage, MonthlyUsage
from webexhist.units import is_unlimited


def over_the_limit(judgment: Judgment, closing: MonthlyUsage) -> Callable[[DailyUsage], bool]:
    """Whether a day had more assigned than it allowed, and nothing purchased where there is nothing now."""
    percent = judgment.allowance.percent if judgment.allowance else Decimal(0)

    def is_over(day: DailyUsage) -> bool:
        assigned, purchased = day.last or 0, day.purchased or 0
        if closing.purchased == 0 and purchased:
            return False
        return not is_unlimited(day.purchased) and assigned > units_allowed(purchased, percent)

    return is_over


def run_of_days(days: Sequence[DailyUsage], holds: Callable[[DailyUsage], bool]) -> RunOfDays | None:
    """The known days up to the last one of which something holds; None where it does not of the last.

    `days` are oldest first.
    """
    since = None
    for day in reversed(days):
        if day.last is None or day.purchased is None:
            continue
        if not holds(day):
            return RunOfDays(since, is_whole=False) if since else None
        since = day.day
    return RunOfDays(since, is_whole=True) if since else None
