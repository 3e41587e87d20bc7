"""`webexhist check`: says by its exit code whether a license crosses a limit, or an organization is not polled."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, app
from webexhist.cli.output import JsonOption, assigned_of_purchased, print_json, print_table
from webexhist.cli.settings import load_settings

if TYPE_CHECKING:
    from webexhist.review.reviews import LicenseReview


@app.command(rich_help_panel=REVIEW)
def check(
    over: Annotated[float, typer.Option(min=0, metavar="PERCENT", help="Assigned of the purchased units.")] = 95,
    runs_out_within: Annotated[int, typer.Option(min=1, metavar="DAYS", help="By a chance of 5 in 10.")] = 30,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List the licenses that cross a limit, and organizations that are not polled any more; exit 1 for any. For cron.

    Of an organization that is not polled nothing else is judged.

    Example: webexhist check --over 90
    """
    from webexhist.reviewing import review_latest
    from webexhist.store.opening.history import open_history

    settings = load_settings({"database": database}, config)
    with open_history(settings.database) as history:
        reviews = review_latest(history, clock.now_at_webex(settings.state_dir))
    crossing = [
        {
            "organization": review.name,
            "license": license_.license.name,
            "site": license_.license.site_url or "",
            "purchased": license_.closing.purchased,
            "assigned": license_.closing.last,
            "utilization": license_.closing.utilization,
            "why": reason,
        }
        for review in reviews
        if review.silent_since is None
        for license_ in review.judged
        if (reason := reason_of(license_, over, runs_out_within))
    ]
    crossing += [
        {
            "organization": review.name,
            "license": None,
            "site": None,
            "purchased": None,
            "assigned": None,
            "utilization": None,
            "why": f"not polled since {review.silent_since:%Y-%m-%d %H:%M} UTC",
        }
        for review in reviews
        if review.silent_since
    ]
    if as_json:
        print_json(crossing)
    else:
        print_table([row(found) for found in crossing], "No license crosses a limit.")
    if crossing:
        raise typer.Exit(1)


def row(found: Mapping[str, Any]) -> dict[str, Any]:
    """What a person reads of a license; it fits 80 columns with names that wrap between words."""
    return {
        "organization": found["organization"],
        "license": " · ".join(filter(None, (found["license"], found["site"]))) or None,
        "assigned of purchased": assigned_of_purchased(found["assigned"], found["purchased"]),
        "why": found["why"],
    }


def reason_of(license_: "LicenseReview", over: float, days: int) -> str:
    """Why a license is listed; empty where it is not."""
    from webexhist.review.judgment.forecast import LIKELY
    from webexhist.review.judgment.words import odds

    ahead, utilization = license_.judgment.forecast, license_.closing.utilization
    if ahead and not ahead.is_reached and (chance := ahead.chance_within(days)) >= LIKELY:
        return f"{odds(chance)} to run out within {days} days"
    if utilization is not None and utilization > over:
        return f"more than {over:g}% assigned"
    return "had run out for a part of its last day" if ahead and ahead.is_reached else ""
