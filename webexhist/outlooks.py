"""The story of an outlook: an organization's last snapshot → its review → the days that polls print → stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from webexhist.errors import WebexhistError
from webexhist.months import Month
from webexhist.quantities import quantity
from webexhist.review.judgment.usage import ProductReview
from webexhist.review.reviews import OrganizationReview
from webexhist.reviewing import review_organization
from webexhist.store.entered.decision_states import decision_states
from webexhist.store.opening.history import reading
from webexhist.store.rows.latest import latest
from webexhist.store.rows.outlooks import NOT_RESTED_ON
from webexhist.store.rows.polls import PolledOrganization, polled_organizations
from webexhist.store.saving.outlooks import save_outlook
from webexhist.stored_snapshot import ProductOutlook, StoredSnapshot
from webexhist.units import purchased_together

PASSES = 3
"""Times that it looks at most: who changes things all the time is left to the next poll."""


class ChangedRowsError(WebexhistError):
    """What was worked out rests on rows that something else changed: it is stored, and is not sure."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """An organization whose outlook was worked out."""

    name: str
    damage: str | None
    """What of the rows that it rests on was changed, in words; None where nothing was."""


def renew_outlooks(engine: Engine) -> tuple[str, ...]:
    """Works out anew what polls print of the future, where it is of another day or rests on other rows than now.

    Looks again for what changed while it was at work. Returns the names of the organizations that had to be worked
    out. Each is stored by itself, so that what was done stays done.

    Raises:
        ChangedRowsError: at the end of it all; some of what was worked out rests on changed rows.
    """
    done: dict[str, Renewed] = {}
    for _ in range(PASSES):
        renewed_now = renewed_once(engine)
        if not renewed_now:
            break
        done |= {each.name: each for each in renewed_now}
    if changed := [f"{each.name}: {each.damage}" for each in done.values() if each.damage]:
        more = f", and of {quantity(len(changed) - 1, 'more organization')}" if len(changed) > 1 else ""
        raise ChangedRowsError(f"it was worked out of changed rows ({changed[0]}){more}", "see webexhist db check")
    return tuple(done)


def renewed_once(engine: Engine) -> list[Renewed]:
    """The organizations whose outlook had to be worked out."""
    with reading(engine) as history:
        organizations = polled_organizations(history)
    return [done for each in organizations if (done := renewed(engine, each))]


def renewed(engine: Engine, organization: PolledOrganization) -> Renewed | None:
    """Works the outlook of an organization out, where it has to be; None where not."""
    with reading(engine) as history:
        (snapshot,) = latest(history, [organization.webex_id])
        if snapshot.has_outlook_of_today:
            return None
        # As of the last poll, whatever the clock: the same is worked out of the same history.
        now = snapshot.taken_at
        today, known = organization.zone.day_of(now), organization.known
        # What a person says counts at once, also where the last poll is of a day before.
        said_on = max([today, *known.days_told, *(each.since for each in history.read(decision_states(known.id)))])
        decisions, outlooks, damage = 0, list[ProductOutlook](), None
        if not known.is_retired_on(said_on):  # else nothing of it is judged
            review = review_organization(
                history, organization, Month.of(today), 1, now, name=known.name, silent=None, said_on=said_on
            )
            decisions, outlooks = len(review.open_decisions), product_outlooks(review, snapshot)
            changed = (each for each in review.damaged_tables if each not in NOT_RESTED_ON)
            damage = replace(review, damaged_tables=tuple(changed)).damage
    save_outlook(engine, organization.webex_id, today, decisions, outlooks)
    return Renewed(known.name, damage)


def product_outlooks(review: OrganizationReview, snapshot: StoredSnapshot) -> list[ProductOutlook]:
    """What a review expects of each product, beside what the snapshot says of its purchase."""
    purchased = {change.usage.license.webex_id: change.usage.purchased for change in snapshot.licenses or ()}
    of_products = [product_outlook(product, purchased) for product in review.products]
    placed = {webex_id for outlook in of_products for webex_id in outlook.license_ids}
    others = [
        ProductOutlook(None, (license_.license.webex_id,), license_.closing.purchased, limit=None, runs_out_on=None)
        for license_ in review.licenses
        if license_.license.webex_id not in placed
    ]
    return [*of_products, *others]


def product_outlook(product: ProductReview, purchased: Mapping[str, int | None]) -> ProductOutlook:
    """What is stored of a product; `purchased` is what the snapshot says of it."""
    ids = tuple(each.license.webex_id for each in product.licenses)
    now = purchased_together(purchased.get(webex_id) for webex_id in ids)
    judgment = product.judgment
    ahead = judgment.forecast if judgment else None
    return ProductOutlook(
        product=product.product,
        license_ids=ids,
        purchased=product.closing.purchased if now is None else now,
        limit=ahead.limit if ahead else None,
        runs_out_on=ahead.likely if ahead else None,
    )
