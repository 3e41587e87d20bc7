"""`webexhist decisions`: everything that needs a decision, most urgent first."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, OnOption, app
from webexhist.cli.output import (
    CsvOption,
    JsonOption,
    as_number,
    print_csv,
    print_json,
    print_paragraph,
    print_table,
)
from webexhist.cli.readable_help import Commands
from webexhist.cli.review_lines import print_damage
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError

if TYPE_CHECKING:
    from webexhist.review.judgment.decisions.values import Decision

commands = Commands(invoke_without_command=True)
app.add_typer(commands, name="decisions", rich_help_panel=REVIEW)


@commands.callback()
def decisions(
    context: typer.Context,
    month: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="As of the end of a month [now].", show_default=False)
    ] = None,
    on: OnOption = None,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """List what needs a decision, the most urgent first: units, money a year, the day it is due, and an id.

    What is accepted or muted stands below.

    Example: webexhist decisions --month 2026-10 --json
    """
    from webexhist.months import Month
    from webexhist.review.summary import at_stake_in_words
    from webexhist.review.unplanned import unplanned
    from webexhist.reviewing import decisions_of, review_latest, review_month
    from webexhist.store.opening.history import open_history

    if context.invoked_subcommand:
        if month is not None or on is not None or as_json or as_csv:
            raise UsageError(
                f"decisions {context.invoked_subcommand} lists nothing", "leave the options of the list out"
            )
        context.obj = (config, database)
        return
    if month is not None and on is not None:
        raise UsageError("--month and --on both say as of when", "give one of them")
    settings = load_settings({"database": database}, config)
    with open_history(settings.database) as history:
        now = clock.given_or_now(on, settings.state_dir, history)
        if month is not None:
            of_month = review_month(history, Month.parse(month), 1, now)
            found, reviews = of_month.decisions, of_month.organizations
        else:
            reviews = review_latest(history, now)
            found = decisions_of(reviews)
    print_damage(reviews)
    if as_json or as_csv:
        print_rows = print_json if as_json else print_csv
        print_rows([figures(decision, as_text=as_csv) for decision in found])
        return
    several = len({decision.organization_id for decision in found}) > 1
    standing = [each for each in found if each.is_open]
    print_table([row(each, several=several) for each in standing], "Nothing needs a decision.")
    if at_stake := at_stake_in_words(standing):
        print_paragraph(at_stake)
    for beside in (each for review in reviews for each in unplanned(review)):
        print_paragraph(f"{beside.organization}: {beside.sentence}" if len(reviews) > 1 else beside.sentence)
    if said := [row(each, several=several) for each in found if not each.is_open]:
        print_table(said, "", "Accepted or muted:")


def figures(decision: "Decision", *, as_text: bool = False) -> dict[str, Any]:
    """What a program reads; a cell of a spreadsheet holds the ids of licenses as text."""
    ids = " ".join(decision.license_ids) if as_text else list(decision.license_ids)
    return {
        "id": decision.id,
        "kind": str(decision.kind),
        "since": decision.since,
        "organization": decision.organization,
        "organization_id": decision.organization_id,
        "product": decision.product,
        "license_ids": ids,
        "subscription": decision.subscription,
        "site": decision.site,
        "units": decision.units,
        "units_at_most": decision.units_at_most,
        "people": decision.people.at_least if decision.people else None,
        "people_at_most": decision.people.at_most if decision.people else None,
        "people_counted_on": decision.people.counted_on if decision.people else None,
        "due_on": decision.due_on,
        "chance": decision.chance,
        "money_a_year": as_number(decision.money_a_year),
        "currency": decision.currency,
        "sentence": decision.sentence,
        "state": decision.state,
        "until": decision.until,
    }


def row(decision: "Decision", *, several: bool) -> dict[str, Any]:
    """What a person reads; it fits 80 columns."""
    money = None if decision.money_a_year is None else f"{decision.money_a_year:,} {decision.currency}"
    return {
        "kind": f"{decision.kind.words} {decision.digits}",
        **({"organization": decision.organization} if several else {}),
        "units": decision.units,
        "due": decision.due_on,
        "money a year": money,
        "what": " ".join(filter(None, (decision.sentence, decision.said_in_words))),
    }
