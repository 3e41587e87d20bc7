"""`webexhist contract`: what a contract says and Webex does not."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli.app import ConfigOption, DatabaseOption, app
from webexhist.cli.beside import renew_outlook
from webexhist.cli.output import JsonOption, print_file, print_json, print_line, print_table
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.state.private_files import write_private
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.user_folders import named_path

if TYPE_CHECKING:
    from collections.abc import Iterable

    from webexhist.store.entered.contracts import Change, Contract, CountedLicense

commands = typer.Typer(help="Tell what a contract says and Webex does not.", no_args_is_help=True)
app.add_typer(commands, name="contract")

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes; a hundred thousand contracts take a third."""
FileArgument = Annotated[Path, typer.Argument(metavar="FILE.csv", help="A spreadsheet with a line a subscription.")]


@commands.command("set")
def set_(
    subscription: Annotated[
        str | None, typer.Argument(metavar="[SUBSCRIPTION]", help="Its id, like Sub1000001.", show_default=False)
    ] = None,
    kind: Annotated[ContractKind | None, typer.Option(help="How its seats are bought.")] = None,
    starts: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="The first day of its term."),
    ] = None,
    term: Annotated[int | None, typer.Option(min=1, max=1200, metavar="MONTHS", help="Until it renews.")] = None,
    allowance: Annotated[
        int | None, typer.Option(min=0, max=1000, metavar="PERCENT", help="Growth allowance (ea 20, suite-ea 15).")
    ] = None,
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
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Tell of a subscription, in every organization that has it. What is not told again stays as it was.

    Example: webexhist contract set Sub1000001 --kind ea --starts 2026-03-15 --term 36
    """
    from webexhist.store.entered.contracts import Contract, CountedLicense, tell
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    facts = (kind, starts.date() if starts else None, term, allowance, name, apart)
    if subscription is None and any(value is not None for value in facts):
        raise UsageError("no subscription is named", "give its id, like Sub1000001")
    if all(value is None for value in facts) and not counted and not not_counted:
        raise UsageError("nothing is told", "see webexhist contract set --help")
    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    with reading(engine) as history:
        licenses = [
            CountedLicense(find_license(history, wanted), is_counted)
            for names, is_counted in ((counted, True), (not_counted, False))
            for wanted in names or ()
        ]
    contracts = [Contract(subscription, *facts)] if subscription and any(value is not None for value in facts) else []
    print_changes(tell(engine, contracts, licenses))
    renew_outlook(settings, config)


@commands.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """List what was told of subscriptions and licenses."""
    from webexhist.export.contracts_csv import contract_row, counted_row

    contracts, counted = everything_entered(load_settings({"database": database}, config).database)
    if as_json:
        print_json([*map(contract_row, contracts), *map(counted_row, counted)])
        return
    columns = ("subscription", "name", "kind", "starts", "term", "allowance", "apart")
    rows = [{column: row[column] for column in columns} for row in map(contract_row, contracts)]
    print_table(rows, "No contract was told: webexhist contract set.")
    if counted:
        of_license = ("license", "organization", "license_id", "counted")
        print_table([{column: row[column] for column in of_license} for row in map(counted_row, counted)], "")


@commands.command()
def remove(
    subject: Annotated[str, typer.Argument(metavar="SUBSCRIPTION|LICENSE", help="What nothing shall be told of.")],
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Forget what was told of a subscription, or whether a license is counted."""
    from webexhist.store.entered.contracts import remove_contract, remove_counted
    from webexhist.store.names.licenses import find_license, stored_licenses
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading
    from webexhist.texts import folded

    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    if remove_contract(engine, subject):
        renew_outlook(settings, config)
        print_line(f"{subject}: nothing is told any more.")
        return
    with reading(engine) as history:
        subscriptions = {folded(each.subscription_id or "") for each in stored_licenses(history)}
        found = None if folded(subject) in subscriptions else find_license(history, subject)
    changes = remove_counted(engine, found) if found else ()
    if not changes:
        raise UsageError(f"nothing was told of {subject}", "see webexhist contract list")
    renew_outlook(settings, config)
    print_changes(changes)


@commands.command("import")
def import_(file: FileArgument, config: ConfigOption = None, database: DatabaseOption = None) -> None:
    """Tell of many subscriptions at once: all lines of a file, or none.

    The columns are those that export writes; one that is left out, like an empty cell, leaves what was told before.
    """
    from webexhist.export.contracts_csv import contract_lines
    from webexhist.store.entered.contracts import CountedLicense, tell
    from webexhist.store.names.licenses import find_license
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    lines = list(contract_lines(file_text(file)))
    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    with reading(engine) as history:
        counted = [
            CountedLicense(find_license(history, line.license_id), line.counted)
            for line in lines
            if line.license_id is not None and line.counted is not None
        ]
    changes = tell(engine, [line.contract for line in lines if line.contract], counted)
    renew_outlook(settings, config)
    print_changes(changes)
    lines_in_words = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    print_line(f"{lines_in_words} read, {len({change.of for change in changes}):,} of them changed something.")


@commands.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.csv]", help="The file (else stdout).", show_default=False)
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write what was told as a spreadsheet, which import reads."""
    from webexhist.export.contracts_csv import contracts_csv

    text = contracts_csv(*everything_entered(load_settings({"database": database}, config).database))
    if file is None:
        print_file(text)
        return
    file = named_path(file).absolute()
    try:
        if file.exists() and not file.is_file():
            raise UsageError(f"{file} is no regular file", "name another file, or none to have it printed")
        write_private(file, text.encode("utf-8-sig"), mode=0o644)
    except OSError as error:
        raise UsageError(f"cannot write {file} ({error.strerror})", "name a file that this user may write") from error
    print_line(f"{file}: {text.count(chr(10)) - 1:,} lines.")


def everything_entered(location: str) -> "tuple[tuple[Contract, ...], tuple[CountedLicense, ...]]":
    """Everything that was told."""
    from webexhist.store.entered.contracts import contracts, licenses_counted_by_person
    from webexhist.store.names.licenses import stored_licenses
    from webexhist.store.opening.history import open_history

    with open_history(location) as history:
        return contracts(history), licenses_counted_by_person(history, stored_licenses(history))


def file_text(file: Path) -> str:
    try:
        with named_path(file).open("rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UsageError(f"{file} is too large to be a list of contracts", "name another file")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot read {file} ({error.strerror})", "name a file that this user may read") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not written in UTF-8", "save it as CSV UTF-8") from error


def print_changes(changes: "Iterable[Change]") -> None:
    """What was told before, and what is told now."""
    lines = [f"{change.of}: {change.fact} {change.before or '–'} → {change.after or '–'}" for change in changes]
    for line in lines or ["Nothing is changed: that was told before."]:
        print_line(line)
