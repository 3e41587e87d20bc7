"""What the terms of a contract lead to: a True Forward, and what to buy or to reduce at a renewal."""

from collections.abc import Iterator
from datetime import timedelta
from shlex import quote

from webexhist.contract_kinds import BilledAbove
from webexhist.money import amount_in_words
from webexhist.review.judgment.cost import Cost
from webexhist.review.judgment.decisions.limits import people_in_words
from webexhist.review.judgment.decisions.subjects import NO_MONEY, Subject
from webexhist.review.judgment.decisions.values import Decision, DecisionKind, Severity
from webexhist.review.judgment.judgment import Ending
from webexhist.review.judgment.prices import money_for
from webexhist.review.judgment.renewal import USUAL_AIM, RenewalPlan
from webexhist.review.judgment.terms import ASSUMED_NOTICE
from webexhist.review.judgment.true_forward import Measured, TrueForward
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.judgment.words import odds, spoken, units
from webexhist.seats import is_calling

TRUE_FORWARD_SOON = timedelta(days=120)
"""Before the measurement day: so long what is expected of it is raised."""
NOT_OF_EACH = "contract settle --org says of which, where it was of one"
THE_RENEWAL = "the anniversary is the renewal, so that nothing remains to be billed"


def decisions_about_terms(subject: Subject, product: ProductReview) -> Iterator[Decision]:
    """What the contracts of a judged product lead to, each event by itself."""
    judgment = product.judgment
    if judgment is None:
        return
    for ending in judgment.ending:
        yield _expires(subject, product, ending)
    if judgment.true_forward:
        yield from _true_forward(subject, product, judgment.true_forward)
    for renewal in judgment.renewals:
        if renewal.is_to_decide:
            yield _renewal(subject, product, renewal)


def _true_forward(subject: Subject, product: ProductReview, ahead: TrueForward) -> Iterator[Decision]:
    if ahead.last and ahead.last.above_allowance:
        yield from _judged(subject, product, ahead, ahead.last)
    if timedelta(days=ahead.days_left) > TRUE_FORWARD_SOON:
        return
    day, chance = spoken(ahead.measured_on), odds(ahead.projected.chance)
    is_last = ahead.months_billed == 0
    unpaid = NO_MONEY if is_last else {}
    ends = f"; {THE_RENEWAL}" if is_last else ""
    by = f" by {ahead.by}" if ahead.by else ""
    if ahead.is_likely:
        over = ahead.expected_over
        yield subject.of_product(
            DecisionKind.TRUE_FORWARD,
            product,
            f"is expected to be over the allowance by {units(over)}{by} on {day}, when it is measured: {chance}"
            f"{ends}",
            ahead.measured_on,
            severity=Severity.CRITICAL,
            units=over,
            due_on=ahead.measured_on,
            chance=ahead.projected.chance,
            **unpaid,
        )
    elif ahead.may_be_over:
        yield subject.of_product(
            DecisionKind.TRUE_FORWARD,
            product,
            f"may be over the allowance{by} on {day}, when it is measured: {chance}{ends}",
            ahead.measured_on,
            units=ahead.expected_over,
            due_on=ahead.measured_on,
            chance=ahead.projected.chance,
            **unpaid,
        )


def _judged(subject: Subject, product: ProductReview, ahead: TrueForward, last: Measured) -> Iterator[Decision]:
    """What was measured, until all of it is settled."""
    above_all = ahead.billed_above is BilledAbove.PURCHASED
    units_billed = last.open_above_purchased if above_all else last.open_units
    if not units_billed:
        return
    by = f", measured by {last.by}" if last.by else ""
    as_of = f", as known on {spoken(last.known_on)}" if last.known_on else ""
    shared = f" in each of the {last.settled_in} organizations that have the subscription ({NOT_OF_EACH})"
    settled = f", {units(last.settled)} of it settled{shared * (last.settled_in > 1)}" if last.settled else ""
    unpaid = NO_MONEY if last.months_billed == 0 else {}
    yield subject.of_product(
        DecisionKind.TRUE_FORWARD,
        product,
        f"was over the allowance by {units(last.above_allowance or 0)} on {spoken(last.measured_on)}{as_of}{by}"
        f"{settled}, with {_measured_in_words(last)},"
        f" {last.above_purchased:,} above the purchase: a True Forward is due on {spoken(last.anniversary)};"
        f" {_which_is_billed(ahead)}"
        f"{_what_it_costs(product, last, units_billed)}{people_in_words(product)}{_since_then(product, last)}"
        f"{_how_to_settle(subject, product, last, units_billed)}",
        last.measured_on,
        severity=Severity.CRITICAL,
        since=last.measured_on,
        units=units_billed,
        units_at_most=last.open_above_purchased if ahead.billed_above is None else None,
        due_on=last.anniversary,
        **unpaid,
    )


def _measured_in_words(last: Measured) -> str:
    bought = f"{last.purchased:,} purchased{f' and {last.ordered:,} ordered' if last.ordered else ''} units"
    return f"{last.people.in_words}, for {bought}" if last.people else f"{last.assigned:,} of {bought} assigned"


