"""The five figures of an organization: assigned of purchased, yearly cost, money at stake, next date, decisions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webexhist.contract_kinds import Renewal
from webexhist.money import amount_in_words
from webexhist.review.judgment.decisions.values import Decision
from webexhist.review.judgment.judgment import Judgment
from webexhist.review.judgment.prices import MONTHS_A_YEAR
from webexhist.review.reviews import OrganizationReview

MEASUREMENT = "measurement day"
ANNIVERSARY = "anniversary"
NOTICE = "last day for notice"
RENEWAL = "renewal"
END = "end of the term"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency; several currencies are never added up."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day on which something has to have been decided, or is measured."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class DaySums:
    """The decisions that are due on a day; None: on none."""

    day: date | None
    decisions: int
    money: tuple[Money, ...]
    without_money: int
    """How many of them need a price that is not entered."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a page about an organization begins with. None is unknown."""

    purchased: int | None
    """Of the judged products."""
    assigned: int | None
    products: int
    """The judged ones."""
    unknown_products: int
    """Those that would be judged, were their units known."""
    has_unknown_list: bool
    """Whether nobody knows which licenses there are."""
    older_products: int
    """Judged ones of which the units are of an earlier day than the last one."""
    oldest_on: date | None
    """The earliest of these days."""
    a_year: tuple[Money, ...]
    """What the judged products with a price cost a year, a sum a currency."""
    without_price: int
    """How many judged products the cost leaves out."""
    at_stake: tuple[Money, ...]
    """What the open decisions are about, a sum a currency."""
    without_money: int
    """How many open decisions about units have no price."""
    next: DueDay | None
    decisions: tuple[Decision, ...]
    """The open ones, the most urgent first."""

    @property
    def has_unknown_units(self) -> bool:
        """Whether sums leave units out that nobody knows."""
        return self.has_unknown_list or self.unknown_products > 0

    @property
    def is_cost_incomplete(self) -> bool:
        """Whether the cost leaves anything out: for want of a price, or of units."""
        return self.without_price > 0 or self.has_unknown_units


def summary_of(review: OrganizationReview) -> Summary:
    """The five figures of a review."""
    decisions = review.open_decisions
    days = [product.figures_of or review.figures_of for product in review.judged]
    older = [day for day in days if day < review.last_day]
    return Summary(
        purchased=review.units_purchased,
        assigned=review.units_assigned,
        products=len(review.judged),
        unknown_products=len(review.unknown),
        has_unknown_list=review.has_unknown_list,
        older_products=len(older),
        oldest_on=min(older, default=None),
        a_year=tuple(Money(each.currency, MONTHS_A_YEAR * each.purchased) for each in review.cost_totals),
        without_price=len(review.without_price),
        at_stake=money_at_stake(decisions),
        without_money=without_money(decisions),
        next=next_day(review, decisions),
        decisions=decisions,
    )


def money_at_stake(decisions: Iterable[Decision]) -> tuple[Money, ...]:
    """What decisions are about, a sum a currency. What several say of one product counts once, with the most."""
    most: dict[tuple[str, str, str], Decimal] = {}
    for each in decisions:
        if each.money_a_year is not None and each.currency is not None:
            of = (each.currency, each.organization_id, each.product or each.id)
            most[of] = max(abs(each.money_a_year), most.get(of, Decimal()))
    return summed((currency, amount) for (currency, *_), amount in most.items())


def at_stake_in_words(decisions: Sequence[Decision]) -> str | None:
    """What decisions are about, and how many of them that leaves out, as a sentence; None where no money is known."""
    sums = ", ".join(amount_in_words(each.amount, each.currency) for each in money_at_stake(decisions))
    left_out = without_money(decisions)
    unpriced = f"; {left_out:,} decision{'s' if left_out > 1 else ''} without a price" if left_out else ""
    return f"At stake a year, each product once: {sums}{unpriced}." if sums else None


def without_money(decisions: Iterable[Decision]) -> int:
    """How many of them are left out of what decisions are about: they need a price that is not entered."""
    return sum(each.needs_price for each in decisions)


def summed(amounts: Iterable[tuple[str, Decimal]]) -> tuple[Money, ...]:
    """The sum of each currency, by its code."""
    sums: dict[str, Decimal] = {}
    for currency, amount in amounts:
        sums[currency] = sums[currency] + amount if currency in sums else amount
    return tuple(Money(currency, sums[currency]) for currency in sorted(sums))


def next_day(review: OrganizationReview, decisions: Iterable[Decision]) -> DueDay | None:
    """The first day after the review's last on which something is due, in the words of a contract that names it."""
    as_of = last_day(review)
    due = [DueDay(each.due_on, each.kind.words) for each in decisions if each.due_on]
    named = [day for product in review.judged if product.judgment for day in days_of_contracts(product.judgment)]
    return min((each for each in [*named, *due] if each.day > as_of), key=lambda each: each.day, default=None)


def last_day(review: OrganizationReview) -> date:
    """The day at whose end the figures of a review stand: the month's last, or that of the last poll."""
    return min(review.month.last_day, review.zone.day_of(review.known_until))


def days_of_contracts(judgment: Judgment, subscription: str | None = None) -> Iterator[DueDay]:
    """The days that follow from what was entered for a product's subscriptions, or of one of them."""
    ahead, accounts = judgment.true_forward, [each.subscription for each in judgment.contracts]
    if ahead and subscription in (None, *accounts):
        yield DueDay(ahead.measured_on, MEASUREMENT)
        yield DueDay(ahead.anniversary, ANNIVERSARY)
        if ahead.last and ahead.last.above_allowance:
            yield DueDay(ahead.last.anniversary, ANNIVERSARY)
    for ending in judgment.ending:
        if subscription in (None, ending.contract.subscription):
            yield DueDay(ending.ends_on, END)
    for name, end in judgment.plan_basis.ends().items():
        if subscription not in (None, name):
            continue
        if judgment.plan_basis.contracts[name].renews is Renewal.NO:
            yield DueDay(end.renews_on, END)
        else:
            yield DueDay(end.notice_on, NOTICE)
            yield DueDay(end.renews_on, RENEWAL)


def sums_by_day(decisions: Iterable[Decision]) -> tuple[DaySums, ...]:
    """What decisions are about by the day on which they are due, the first one first, those without a day last."""
    groups: dict[date | None, list[Decision]] = {}
    for each in decisions:
        groups.setdefault(each.due_on, []).append(each)
    return tuple(
        DaySums(day, len(groups[day]), money_at_stake(groups[day]), without_money(groups[day]))
        for day in sorted(groups, key=lambda day: day or date.max)
    )
