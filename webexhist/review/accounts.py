"""Judges enterprise agreements as the accounts that they are: by people, where a sweep counted them, else by units.

An agreement counts users. Who holds several products of a suite, or one product at two sites, is counted once. From
units only bounds are known: the highest row is the least, the sum the most.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from webexhist.contract_kinds import ContractKind
from webexhist.not_judged import NotJudged, stands_for_suite
from webexhist.review.judgment.judgment import Judgment, ProductHistory, judgment_of
from webexhist.review.judgment.people import People, days_of_people, people_of_account, standing_on
from webexhist.review.judgment.runs_of_days import over_the_limit, run_of_days
from webexhist.review.judgment.true_forward import Measured, TrueForward
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.licenses import Material
from webexhist.seats import has_no_users


def judged_as_accounts(
    reviews: Sequence[ProductReview],
    histories: Mapping[str, ProductHistory],
    licenses: Iterable[LicenseReview],
    material: Material,
) -> list[ProductReview]:
    """The products, those under an agreement as it counts; of a suite only one is judged, for all of it."""
    suites: dict[str, list[ProductReview]] = {}
    judged: dict[str, ProductReview] = {}
    listed = [each for each in licenses if each.product and not has_no_users(each.license.code, each.license.name)]
    for review in reviews:
        if review.judgment is None or review.judgment.allowance is None:
            continue
        (contract,) = review.judgment.contracts
        if contract.kind is ContractKind.SUITE_EA:
            suites.setdefault(contract.subscription, []).append(review)
        elif review.is_of_several:
            own = _people(material, contract.subscription, review.product)
            now = _standing_now(own, material, len(review.licenses), review.closing.last or 0)
            judged[review.product] = _by_people(review, histories[review.product], own, now) if now else review
    for subscription, members in suites.items():
        own = _people(material, subscription, None)
        number = sum(each.license.subscription_id == subscription for each in listed)
        judged |= _suite(members, histories, own, _standing_now(own, material, number, _together(members)))
    return [judged.get(review.product, review) for review in reviews]


def _people(material: Material, subscription: str, product: str | None) -> tuple[People, ...]:
    time = material.time
    return people_of_account(material.rows.people_with_seats, time.zone, subscription, product, time.as_of)


def _standing_now(people: Sequence[People], material: Material, licenses: int, units: int) -> People | None:
    """The people as they were counted lately, of all licenses; None where the units say that they are fewer since."""
    last = standing_on(people, material.time.as_of)
    return last if last and last.licenses == licenses and last.at_least <= units else None


def _together(members: Iterable[ProductReview]) -> int:
    return sum(review.closing.last or 0 for review in members)


def _suite(
    members: Sequence[ProductReview],
    histories: Mapping[str, ProductHistory],
    people: Sequence[People],
    now: People | None,
) -> dict[str, ProductReview]:
    """The products of a suite: that one is judged which most people have, and stands for all."""
    most = stands_for_suite(members, lambda review: review.closing.last or 0)
    by_units = replace(
        most, judgment=_measured_by_the_highest(most, members), people_at_most=_together(members), is_for_a_suite=True
    )
    judged = _by_people(by_units, histories[most.product], people, now) if now else by_units
    beside = {
        review.product: replace(review, judgment=None, over=None, not_judged=NotJudged.BESIDE_A_SUITE)
        for review in members
        if review is not most
    }
    return {most.product: judged, **beside}


def _by_people(
    review: ProductReview, history: ProductHistory, people: Sequence[People], now: People
) -> ProductReview:
    """A product judged by the people of its account; what was measured before they were counted, by its units."""
    days = days_of_people(history.days, people)
    lately = [each.at_least for each in people if standing_on([each], history.as_of)]
    judgment = judgment_of(replace(history, days=days, assigned=now.at_least, busiest=max(lately)))
    ahead = judgment.true_forward
    if ahead and ahead.last:
        last = _measured(ahead.last, people, review.judgment.true_forward if review.judgment else None)
        judgment = replace(judgment, true_forward=replace(ahead, last=last))
    counted = [day for day in days if day.day >= people[0].counted_on]
    return replace(
        review,
        judgment=judgment,
        people=now,
        people_at_most=now.at_most if now.at_most is not None else review.people_at_most,
        over=run_of_days(counted, over_the_limit(judgment, review.closing)),
    )


def _measured(last: Measured, people: Sequence[People], by_units: TrueForward | None) -> Measured | None:
    """What was measured, by the people who were counted for that day; by units where none were."""
    then = standing_on(people, last.measured_on)
    if then is None:
        return by_units.last if by_units else None
    return replace(last, people=then)


def _measured_by_the_highest(most: ProductReview, members: Iterable[ProductReview]) -> Judgment | None:
    """The judgment of the product that most people have now, its days by the product that most had or will have."""
    judgment = most.judgment
    measured = [
        (review, review.judgment.true_forward)
        for review in (most, *(each for each in members if each is not most))
        if review.judgment and review.judgment.true_forward
    ]
    if judgment is None or judgment.true_forward is None:
        return judgment
    ahead = judgment.true_forward
    # The first of equal ones is that of now.
    then, by_then = max(measured, key=lambda each: each[1].last.above_allowance or 0 if each[1].last else 0)
    later, by_later = max(measured, key=lambda each: each[1].projected.chance)
    last = by_then.last and replace(by_then.last, by=None if then is most else then.name)
    return replace(
        judgment,
        true_forward=replace(
            ahead,
            projected=by_later.projected,
            limit=by_later.limit,
            by=None if later is most else later.name,
            last=last,
        ),
    )
