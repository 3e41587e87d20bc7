"""What changed from the end of one month to the end of another: by product, the most money first."""

from collections.abc import Iterable
from dataclasses import dataclass
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
    money: Money | None
    """What more is paid in a year, negative: less; None where a price is not entered, or the currency is another."""

    @property
    def purchased(self) -> int | None:
        """Units more than before."""
        if is_unlimited(self.purchased_before) or is_unlimited(self.purchased_now):
            return None
        return difference(self.purchased_now, self.purchased_before)

    @property
    def assigned(self) -> int | None:
        """Units more than before."""
        return difference(self.assigned_now, self.assigned_before)

    @property
    def has_changed(self) -> bool:
        """Whether anything differs."""
        is_another = bool(self.standing or self.former_name)
        return is_another or self.purchased != 0 or self.assigned != 0 or bool(self.money and self.money.amount)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A month beside an earlier or later one."""

    month: Month
    against: Month
    changes: tuple[ProductChange, ...]
    """Those in which anything differs, the most money first, then the most units."""
    same: int
    """How many products are as they were."""
    money: tuple[Money, ...]
    """What more is paid in a year for all of them, a sum a currency."""


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
        money=_sums(changes),
    )


def _change(now: ProductReview | None, before: ProductReview | None) -> ProductChange:
    shown = now or before
    assert shown is not None, "it is listed at one of the ends"
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
        money=_money(now, before),
    )


def _former_name(now: ProductReview, before: ProductReview) -> str | None:
    return None if before.name in {now.name, *(each.license.name for each in now.licenses)} else before.name


def _money(now: ProductReview | None, before: ProductReview | None) -> Money | None:
    """The cost of a year by the prices of both months."""
    amounts: list[tuple[str, Decimal]] = []
    for review, sign in ((now, 1), (before, -1)):
        cost = review.judgment.cost if review and review.judgment else None
        if cost is not None:
            amounts.append((cost.currency, sign * MONTHS_A_YEAR * cost.purchased))
        elif review is not None:
            return None
    sums = summed(amounts)
    return sums[0] if len(sums) == 1 else None


def _sums(changes: Iterable[ProductChange]) -> tuple[Money, ...]:
    return summed((each.money.currency, each.money.amount) for each in changes if each.money)


def _most_first(change: ProductChange) -> tuple[bool, Decimal, int, str, str]:
    units = abs(change.purchased or 0) + abs(change.assigned or 0)
    money = change.money.amount if change.money else Decimal()
    return (not money, -abs(money), -units, change.name.casefold(), change.product)
