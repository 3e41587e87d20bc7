"""What changed from the end of one month to the end of another: by product, the most money first."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webexhist.months import Month
from webexhist.review.judgment.prices import MONTHS_A_YEAR
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.review.summary import Money, summed
from webexhist.units import difference, is_unlimited


@dataclass(frozen=True, slots=True)
class ProductChange:
    """A product at the ends of two months. None is unknown; what is not listed has none of it."""

    product: str
    name: str
    place: str
    former_name: str | None
    """What it was called at the end of the other month, where none of its licenses is called so now."""
    standing: str
    """"new", "gone", or nothing where it is listed at both."""
    purchased_before: int | None
    purchased_now: int | None
    assigned_before: int | None
    assigned_now: int | None
    figures_of_before: date | None
    """The last day that knew its units, where that is not the last polled day of the month; likewise the next."""
    figures_of_now: date | None
    money: tuple[Money, ...]
    """What more is paid in a year, negative: less; nothing where as much is, or where that is not known."""
    no_money: str | None
    """Why it is not known what more is paid, in words; None where it is."""

    @property
    def purchased(self) -> int | None:
        """Units more than before."""
        without_limit = is_unlimited(self.purchased_before), is_unlimited(self.purchased_now)
        if any(without_limit):
            return 0 if all(without_limit) else None
        return difference(self.purchased_now, self.purchased_before)

    @property
    def assigned(self) -> int | None:
        """Units more than before."""
        return difference(self.assigned_now, self.assigned_before)

    @property
    def is_of_earlier_days(self) -> bool:
        """Whether its units were not known any more at an end."""
        return self.figures_of_before is not None or self.figures_of_now is not None

    @property
    def has_changed(self) -> bool:
        """Whether anything differs."""
        is_another = bool(self.standing or self.former_name)
        return is_another or self.purchased != 0 or self.assigned != 0 or bool(self.money)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month beside an earlier or later one."""

    month: Month
    against: Month
    changes: tuple[ProductChange, ...]
    """Those in which anything differs, the most money first, then the most units."""
    same: int
    """How many products are as they were."""
    same_as_known: int
    """Of these by units of a day before the last polled one of a month."""
    money: tuple[Money, ...]
    """What more is paid in a year for those of known cost, a sum a currency."""
    cost_before: tuple[Money, ...]
    """What all that has a price cost a year, as the other month's own page says it; likewise the next."""
    cost_now: tuple[Money, ...]

    @property
    def without_money(self) -> int:
        """How many of the changes the sum of the money leaves out."""
        return sum(each.no_money is not None for each in self.changes)

    @property
    def with_money(self) -> int:
        """How many of the changes it holds."""
        return len(self.changes) - self.without_money


def compared(now: OrganizationReview, before: OrganizationReview) -> Comparison:
    """The products of a month held against those of another."""
    of_now, of_before = ({each.product: each for each in review.products} for review in (now, before))
    every = [
        _change(of_now.get(product), of_before.get(product)) for product in sorted(of_now.keys() | of_before.keys())
    ]
    changes = sorted((each for each in every if each.has_changed), key=_most_first)
    return Comparison(
        month=now.month,
        against=before.month,
        changes=tuple(changes),
        same=len(every) - len(changes),
        same_as_known=sum(not each.has_changed and each.is_of_earlier_days for each in every),
        money=summed((sum_.currency, sum_.amount) for each in changes for sum_ in each.money),
        cost_before=_a_year(before),
        cost_now=_a_year(now),
    )


def _change(now: ProductReview | None, before: ProductReview | None) -> ProductChange:
    shown = now or before
    assert shown is not None, "it is listed at one of the ends"
    no_money = next((why for each in (now, before) if each and (why := _why_no_cost(each))), None)
    return ProductChange(
        product=shown.product,
        name=shown.name,
        place=" · ".join(shown.subscriptions),
        former_name=_former_name(now, before) if now and before else None,
        standing="" if now and before else "new" if now else "gone",
        purchased_before=before.closing.purchased if before else 0,
        purchased_now=now.closing.purchased if now else 0,
        assigned_before=before.closing.last if before else 0,
        assigned_now=now.closing.last if now else 0,
        figures_of_before=before.figures_of if before else None,
        figures_of_now=now.figures_of if now else None,
        money=() if no_money else _money(now, before),
        no_money=no_money,
    )


def _former_name(now: ProductReview, before: ProductReview) -> str | None:
    return None if before.name in {now.name, *(each.license.name for each in now.licenses)} else before.name


def _why_no_cost(product: ProductReview) -> str | None:
    """Why a product's cost is not known at a month's end, in words; None where it is, or where it costs nothing."""
    if product.judgment and product.judgment.cost:
        return None
    if product.closing.purchased is None or product.closing.last is None:
        return "not known"
    if is_unlimited(product.closing.purchased):
        return "unlimited"
    # What stands beside another product of its suite is paid there.
    return "no price" if product.not_judged is None else None


def _money(now: ProductReview | None, before: ProductReview | None) -> tuple[Money, ...]:
    """The difference of what it costs a year by the prices of both months, a sum a currency; none that is nothing."""
    amounts: list[tuple[str, Decimal]] = []
    for review, sign in ((now, 1), (before, -1)):
        cost = review.judgment.cost if review and review.judgment else None
        if cost is not None:
            amounts.append((cost.currency, sign * MONTHS_A_YEAR * cost.purchased))
    return tuple(each for each in summed(amounts) if each.amount)


def _a_year(review: OrganizationReview) -> tuple[Money, ...]:
    return tuple(Money(each.currency, MONTHS_A_YEAR * each.purchased) for each in review.cost_totals)


def _most_first(change: ProductChange) -> tuple[bool, Decimal, int, str, str]:
    units = abs(change.purchased or 0) + abs(change.assigned or 0)
    money = max((abs(each.amount) for each in change.money), default=Decimal())
    return (not money, -money, -units, change.name.casefold(), change.product)
