"""`webexhist licenses`: every product and license as the last poll knew it."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, OnOption, app
from webexhist.cli.license_labels import license_labels
from webexhist.cli.output import (
    CsvOption,
    JsonOption,
    assigned_of_purchased,
    bar,
    print_csv,
    print_json,
    print_paragraph,
    print_table,
    running_out,
)
from webexhist.cli.review_lines import costs_together, lines_below, people_figures, print_damage, print_missing_terms
from webexhist.cli.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from webexhist.review.judgment.decisions.values import Decision
    from webexhist.review.judgment.forecast import Forecast
    from webexhist.review.judgment.usage import LicenseReview, ProductReview, Usage
    from webexhist.review.reviews import OrganizationReview


BAR = 6
"""Characters: enough for 48 lengths, and there is room for names."""
INDENT = "  "
"""Before a license that is judged with others."""


@app.command(rich_help_panel=REVIEW)
def licenses(
    on: OnOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show every license with what is purchased, assigned and to be expected, and what needs a decision.

    Licenses that are judged together stand below their sum, for which alone the forecast is.

    Example: webexhist licenses --csv > licenses.csv
    """
    from webexhist.review.judgment.decisions.values import DecisionKind
    from webexhist.reviewing import review_latest
    from webexhist.store.opening.history import open_history

    settings = load_settings({"database": database}, config)
    with open_history(settings.database) as history:
        now = clock.given_or_now(on, settings.state_dir, history)
        reviews = review_latest(history, now)
    print_damage(reviews)
    if as_json or as_csv:
        print_rows = print_json if as_json else print_csv
        print_rows([line for review in reviews for line in figures(review)])
        return
    for review in reviews:
        silence = "not polled any more since " if review.silent_since else ""
        title = f"{review.name}, {silence}{review.silent_since or review.licenses_as_of:%Y-%m-%d %H:%M} UTC"
        is_unknown = any(each.kind is DecisionKind.UNKNOWN for each in review.decisions)
        nothing = f"{review.name}: {'its licenses are not known' if is_unknown else 'no license is listed'}."
        print_table(list(rows(review)), nothing, title)
        below = list(lines_below(review))
        for line in (*below, *([""] if below else [])):
            print_paragraph(line)
        if review.decisions:
            print_table(
                [{"decision": each.kind.words, "what": sentence(review, each)} for each in review.decisions],
                "",
            )
    for line in costs_together(reviews):
        print_paragraph(line)
    print_missing_terms(reviews)


def sentence(review: "OrganizationReview", decision: "Decision") -> str:
    """What is to be decided, of a single license with its site, and what was said of it."""
    names = license_labels(each.license for each in review.licenses)
    only = names.get(decision.license_ids[0]) if len(decision.license_ids) == 1 else None
    return " ".join(filter(None, (f"{only or decision.subject} {decision.reason}.", decision.said_in_words)))


def rows(review: "OrganizationReview") -> "Iterator[dict[str, Any]]":
    """What a person reads: products with the rows that they are made of, then licenses that are not judged."""
    names = license_labels(each.license for each in review.licenses)
    for product in review.products:
        of_one = names[product.licenses[0].license.webex_id]
        yield row(f"{product.name}, all" if product.is_of_several else of_one, product, forecast_of(product))
        if product.is_of_several:
            for license_ in product.licenses:
                yield row(INDENT + names[license_.license.webex_id], license_, None)
    for license_ in review.in_no_product:
        yield row(names[license_.license.webex_id], license_, None)


def row(name: str, of: "Usage", ahead: "Forecast | None") -> dict[str, Any]:
    """One line; it fits 80 columns with names that wrap between words."""
    closing = of.closing
    return {
        "license": name,
        "assigned of purchased": with_day(assigned_of_purchased(closing.last, closing.purchased), of.figures_of),
        "available": with_peak(of),
        "utilization": percent_and_bar(closing.utilization),
        "this month": f"{of.change:+,}" if of.change is not None else None,
        "runs out in 90 days": in_short(ahead.chance) if ahead else None,
    }


def with_peak(of: "Usage") -> str | None:
    """What is available, with what was on the busiest day of four weeks where that is less; None for no seats."""
    if of.not_judged is not None or of.available is None:
        return None
    return f"{of.available:,}, at peak {of.available_peak:,}" if of.has_busier_day else f"{of.available:,}"


def with_day(figures: str | None, day: "date | None") -> str | None:
    """The figures, with their day where they are older than the last poll."""
    return f"{figures}, {day.day} {day:%b}" if figures and day else figures


def forecast_of(product: "ProductReview") -> "Forecast | None":
    """None for what is not judged, or has too short a history."""
    return product.judgment.forecast if product.judgment else None


def percent_and_bar(utilization: float | None) -> str | None:
    """Percent and a bar of that length; None stays None."""
    return None if utilization is None else f"{utilization:3.0f}% {bar(utilization, BAR)}"


def in_short(chance: float) -> str:
    """The chance in the least room: "7 in 10", "> 19 in 20"."""
    from webexhist.review.judgment.words import odds

    return odds(chance).replace("less than", "<").replace("more than", ">")


def figures(review: "OrganizationReview") -> "Iterator[dict[str, Any]]":
    """What a program reads: a row for each license, and before those of a product of several one for their sum."""
    not_judged = {each.license.webex_id: each.not_judged for each in review.licenses}
    for product in review.products:
        if product.is_of_several:
            yield figures_of(review, product, product, None)
        for license_ in product.licenses:
            judged = replace(license_, not_judged=not_judged[license_.license.webex_id])
            yield figures_of(review, product, judged, judged)
    for license_ in review.in_no_product:
        yield figures_of(review, None, license_, license_)


def figures_of(
    review: "OrganizationReview",
    product: "ProductReview | None",
    of: "Usage",
    license_: "LicenseReview | None",
) -> dict[str, Any]:
    """A row; what is foretold and decided of a product stands at its sum, or at the only license of it."""
    closing = of.closing
    is_product = product is not None and (license_ is None or not product.is_of_several)
    decided = [each for each in review.open_decisions if product and each.product == product.product]
    return {
        "organization": review.name,
        "organization_id": review.webex_id,
        "product": product.product if product else None,
        "license": license_.license.name if license_ else product.name if product else None,
        "license_id": license_.license.webex_id if license_ else None,
        "subscription": license_.license.subscription_id if license_ else None,
        "site": license_.license.site_url if license_ else None,
        "as_of": review.licenses_as_of,
        "purchased": closing.purchased,
        "assigned": closing.last,
        "available": of.available,
        "available_peak": of.available_peak,
        "utilization": closing.utilization,
        "change": of.change,
        **running_out(forecast_of(product) if product and is_product else None),
        "figures_of": of.figures_of,
        **people_figures(product if is_product else None),
        "limit": product.judgment.limit if is_product and product and product.judgment else None,
        **money_of(product if is_product else None),
        "not_judged": of.not_judged,
        "decision": decided[0].kind if decided and is_product else None,
        "reason": decided[0].sentence if decided and is_product else None,
    }


def money_of(product: "ProductReview | None") -> dict[str, Any]:
    """What a product costs, as far as its price is known."""
    cost = product.judgment.cost if product and product.judgment else None
    return {
        "price_a_month": float(cost.price.amount) if cost else None,
        "cost_a_month": float(cost.purchased) if cost else None,
        "unused_a_month": float(cost.unused) if cost and cost.unused is not None else None,
        "currency": cost.currency if cost else None,
    }
