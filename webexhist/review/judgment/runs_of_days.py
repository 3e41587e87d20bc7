"""Since when something holds of a product's days: that too much is assigned, or that as much is purchased."""

from collections.abc import Callable, Iterable
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


def run_of_days(days: Iterable[DailyUsage], holds: Callable[[DailyUsage], bool]) -> RunOfDays | None:
    """The known days up to the last one of which something holds; None where it does not of the last."""
    known = [day for day in days if day.last is not None and day.purchased is not None]
    since = len(known)
    while since and holds(known[since - 1]):
        since -= 1
    return RunOfDays(known[since].day, is_whole=since == 0) if since < len(known) else None
