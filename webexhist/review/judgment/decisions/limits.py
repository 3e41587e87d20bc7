"""What the units of a product have passed already, and what they may reach."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from shlex import quote

from webexhist.not_judged import NotJudged
from webexhist.quantities import quantity
from webexhist.review.judgment.decisions.subjects import NO_MONEY, Subject
from webexhist.review.judgment.decisions.values import Decision, DecisionKind, Severity
from webexhist.review.judgment.falls import Fall
from webexhist.review.judgment.forecast import LIKELY, POSSIBLE, Forecast, within_90_days
from webexhist.review.judgment.judgment import Judgment
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.judgment.words import spoken, units
from webexhist.seats import is_calling, is_contact_center, is_device

WHY_LESS = "ask whether that is an order correction, a redistribution or an ended add-on"
NO_SUBSCRIPTION = "what Webex names no subscription of"
AT_ONCE = timedelta(days=30)
"""What runs out within so many days cannot wait for the next review."""


def decisions_about_limits(subject: Subject, product: ProductReview) -> Iterator[Decision]:
    """What holds of a judged product today; an event never hides another, and is reported once."""
    judgment = product.judgment
    if judgment is None or product.closing.purchased is None or product.closing.last is None:
        if product.not_judged is NotJudged.NOTHING_PURCHASED and product.fall:
            yield _fell(subject, product, product.fall)
        return
    if product.closing.purchased == 0:
        yield _none_purchased(subject, product)
        return
    if (product.held or 0) > judgment.limit:
        yield _over(subject, product, judgment)
    else:
        if judgment.forecast is not None:
            yield from _ahead(subject, product, judgment.forecast)
        if product.fall and not product.replacement:
            yield _fell(subject, product, product.fall)
    if not product.replacement:
        yield from _unevenly_spread(subject, product, judgment)


def _none_purchased(subject: Subject, product: ProductReview) -> Decision:
    assigned = product.closing.last or 0
    since = product.over.since if product.over else None
    day = f" since {spoken(since)}" if since else ""
    return subject.of_product(
        DecisionKind.NONE_PURCHASED,
        product,
        f"has nothing purchased{day}, and {units(assigned)} assigned: cause unknown, it may have lapsed, been"
        " suspended or moved to another subscription",
        product.over.began_on if product.over else None,
        since=since,
        units=assigned,
    )


def _over(subject: Subject, product: ProductReview, judgment: Judgment) -> Decision:
    purchased, held = product.closing.purchased or 0, product.held or 0
    over = held - judgment.limit
    return subject.of_product(
        DecisionKind.OVER,
        product,
        _why_over(product, judgment, over),
        product.over.began_on if product.over else None,
        severity=Severity.CRITICAL if judgment.is_kind_known else Severity.WARNING,
        since=product.over.since if product.over else None,
        units=over,
        units_at_most=_at_most(product, judgment, held - purchased),
    )


def _why_over(product: ProductReview, judgment: Judgment, over: int) -> str:
    figures = held_in_words(product)
    if judgment.allowance:
        beyond = (product.held or 0) - (product.closing.purchased or 0)
        people = people_in_words(product)
        return (
            f"is over the allowance by {units(over)}: {figures}, {beyond:,} above the purchase, of which"
            f" {judgment.allowance.in_words} allows {judgment.limit - (product.closing.purchased or 0):,}{people}"
            f"{_fall_in_words(product)}"
        )
    reason = f"is over what was purchased by {units(over)}: {figures}{_fall_in_words(product)}"
    return reason if judgment.is_kind_known else f"{reason}; {how_to_enter(product)}"


def _fall_in_words(product: ProductReview) -> str:
    """The question that goes with what is over, where less is purchased than before."""
    if product.fall is None:
        return ""
    return f"; {units(product.fall.units)} less are purchased since {spoken(product.fall.since)}, {WHY_LESS}"


def _fell(subject: Subject, product: ProductReview, fall: Fall) -> Decision:
    """Says that less is purchased within a term: somebody has to ask why, and it is booked as no saving."""
    return subject.of_product(
        DecisionKind.SHRUNK,
        product,
        f"has {units(fall.units)} less purchased since {spoken(fall.since)}, within its term; {WHY_LESS}",
        fall.since,
        since=fall.since,
        units=fall.units,
        **NO_MONEY,
    )


def how_to_enter(product: ProductReview) -> str:
    """What an overuse may mean, and the command that says which of it does."""
    unnamed = next(
        (
            each.license.subscription_id
            for each in product.licenses
            if each.license.subscription_id and (each.contract is None or each.contract.kind is None)
        ),
        None,
    )
    readings = "that is overage, a growth allowance or active users: tell the buying model"
    return (
        f"{readings}, webexhist contract set {quote(unnamed)} --kind named (ea, suite-ea, active-user)"
        if unnamed
        else readings
    )


def held_in_words(product: ProductReview) -> str:
    """What is held against what was purchased: people where they are known, else units."""
    if product.people is None:
        assigned, purchased = product.closing.last, product.closing.purchased
        of_units = f"purchased {'unit' if purchased == 1 else 'units'} {'is' if assigned == 1 else 'are'} assigned"
        return f"{assigned:,} of {purchased:,} {of_units}"
    return (
        f"{product.people.in_words}, hold licenses of it, and {units(product.closing.purchased or 0)} are purchased"
    )


def people_in_words(product: ProductReview) -> str:
    """Between which bounds the people are, where neither a sweep nor rows show their number."""
    if product.people:
        return ""
    if product.people_at_most is not None and product.people_at_most != product.closing.last:
        return f"; at least {product.closing.last:,} people, at most {product.people_at_most:,}: seats counts them"
    return f"; at most {product.closing.last:,} people" if product.is_of_several else ""


def _at_most(product: ProductReview, judgment: Judgment, above_purchase: int) -> int | None:
    if product.people_at_most is not None:
        return max(above_purchase, product.people_at_most - judgment.limit)
    return above_purchase if judgment.allowance else None


def _ahead(subject: Subject, product: ProductReview, ahead: Forecast) -> Iterator[Decision]:
    is_full = (product.held or 0) >= ahead.limit
    first = product.licenses[0].license
    if is_full and is_device(first.code, first.name):
        reason = f"is full: all {units(ahead.limit)} are assigned, and devices register although none is left"
        yield _running_out(subject, product, ahead, DecisionKind.WATCH, reason)
    elif ahead.is_reached or ahead.chance >= LIKELY:
        yield _running_out(subject, product, ahead, DecisionKind.RUNS_OUT, _why_runs_out(product, ahead, is_full))
    elif ahead.chance >= POSSIBLE:
        reason = f"may {_run_out(product)}: {within_90_days(ahead)}"
        yield _running_out(subject, product, ahead, DecisionKind.WATCH, reason)


def _running_out(
    subject: Subject, product: ProductReview, ahead: Forecast, kind: DecisionKind, reason: str
) -> Decision:
    due_on = ahead.as_of if ahead.is_reached else ahead.likely
    soon = due_on is not None and due_on - ahead.as_of <= AT_ONCE
    return subject.of_product(
        kind,
        product,
        reason,
        product.purchase.began_on if product.purchase else None,
        severity=Severity.CRITICAL if soon and kind is DecisionKind.RUNS_OUT else Severity.WARNING,
        units=max(1, ahead.short),
        due_on=due_on,
        chance=ahead.chance,
    )


def _why_runs_out(product: ProductReview, ahead: Forecast, is_full: bool) -> str:
    figures = held_in_words(product)
    if is_full:
        people = people_in_words(product) if _has_allowance(product) else ""
        return f"has {'used up its allowance' if _has_allowance(product) else 'run out'}: {figures}{people}"
    if ahead.is_reached:
        return f"had run out for a part of its last day: {figures}"
    return f"is likely to {_run_out(product)}, {units(max(1, ahead.short))} short in 90 days: {within_90_days(ahead)}"


def _has_allowance(product: ProductReview) -> bool:
    return product.judgment is not None and product.judgment.limit > (product.closing.purchased or 0)


def _run_out(product: ProductReview) -> str:
    return "use up its allowance" if _has_allowance(product) else "run out"


def _unevenly_spread(subject: Subject, product: ProductReview, judgment: Judgment) -> Iterator[Decision]:
    """Units to move between sites of one subscription, and people between subscriptions."""
    first = product.licenses[0].license
    if (product.closing.last or 0) > judgment.limit or is_contact_center(first.code, first.name):
        return
    by_subscription: dict[str | None, list[LicenseReview]] = {}
    for each in sorted(product.licenses, key=lambda each: each.license.subscription_id or ""):
        by_subscription.setdefault(each.license.subscription_id, []).append(each)
    for subscription, rows in by_subscription.items():
        over = sum(max(0, -_spare(each)) for each in rows)
        room = sum(max(0, _spare(each)) for each in rows)
        if moved := min(over, room):
            yield _redistribute(subject, product, subscription, moved, [each for each in rows if _spare(each)])
    # What is left of each subscription after its own units are spread.
    left = {subscription: sum(_spare(each) for each in rows) for subscription, rows in by_subscription.items()}
    over, room = sum(max(0, -units) for units in left.values()), sum(max(0, units) for units in left.values())
    if moved := min(over, room):
        yield _reassign(subject, product, moved, left)


def _redistribute(
    subject: Subject, product: ProductReview, subscription: str | None, moved: int, rows: Sequence[LicenseReview]
) -> Decision:
    within = f" within {subscription}" if subscription else ""
    over = ", ".join(each.license.site_url or each.license.name for each in rows if _spare(each) < 0)
    room = ", ".join(each.license.site_url or each.license.name for each in rows if _spare(each) > 0)
    return subject.of_product(
        DecisionKind.REDISTRIBUTE,
        product,
        f"has {units(moved)} to redistribute{within}, from {room} to {over}",
        subscription,
        licenses=rows,
        units=moved,
        **NO_MONEY,
    )


def _reassign(subject: Subject, product: ProductReview, moved: int, left: Mapping[str | None, int]) -> Decision:
    over = ", ".join(subscription or NO_SUBSCRIPTION for subscription, spare in left.items() if spare < 0)
    room = ", ".join(subscription or NO_SUBSCRIPTION for subscription, spare in left.items() if spare > 0)
    first = product.licenses[0].license
    warning = "; who changes the subscription loses settings of Calling" if is_calling(first.code, first.name) else ""
    return subject.of_product(
        DecisionKind.REASSIGN,
        product,
        f"has {quantity(moved, 'person', 'people')} to reassign, from {over} to {room}, which has units"
        f" available{warning}",
        licenses=[each for each in product.licenses if left[each.license.subscription_id]],
        units=moved,
        **NO_MONEY,
    )


def _spare(row: LicenseReview) -> int:
    """Units available in a row, negative: too many assigned; 0 where that is not known."""
    return row.closing.available or 0
