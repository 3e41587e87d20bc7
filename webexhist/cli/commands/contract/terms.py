"""`webexhist contract set` and `remove`."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli.app import LARGEST_NUMBER, ConfigOption, DatabaseOption
from webexhist.cli.authors import ByOption
from webexhist.cli.beside import renew_outlook
from webexhist.cli.commands.contract.group import commands, enter_and_print, print_changes
from webexhist.cli.output import print_line
from webexhist.cli.settings import load_settings
from webexhist.contract_kinds import BilledAbove, ContractKind, Renewal
from webexhist.errors import UsageError

if TYPE_CHECKING:
    from webexhist.config import Settings
    from webexhist.store.entered.contracts import CountedLicense
    from webexhist.store.entered.entering import Entry
    from webexhist.store.opening.history import History

A_DAY = ["%Y-%m-%d"]


@commands.command("set")
def set_(
    subscription: Annotated[
        str | None, typer.Argument(metavar="[SUBSCRIPTION]", help="Its id, like Sub1000001.", show_default=False)
    ] = None,
    kind: Annotated[ContractKind | None, typer.Option(help="How its seats are bought.")] = None,
    starts: Annotated[
        datetime | None, typer.Option(formats=A_DAY, metavar="YYYY-MM-DD", help="The first day of its term.")
    ] = None,
    term: Annotated[int | None, typer.Option(min=1, max=1200, metavar="MONTHS", help="Until it renews.")] = None,
    renews: Annotated[Renewal | None, typer.Option(help="What follows where nobody does anything.")] = None,
    notice: Annotated[
        int | None, typer.Option(min=0, max=3650, metavar="DAYS", help="Before the end, to change it at the latest.")
    ] = None,
    allowance: Annotated[
        str | None, typer.Option(metavar="PERCENT", help="Growth allowance (ea 20, suite-ea 15).")
    ] = None,
    minimum: Annotated[
        int | None, typer.Option(min=0, max=LARGEST_NUMBER, metavar="UNITS", help="The fewest that can be bought.")
    ] = None,
    judged_on: Annotated[
        datetime | None,
        typer.Option(formats=A_DAY, metavar="YYYY-MM-DD", help="A day measured for True Forward, in any year."),
    ] = None,
    billed_above: Annotated[BilledAbove | None, typer.Option(help="What a True Forward invoices.")] = None,
    name: Annotated[str | None, typer.Option(help="What you call it.")] = None,
    apart: Annotated[
        bool | None, typer.Option("--apart/--together", help="Judge its licenses by themselves.", show_default=False)
    ] = None,
    counted: Annotated[
        list[str] | None, typer.Option("--counted", metavar="LICENSE", help="Its units are seats that were bought.")
    ] = None,
    not_counted: Annotated[
        list[str] | None, typer.Option("--not-counted", metavar="LICENSE", help="They are not.")
    ] = None,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Enter the terms of a subscription, wherever it is. What is not entered again stays as it was.

    Example: webexhist contract set Sub1000001 --kind ea --starts 2026-03-15 --term 36
    """
    from webexhist.store.entered.contracts import Contract

    given = Contract(
        subscription or "",
        kind=kind,
        starts=starts.date() if starts else None,
        term=term,
        renews=renews,
        notice=notice,
        allowance=None if allowance is None else percent(allowance),
        minimum=minimum,
        judged_on=judged_on.date() if judged_on else None,
        billed_above=billed_above,
        name=name,
        apart=apart,
    )
    if subscription is None and given.facts:
        raise UsageError("no subscription is named", "give its id, like Sub1000001")
    chosen = [(name, True) for name in counted or ()] + [(name, False) for name in not_counted or ()]
    if not given.facts and not chosen:
        raise UsageError("nothing is entered", "see webexhist contract set --help")

    def entries_of(history: "History") -> "list[Entry]":
        return [*([given] if given.facts else ()), *counted_licenses(history, chosen)]

    enter_and_print(entries_of, by, load_settings({"database": database}, config), config)


def counted_licenses(history: "History", chosen: "Iterable[tuple[str, bool]]") -> "list[CountedLicense]":
    """The licenses of names or ids, and whether each is counted. Raises UsageError for a name of none or several."""
    from webexhist.store.entered.contracts import CountedLicense
    from webexhist.store.names.licenses import find_license

    return [CountedLicense(find_license(history, name), is_counted) for name, is_counted in chosen]


@commands.command()
def remove(
    subject: Annotated[
        str, typer.Argument(metavar="NUMBER|SUBSCRIPTION|LICENSE", help="Of which nothing shall be known any more.")
    ],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Forget a price, an order or a settlement, by its number in the list; or the terms of a subscription; or whether
    a license is counted.

    Example: webexhist contract remove Sub1000001
    """
    from webexhist.store.entered.contracts import remove_contract, remove_counted
    from webexhist.store.entered.numbered import remove_numbered
    from webexhist.store.entered.subscriptions import KnownSubscriptions
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    if subject.isascii() and subject.isdecimal():
        remove_numbered(engine, min(int(subject[:12]), LARGEST_NUMBER))
        print_line(f"{subject} is removed.")
    elif remove_contract(engine, subject):
        print_line(f"{subject}: nothing is entered any more{but_entries_of(subject, settings)}.")
    else:
        with reading(engine) as history:
            is_subscription = KnownSubscriptions(history.connection).called(subject) is not None
            found = None if is_subscription else find_license(history, subject)
        changes = remove_counted(engine, found) if found else ()
        if not changes:
            raise UsageError(f"nothing was entered for {subject}", "see webexhist contract list")
        print_changes(changes)
    renew_outlook(settings, config)


def but_entries_of(subscription: str, settings: "Settings") -> str:
    """Which prices and settlements of it stay: those go by their numbers."""
    from webexhist.cli.commands.contract.listed import rows_entered
    from webexhist.texts import folded

    numbers = [
        str(row["number"])
        for row in rows_entered(settings.database)
        if row["entry"] and folded(str(row["subscription"] or "")) == folded(subscription)
    ]
    return f" but what has a number in the list: {', '.join(numbers)}" if numbers else ""


def percent(typed: str) -> Decimal:
    """Percent with two decimals at most. Raises UsageError for anything else."""
    from webexhist.export.contracts_csv import parsed_percent

    try:
        return parsed_percent(typed)
    except (ValueError, InvalidOperation) as error:
        raise UsageError(f"{typed!r} is no growth allowance", "write percent, like 15 or 12.5") from error
