"""`webexhist plan`: how many units to have when a term ends."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import LARGEST_NUMBER, REVIEW, ConfigOption, DatabaseOption, OnOption, app
from webexhist.cli.output import (
    JsonOption,
    as_number,
    assigned_of_purchased,
    print_json,
    print_line,
    print_paragraph,
    print_table,
)
from webexhist.cli.review_lines import people_figures, people_line, print_damage, print_missing_terms
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from webexhist.planning import Plan, PlannedRenewal
    from webexhist.review.judgment.renewal import Aim
    from webexhist.store.opening.history import History


@app.command(rich_help_panel=REVIEW)
def plan(
    subscription: Annotated[
        str | None, typer.Argument(metavar="[SUBSCRIPTION]", help="Its id (else all).", show_default=False)
    ] = None,
    sure: Annotated[int, typer.Option(min=50, max=99, metavar="PERCENT", help="That the units suffice.")] = 90,
    headroom: Annotated[int, typer.Option(min=0, max=100, metavar="PERCENT", help="On top of what suffices.")] = 5,
    on: OnOption = None,
    what_if: Annotated[
        list[str] | None,
        typer.Option("--what-if", metavar="LICENSE=UNITS", help="Say what so many would do, beside it."),
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Plan what to buy or to reduce when a term ends: units that suffice for the next one, by how sure that is.

    Example: webexhist plan Sub1000001 --sure 95 --what-if "Webex Calling - Professional=900"
    """
    from webexhist.planning import plan_of
    from webexhist.review.judgment.renewal import Aim
    from webexhist.store.entered.subscriptions import KnownSubscriptions
    from webexhist.store.opening.history import open_history

    settings = load_settings({"database": database}, config)
    aim = Aim(sure, headroom)
    with open_history(settings.database) as history:
        now = clock.given_or_now(on, settings.state_dir, history)
        chosen = KnownSubscriptions(history.connection).required(subscription) if subscription is not None else None
        found = plan_of(history, now, aim, chosen, units_by_license(history, what_if or ()))
    print_damage(found.reviews)
    if as_json:
        print_json([figures(planned, aim) for planned in found.renewals])
        return
    print_plan(found, aim, chosen)


def units_by_license(history: "History", typed: "Sequence[str]") -> dict[str, int]:
    """Units by the id of the license. Raises UsageError for what is no license and its units."""
    from webexhist.store.names.licenses import find_license

    found: dict[str, int] = {}
    for each in typed:
        license_, _, units = each.rpartition("=")
        if not license_ or not units.isascii() or not units.isdecimal():
            raise UsageError(f"{each!r} is no license and its units", 'write it like "Webex Calling=900"')
        found[find_license(history, license_).webex_id] = min(int(units[:19]), LARGEST_NUMBER)
    return found


def figures(planned: "PlannedRenewal", aim: "Aim") -> dict[str, Any]:
    """What a program reads."""
    renewal, thought = planned.renewal, planned.what_if
    return {
        "organization": planned.organization,
        "organization_id": planned.organization_id,
        "subscription": renewal.subscription,
        "name": planned.contract.name,
        "product": planned.product.product,
        "product_name": planned.product.name,
        "license_ids": list(planned.license_ids),
        "renews_on": renewal.end.renews_on,
        "until": renewal.end.until,
        "notice_on": renewal.end.notice_on,
        "notice_is_assumed": renewal.end.notice_is_assumed,
        "assigned": planned.assigned,
        **people_figures(planned.product),
        "purchased": renewal.purchased,
        "kept_by_others": renewal.kept,
        "minimum": planned.contract.minimum,
        "suffice": {f"{share:.0%}".rstrip("%"): units for share, units in renewal.suffice} or None,
        "sure": aim.sure,
        "headroom": aim.headroom,
        "needed": renewal.needed,
        "proposal": renewal.proposal,
        "change": None if renewal.proposal is None else renewal.change,
        "money_a_year": as_number(None if renewal.proposal is None else planned.money_a_year(renewal.change)),
        "currency": planned.currency,
        "unit_a_year": as_number(planned.money_a_year(1)),
        "short": None if renewal.proposal is None else renewal.short,
        "short_a_year": as_number(None if renewal.proposal is None else planned.money_a_year(renewal.short)),
        "refused": renewal.refused,
        **(
            {}
            if planned.reclaimable is None
            else {"reclaimable": planned.reclaimable, "reclaimable_on": planned.reclaimable_on}
        ),
        "what_if": thought
        and {
            "units": thought.units,
            "chance": thought.chance,
            "change": thought.change,
            "money_a_year": as_number(thought.money_a_year),
        },
    }


