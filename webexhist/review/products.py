"""Products over the period of a review: the sums of licenses that are judged together, and what follows from them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from webexhist.contract_kinds import BilledAbove
from webexhist.months import days_later
from webexhist.not_judged import NotJudged, Reason, why_no_limit
from webexhist.review.accounts import judged_as_accounts
from webexhist.review.judgment.falls import ASKED_FOR, fall_of
from webexhist.review.judgment.judgment import Part, ProductHistory, judgment_of
from webexhist.review.judgment.runs_of_days import over_the_limit, run_of_days
from webexhist.review.judgment.usage import LicenseReview, ProductReview
from webexhist.review.licenses import Material, Seats, busiest, days_since
from webexhist.seats import has_no_users
from webexhist.store.entered.contracts import Contract
from webexhist.store.rows.known_licenses import KnownLicense
from webexhist.store.values import DailyUsage, MonthlyUsage


def product_reviews(
    material: Material, seats: Mapping[str, Seats], licenses: Mapping[str, LicenseReview]
) -> tuple[ProductReview, ...]:
    """Every product with a license that is listed, the most utilized first."""
    bearers = _bearers(material, seats, licenses)
    found = [
        _product_review(material, product, of_product, licenses, bearers)
        for product, of_product in sorted(seats.items())
        if any(each in licenses for each in of_product.listed)
    ]
    histories = {review.product: history for review, history in found}
    reviews = judged_as_accounts([review for review, _ in found], histories, licenses.values(), material)
    return tuple(sorted(_settled(reviews, material), key=_urgency))


def licenses_in_order(
    products: Iterable[ProductReview], licenses: Mapping[str, LicenseReview]
) -> tuple[LicenseReview, ...]:
    """Every license in the order of the products, then by name; what is not judged has its reason."""
    ordered = [
        replace(license_, not_judged=_reason_of(license_, product))
        for product in products
        for license_ in product.licenses
    ]
    placed = {license_.license.webex_id for license_ in ordered}
    others = [license_ for webex_id, license_ in licenses.items() if webex_id not in placed]
    return (*ordered, *sorted(others, key=_by_name))


def _reason_of(license_: LicenseReview, product: ProductReview) -> Reason | None:
    """Why a license of a product is not judged; None where its product is."""
    own = why_no_limit(license_.closing.purchased, license_.closing.last)
    if product.not_judged is NotJudged.UNKNOWN and own is not NotJudged.UNKNOWN:
        return NotJudged.PART_UNKNOWN
    return product.not_judged


def all_ids(seats: Seats, material: Material) -> tuple[str, ...]:
    """Every license that ever belonged to a product, those that others continue included."""
    former = [each.webex_id for webex_id in seats.all for each in material.former.get(webex_id, ())]
    return (*former, *seats.all)


def _product_review(
    material: Material,
    product: str,
    seats: Seats,
    licenses: Mapping[str, LicenseReview],
    bearers: Mapping[str, str],
) -> tuple[ProductReview, ProductHistory]:
    """The review of a product by its units, and what its judgment is made of."""
    time, ids = material.time, all_ids(seats, material)
    parts = sorted((licenses[each] for each in seats.listed if each in licenses), key=_fullest_first)
    days, months = _units_of(material, product, seats)
    of_month, closing = {month.month: month for month in months}, months[-1]
    first = _first_seen(material, seats)
    not_judged = why_no_limit(closing.purchased, closing.last)
    paid = _paid_parts(material, product, parts, bearers)
    history = _history_of(material, ids, paid, parts, days, closing)
    judgment = judgment_of(history) if not_judged is None else None
    review = ProductReview(
        product=product,
        name=parts[0].license.name,
        first_id=next((each.webex_id for each in material.former.get(first.license.webex_id, ())), None)
        or first.license.webex_id,
        licenses=tuple(parts),
        replacement=next((each.replacement for each in parts if each.replacement), None),
        is_new=material.is_new(first.first_number),
        days=days_since(days, time.period.first_day),
        months=tuple(month for month in months if month.month >= time.period.first),
        before=of_month.get(time.period.first.plus(-1)),
        closing=closing,
        opening=of_month.get(time.month.plus(-1)),
        busiest=history.busiest,
        not_judged=not_judged,
        notes=material.entered.notes_of(ids, time.period.first_day),
        over=run_of_days(days, over_the_limit(judgment, closing)) if judgment else None,
        purchase=run_of_days(days, lambda day: day.purchased == closing.purchased),
        fall=None if _is_replaced_lately(material, ids) else fall_of(days, _contracts(parts), time.as_of),
        judgment=judgment,
        people=None,
        people_at_most=None,
        seat_prices={each.license_id: each.price_of_a_seat for each in paid},
        figures_of=material.figures_of(days),
        thin_months=material.thin_months(days, months),
    )
    return review, history


def _first_seen(material: Material, seats: Seats) -> KnownLicense:
    """The product's license that was seen first."""
    own = frozenset(seats.all)
    return min(
        (known for known in material.rows.licenses if known.license.webex_id in own),
        key=lambda known: (known.first_number, known.license.webex_id),
    )


