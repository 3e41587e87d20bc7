"""`webexhist licenses`: every license as the last poll knew it."""

from typing import TYPE_CHECKING, Any

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, app
from webexhist.cli.output import (
    CsvOption,
    JsonOption,
    assigned_of_purchased,
    bar,
    print_csv,
    print_json,
    print_table,
    running_out,
)
from webexhist.cli.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webexhist.review.reviews import LicenseReview, OrganizationReview


BAR = 6
"""Characters: enough to tell 48 lengths apart, and there is room for names."""


@app.command(rich_help_panel=REVIEW)
def licenses(
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Show every license with what is purchased, assigned and to be expected, and what needs a decision.

    Example: webexhist licenses --csv > licenses.csv
    """
    from webexhist.reviewing import review_latest
    from webexhist.store.opening.history import open_history

    settings = load_settings({"database": database}, config)
    with open_history(settings.database) as history:
        reviews = review_latest(history, clock.now_at_webex(settings.state_dir))
    if as_json or as_csv:
        print_rows = print_json if as_json else print_csv
        print_rows([figures(review, license_) for review in reviews for license_ in review.licenses])
        return
    for review in reviews:
        silence = "not polled any more since " if review.silent_since else ""
        title = f"{review.name}, {silence}{review.licenses_as_of:%Y-%m-%d %H:%M} UTC"
        names = labels(review.licenses)
        rows = [row(names[each.license.webex_id], each) for each in review.licenses]
        print_table(rows, "No license was listed.", title)
        to_decide = [license_ for license_ in review.licenses if license_.judgment.decision.kind.needs_decision]
        if to_decide:
            print_table(
                [
                    {"license": names[each.license.webex_id], "decision": each.judgment.decision.reason}
                    for each in to_decide
                ],
                "",
            )


def row(name: str, license_: "LicenseReview") -> dict[str, Any]:
    """What a person reads; it fits 80 columns with names that wrap between words."""
    closing, ahead = license_.closing, license_.judgment.forecast
    return {
        "license": name,
        "assigned of purchased": assigned_of_purchased(closing.last, closing.purchased),
        "available": license_.available if license_.not_judged is None else None,
        "utilization": percent_and_bar(closing.utilization),
        "this month": f"{license_.change:+,}" if license_.change is not None else None,
        "runs out in 90 days": in_short(ahead.chance) if ahead else None,
    }


def labels(licenses: "Iterable[LicenseReview]") -> dict[str, str]:
    """The names by id, with the sites, and with the subscriptions where several have name and site in common."""
    listed = [each.license for each in licenses]
    names = [" · ".join(filter(None, (license_.name, license_.site_url))) for license_ in listed]
    return {
        license_.webex_id: f"{name} · {license_.subscription_id}" if names.count(name) > 1 else name
        for license_, name in zip(listed, names, strict=True)
    }


def percent_and_bar(utilization: float | None) -> str | None:
    return None if utilization is None else f"{utilization:3.0f}% {bar(utilization, BAR)}"


def in_short(chance: float) -> str:
    """The chance in the least room: "7 in 10", "> 19 in 20"."""
    from webexhist.review.judgment.words import odds

    return odds(chance).replace("less than", "<").replace("more than", ">")


def figures(review: "OrganizationReview", license_: "LicenseReview") -> dict[str, Any]:
    """What a program reads."""
    closing, ahead = license_.closing, license_.judgment.forecast
    return {
        "organization": review.name,
        "organization_id": review.webex_id,
        "license": license_.license.name,
        "license_id": license_.license.webex_id,
        "subscription": license_.license.subscription_id,
        "site": license_.license.site_url,
        "as_of": review.licenses_as_of,
        "purchased": closing.purchased,
        "assigned": closing.last,
        "available": license_.available,
        "utilization": closing.utilization,
        "change": license_.change,
        **running_out(ahead),
        "decision": license_.judgment.decision.kind,
        "reason": license_.judgment.decision.reason,
    }