def print_plan(found: "Plan", aim: "Aim", only: str | None) -> None:
    """A table a subscription, and what stands behind its figures."""
    from webexhist.contract_kinds import Renewal
    from webexhist.review.judgment.terms import ASSUMED_NOTICE
    from webexhist.review.judgment.words import spoken

    silent = {each.webex_id: each.zone.day_of(each.silent_since) for each in found.reviews if each.silent_since}
    for (organization, subscription), group in groupby(
        found.renewals, key=lambda planned: (planned.organization, planned.renewal.subscription)
    ):
        plans = list(group)
        end, name = plans[0].renewal.end, plans[0].contract.name
        called, is_last = f"{subscription} ({name})" if name else subscription, plans[0].contract.renews is Renewal.NO
        day = spoken(end.renews_on)
        assumed = f", as {ASSUMED_NOTICE} days of notice are assumed" if end.notice_is_assumed else ""
        due = "are to be announced by" if plans[0].renewal.due_on == end.notice_on else "had to be announced by"
        announced = f": changes {due} {spoken(end.notice_on)}{assumed}"
        follows = f"ends on {day}, entered as not renewing" if is_last else f"renews on {day}{announced}"
        title = f"{called} of {organization} {follows}. Units that suffice until {spoken(end.until)}:"
        print_table([row(planned) for planned in plans], "", title)
        for planned in plans:
            for line in lines_behind(planned, aim):
                print_paragraph(line)
        if since := silent.get(plans[0].organization_id):
            print_paragraph(f"{organization} is not polled any more since {spoken(since)}: this is of that day.")
        print_line()
    if any(planned.currency for planned in found.renewals):
        print_paragraph("Money is by the prices that were entered, before tax and changes of tier.")
    if not found.renewals:
        print_paragraph("No end of a term is entered for what is judged.")
    print_missing_terms(found.reviews, only)


def row(planned: "PlannedRenewal") -> dict[str, Any]:
    """What a person reads; it fits 80 columns."""
    renewal = planned.renewal
    suffice = {f"{share:.0%}": units for share, units in renewal.suffice} or dict.fromkeys(
        ("50%", "80%", "90%", "95%")
    )
    money = planned.money_a_year(renewal.change) if renewal.change else None
    return {
        "product": planned.product.name,
        "assigned of purchased": assigned_of_purchased(planned.product.held, renewal.purchased + renewal.kept),
        **{share: suffice.get(share) for share in ("50%", "80%", "90%", "95%")},
        "plan": in_words(renewal.change) if renewal.proposal is not None else None,
        "a year": None if money is None else f"{money:+,} {planned.currency}",
    }


def in_words(change: int) -> str:
    """What to do at a renewal, from by how many units the proposal differs from what is purchased."""
    if change == 0:
        return "keep"
    return f"buy {change:,}" if change > 0 else f"reduce {-change:,}"


def lines_behind(planned: "PlannedRenewal", aim: "Aim") -> list[str]:
    """What the row of a product rests on, and what somebody thinks of."""
    from webexhist.review.judgment.words import odds, spoken, units

    renewal, name = planned.renewal, planned.product.name
    if renewal.refused:
        return [f"{name}: no proposal, for {renewal.refused}."]
    people = [line for line in (people_line(planned.product),) if line]
    lines = [
        *people,
        f"{name}: {units(renewal.needed or 0)} suffice with {aim.sure}%, and {aim.headroom}% are added"
        f"{f', less {renewal.kept:,} of other subscriptions' if renewal.kept else ''}"
        f"{' as proposed for them' if renewal.is_kept_as_proposed else ''}"
        f"{minimum(planned)}: {units(renewal.proposal or 0)}{each(planned)}.",
    ]
    if renewal.short:
        money = planned.money_a_year(renewal.short)
        cost = "" if money is None else f", {money:,} {planned.currency} a year"
        lines.append(f"{name}: where 95% are needed, {units(renewal.short)} would be missing{cost}.")
    if planned.reclaimable and planned.reclaimable_on:
        lines.append(
            f"{name}: {units(planned.reclaimable)} not used, as counted on {spoken(planned.reclaimable_on)}, could be"
            " freed first: webexhist seats."
        )
    thought = planned.what_if
    if thought and thought.chance is not None:
        paid = "" if thought.money_a_year is None else f", {thought.money_a_year:+,} {planned.currency} a year"
        lines.append(
            f"{name}: what if {units(thought.units)}: {odds(thought.chance)} that they suffice until"
            f" {spoken(renewal.end.until)}{paid}."
        )
    return lines


def each(planned: "PlannedRenewal") -> str:
    """What one unit too many costs, and one that is missing and has to be bought."""
    money = planned.money_a_year(1)
    return "" if money is None else f", each {money:,} {planned.currency} a year"


def minimum(planned: "PlannedRenewal") -> str:
    """Says that the contract's minimum decides the proposal; "" where it does not."""
    least = planned.contract.minimum
    return f", no fewer than {least:,} can be bought" if least and planned.renewal.proposal == least else ""
