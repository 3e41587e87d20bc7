"""What stands below a table of licenses in the terminal: the words that the pages have beside their figures."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from webexhist.cli.output import print_line, print_paragraph, print_warning
from webexhist.money import amount_in_words

if TYPE_CHECKING:
    from webexhist.review.judgment.cost import CostTotal
    from webexhist.review.judgment.usage import ProductReview
    from webexhist.review.reviews import OrganizationReview

MOST_SHOWN = 20
"""Commands that are handed over at once."""


def print_damage(reviews: "Iterable[OrganizationReview]") -> None:
    """Warns of what the figures rest on and something else than webexhist changed."""
    for review in reviews:
        if review.warning:
            print_warning(f"{review.name}, {review.warning}")


def lines_below(review: "OrganizationReview") -> Iterator[str]:
    """What is older than the last poll, what is not judged and why, how many people there are, and what it costs."""
    from webexhist.not_judged import NotJudged
    from webexhist.review.judgment.words import spoken

    for product in review.products:
        if product.figures_of:
            what = "last known on" if product.closing.last is None else "the figures are of"
            yield f"{product.name}: {what} {spoken(product.figures_of)}, not known since."
        if people := people_line(product):
            yield people
    if any(each.has_busier_day for product in review.products for each in (product, *product.licenses)):
        yield "At peak: available on the busiest day of the last four weeks, by which money goes."
    shown = {NotJudged.UNKNOWN, NotJudged.PART_UNKNOWN}
    not_judged = sorted(
        (each.not_judged.value, each.license.name)
        for each in review.not_judged
        if each.not_judged and each.not_judged not in shown
    )
    for reason, group in groupby(not_judged, key=lambda each: each[0]):
        yield f"Not judged, {reason}: {', '.join(dict.fromkeys(name for _, name in group))}."
    if review.cost_totals:
        yield f"They cost {_a_month(review.cost_totals)}."
    if review.cost_totals and review.without_price:
        yield f"No price is set for {', '.join(dict.fromkeys(each.name for each in review.without_price))}."


def people_line(product: "ProductReview") -> str | None:
    """How many people hold the licenses of a product's account, or between which bounds they are."""
    subscriptions = ", ".join(product.subscriptions)
    if product.people:
        return f"{product.name}: {product.people.in_words}, hold licenses of {subscriptions}, each counted once."
    if product.people_at_most is None or product.people_at_most == product.closing.last:
        return None
    return (
        f"{product.name}: at least {product.closing.last:,} people, at most {product.people_at_most:,} in"
        f" {subscriptions}; seats counts them."
    )


def people_figures(product: "ProductReview | None") -> dict[str, Any]:
    """What a program reads of them; null where they are not known: units are never put in their place."""
    people = product.people if product else None
    return {
        "people": people.at_least if people else None,
        "people_at_most": people.at_most if people else None,
        "people_counted_on": people.counted_on if people else None,
    }


def costs_together(reviews: Iterable["OrganizationReview"]) -> Iterator[str]:
    """What all organizations cost together, by currencies, and of how many it leaves something out.

    Nothing where there is only one.
    """
    from webexhist.review.judgment.cost import cost_totals
    from webexhist.review.summary import summary_of

    several = list(reviews)
    totals = cost_totals(total for review in several for total in review.cost_totals)
    if len(several) > 1 and totals:
        yield f"All {len(several):,} organizations cost {_a_month(totals)}."
        if incomplete := sum(summary_of(review).is_cost_incomplete for review in several):
            yield f"That is incomplete in {incomplete:,} of them: units or prices are not known."


def _a_month(totals: "Sequence[CostTotal]") -> str:
    """One sum of several currencies, in words: no currency is turned into another."""
    return "; and ".join(_of_one_currency(total) for total in totals)


def _of_one_currency(total: "CostTotal") -> str:
    cost = f"{amount_in_words(total.purchased, total.currency)} a month"
    if total.unused is None:
        return f"{cost}; too little is known of the last four weeks to say what is not needed"
    of_it = amount_in_words(total.unused, total.currency) if total.unused else "none"
    return f"{cost}, {of_it} of it for units that nobody needed in the last four weeks"


def print_missing_terms(reviews: Iterable["OrganizationReview"], only: str | None = None) -> None:
    """The ready commands for subscriptions of which something is not entered, one each; `only` of one of them.

    A command stays on a line of its own, whatever its length: it is there to be copied.
    """
    from webexhist.review.judgment.missing_terms import KINDS

    missing = {
        each.subscription: each
        for review in reviews
        for each in review.missing_terms
        if only in (None, each.subscription)
    }
    for each in [missing[name] for name in sorted(missing)][:MOST_SHOWN]:
        changes = f": {each.what_it_changes}" if each.what_it_changes else ""
        print_paragraph(f"Not entered for {each.subscription}{changes}.")
        print_line(f"  {each.command}")
    if len(missing) > MOST_SHOWN:
        print_paragraph(f"And of {len(missing) - MOST_SHOWN:,} more: webexhist contract import enters many at once.")
    if any(each.is_kind_missing for each in missing.values()):
        print_paragraph(f"KIND is one of {KINDS}.")