def _paid_parts(
    material: Material, product: str, parts: Iterable[LicenseReview], bearers: Mapping[str, str]
) -> list[Part]:
    """What is bought of each license, at which price; a bundle is paid in the product that stands for its seats."""
    return [
        Part(
            license_id=each.license.webex_id,
            subscription=each.license.subscription_id,
            purchased=each.closing.purchased,
            contract=each.contract,
            price=each.price or material.entered.seat_price_of(each.license.subscription_id),
            is_paid_elsewhere=each.price is None
            and bearers.get(each.license.subscription_id or "", product) != product,
        )
        for each in parts
    ]


def _history_of(
    material: Material,
    ids: tuple[str, ...],
    paid: list[Part],
    licenses: Sequence[LicenseReview],
    days: Sequence[DailyUsage],
    closing: MonthlyUsage,
) -> ProductHistory:
    """What a product is judged by, at the end of the reviewed time; its units then are those of `closing`."""
    time, entered = material.time, material.entered
    return ProductHistory(
        parts=paid,
        purchased=closing.purchased or 0,
        assigned=closing.last or 0,
        busiest=busiest(days, time.as_of, closing.last),
        days=days,
        orders=[order for order in entered.orders if order.license_id in ids],
        steps=entered.steps_of(ids),
        as_of=time.as_of,
        last_day_over=time.last_day_over,
        regularity=material.regularity,
        has_users=not all(has_no_users(each.license.code, each.license.name) for each in licenses),
        is_replaced=any(each.replacement for each in licenses),
    )


def _contracts(parts: Iterable[LicenseReview]) -> list[Contract]:
    return [each.contract for each in parts if each.contract]


def _is_replaced_lately(material: Material, ids: Iterable[str]) -> bool:
    """Whether one of the licenses took another's place a short time ago, or may: two stood where one stands now."""
    own, since = set(ids), days_later(material.time.as_of, -ASKED_FOR.days)
    return any(
        {each.former_id, each.successor_id} & own and material.time.zone.day_of(each.seen_at) >= since
        for each in material.rows.successions
    )


def _bearers(material: Material, seats: Mapping[str, Seats], licenses: Mapping[str, LicenseReview]) -> dict[str, str]:
    """The product that stands for the seats of a bundle, by subscription: the one with the most units."""
    units: dict[str, dict[str, int]] = {}
    for product, of_product in seats.items():
        for license_ in (licenses[each] for each in of_product.listed if each in licenses):
            subscription = license_.license.subscription_id or ""
            if license_.price is None and material.entered.seat_price_of(subscription):
                of_bundle = units.setdefault(subscription, {})
                of_bundle[product] = of_bundle.get(product, 0) + (license_.closing.purchased or 0)
    return {
        subscription: max(of_bundle, key=lambda product: (of_bundle[product], product))
        for subscription, of_bundle in units.items()
    }


def _units_of(material: Material, product: str, seats: Seats) -> tuple[Sequence[DailyUsage], Sequence[MonthlyUsage]]:
    sums = material.sums.get(product)
    if sums:
        return sums.days, sums.months
    (only,) = seats.all
    return material.rows.licenses_by_day.get(only, ()), material.rows.licenses_by_month[only]


def _settled(reviews: Sequence[ProductReview], material: Material) -> list[ProductReview]:
    """The products, with what was settled of the last measurement of their account: of the most units first."""
    left: dict[tuple[str, date], int] = {}
    found: dict[str, ProductReview] = {}
    for review in sorted(reviews, key=_most_above_first):
        judgment = review.judgment
        ahead = judgment.true_forward if judgment else None
        if judgment is None or ahead is None or ahead.last is None:
            continue
        account = (judgment.contracts[0].subscription, ahead.last.measured_on)
        counting = [
            each
            for each in material.entered.settlements
            if each.subscription == account[0] and ahead.last.measured_on <= each.on <= material.time.as_of
        ]
        if account not in left:
            left[account] = sum(each.units for each in counting)
        above = (
            ahead.last.above_purchased if ahead.billed_above is BilledAbove.PURCHASED else ahead.last.above_allowance
        )
        settled = min(left[account], above or 0)
        left[account] -= settled
        shared = max((each.organizations for each in counting), default=1)
        last = replace(ahead.last, settled=settled, settled_in=shared)
        found[review.product] = replace(review, judgment=replace(judgment, true_forward=replace(ahead, last=last)))
    return [found.get(review.product, review) for review in reviews]


def _most_above_first(review: ProductReview) -> tuple[int, str]:
    ahead = review.judgment.true_forward if review.judgment else None
    return (-((ahead.last.above_allowance if ahead and ahead.last else 0) or 0), review.product)


def _fullest_first(license_: LicenseReview) -> tuple[int, tuple[str, str, str]]:
    return (-(license_.closing.last or 0), _by_name(license_))


def _by_name(license_: LicenseReview) -> tuple[str, str, str]:
    return (license_.license.name.casefold(), license_.license.site_url or "", license_.license.webex_id)


def _urgency(review: ProductReview) -> tuple[bool, bool, float, str, str]:
    """Sorts judged products by falling utilization, those with nothing purchased first; then the others by name."""
    utilization = review.closing.utilization if review.not_judged is None else None
    nothing = review.not_judged is None and review.closing.purchased == 0
    return (review.not_judged is not None, not nothing, -(utilization or 0), review.name.casefold(), review.product)