def _which_is_billed(ahead: TrueForward) -> str:
    if ahead.billed_above is BilledAbove.PURCHASED:
        return "what is above the purchase is invoiced"
    if ahead.billed_above is BilledAbove.ALLOWANCE:
        return "what is above the allowance is invoiced"
    return "your agreement decides which of both is invoiced"


def _what_it_costs(product: ProductReview, last: Measured, billed: int) -> str:
    """The money to the end of the term; in the last year the anniversary is the renewal, and nothing is billed."""
    if last.months_billed == 0:
        return f"; {THE_RENEWAL}"
    cost = product.judgment.cost if product.judgment else None
    if cost is None or last.months_billed is None:
        return ""
    all_units = last.open_above_purchased
    more = (
        f", {_to_the_end(all_units, cost, last.months_billed)} for {units(all_units)}" if all_units > billed else ""
    )
    return f"; {_to_the_end(billed, cost, last.months_billed)} for {units(billed)} to the end of the term{more}"


def _to_the_end(count: int, cost: Cost, months: int) -> str:
    return amount_in_words(money_for(count, cost.price, months), cost.currency)


def _how_to_settle(subject: Subject, product: ProductReview, last: Measured, billed: int) -> str:
    """The ready command, where more is purchased since the anniversary: that may be what was billed.

    Of a subscription that several organizations have it says of which one: these units came there alone.
    """
    if not last.rise or product.judgment is None:
        return ""
    contract = product.judgment.contracts[0]
    of_one = f" --org {quote(subject.organization)}" if contract.organizations > 1 else ""
    return (
        f"; {units(last.rise)} came on the anniversary: webexhist contract settle {quote(contract.subscription)}"
        f" --on {last.anniversary} --units {min(last.rise, billed)}{of_one} says that they settle it"
    )


def _expires(subject: Subject, product: ProductReview, ending: Ending) -> Decision:
    rows = [each for each in product.licenses if each.license.subscription_id == ending.contract.subscription]
    first = product.licenses[0].license
    stops = (
        "calls stop then, and the numbers are deleted 30 days later"
        if is_calling(first.code, first.name)
        else ("it stops then for all of them")
    )
    assigned, name = sum(each.closing.last or 0 for each in rows), ending.contract.subscription
    day, held = spoken(ending.ends_on), f"{units(assigned)} assigned"
    return subject.of_product(
        DecisionKind.EXPIRES,
        product,
        f"was to expire on {day} with {name}, which does not renew, and is still listed: {held}; find out what holds,"
        f" and enter the new term where it was renewed"
        if ending.is_over
        else f"expires on {day} with {name}, which does not renew: {held}; {stops}",
        f"{name} {ending.ends_on}",
        licenses=rows,
        units=assigned,
        due_on=ending.ends_on,
    )


def _since_then(product: ProductReview, last: Measured) -> str:
    """What changed since it was measured, for whoever talks about the invoice."""
    if last.by:
        return ""
    now, then = product.closing, last
    parts = [
        f"{units(abs(change))} {more if change > 0 else less}"
        for change, more, less in (
            ((now.purchased or 0) - (then.purchased or 0), "bought", "reduced"),
            (_more_held(product, then), "more assigned", "released"),
        )
        if change
    ]
    return f"; since then {' and '.join(parts)}" if parts else ""


def _more_held(product: ProductReview, then: Measured) -> int:
    """What is held more since, where the same was counted then; 0 where it was not."""
    is_the_same = (product.people is None) == (then.people is None)
    return (product.held or 0) - (then.assigned or 0) if is_the_same else 0


def _renewal(subject: Subject, product: ProductReview, renewal: RenewalPlan) -> Decision:
    what = f"buy {units(renewal.change)}" if renewal.change > 0 else f"reduce by {units(-renewal.change)}"
    assumed = f" ({ASSUMED_NOTICE} days of notice are assumed)" if renewal.end.notice_is_assumed else ""
    day, is_past = spoken(renewal.end.notice_on), renewal.due_on != renewal.end.notice_on
    notice = (
        f"the last day to give notice was {day}{assumed}: ask whether it can still be changed"
        if is_past
        else f"give notice by {day}{assumed}"
    )
    beside = f" beside {units(renewal.kept)} of other subscriptions, as proposed for them"
    return subject.of_product(
        DecisionKind.RENEWAL,
        product,
        f"renews on {spoken(renewal.end.renews_on)} in {renewal.subscription}: {what}; {renewal.needed:,} units"
        f"{beside * renewal.is_kept_as_proposed} suffice until {spoken(renewal.end.until)}"
        f" with {odds(USUAL_AIM.sure / 100)}; {notice}",
        f"{renewal.subscription} {renewal.end.renews_on}",
        licenses=[each for each in product.licenses if each.license.subscription_id == renewal.subscription],
        units=renewal.change,
        due_on=renewal.due_on,
    )
