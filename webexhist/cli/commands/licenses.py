"""`webexhist licenses`: every license as the last poll knew it."""

from typing import TYPE_CHECKING, Any

from webexhist.cli import clock
from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.cli.output import JsonOption, bar, print_json, print_table, running_out
from webexhist.cli.settings import load_settings
from webexhist.units import in_words

if TYPE_CHECKING:
    from webexhist.review.reviews import LicenseReview, OrganizationReview


@app.command()
def licenses(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Show every license with what is purchased, assigned and to be expected."""
    from webexhist.reviewing import review_latest
    from webexhist.store.opening.history import open_history

    settings = load_settings({"database": database}, config)
    with open_history(settings.database) as history:
        reviews = review_latest(history, clock.now_at_webex(settings.state_dir))
    if as_json:
        print_json([figures(review, license_) for review in reviews for license_ in review.licenses])
        return
    for review in reviews:
        title = f"{review.name}, {review.known_until:%Y-%m-%d %H:%M} UTC"
        print_table([row(license_) for license_ in review.licenses], "No license was listed.", title)


def row(license_: "LicenseReview") -> dict[str, Any]:
    """What a person reads."""
    from webexhist.review.judgment.words import odds

    closing, ahead = license_.closing, license_.judgment.forecast
    return {
        "license": license_.license.name,
        "site": license_.license.site_url or "",
        "purchased": in_words(closing.purchased),
        "assigned": closing.last,
        "available": closing.available if license_.not_judged is None else None,
        "utilization": closing.utilization,
        "": bar(closing.utilization),
        "this_month": f"{license_.change:+,}" if license_.change is not None else None,
        "runs_out_in_90_days": odds(ahead.chance) if ahead else None,
        "decision": license_.judgment.decision.reason,
    }


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
        "as_of": review.known_until,
        "purchased": closing.purchased,
        "assigned": closing.last,
        "available": closing.available,
        "utilization": closing.utilization,
        "change": license_.change,
        **running_out(ahead),
        "decision": license_.judgment.decision.kind,
        "reason": license_.judgment.decision.reason,
    }
