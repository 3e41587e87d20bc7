"""`webexhist contract import` and `export`: the same as a spreadsheet, for many customers at once."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import ConfigOption, DatabaseOption
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.commands.contract.group import commands, print_changes
from webexhist.cli.commands.contract.listed import rows_entered
from webexhist.cli.named_files import drafted
from webexhist.cli.output import print_file, print_line
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.files import opened_at_once
from webexhist.quantities import quantity
from webexhist.user_folders import named_path
from webexhist.utf8 import marked_utf8, utf8_text

if TYPE_CHECKING:
    from webexhist.export.contracts_csv import FindLicense
    from webexhist.store.names.licenses import StoredLicense
    from webexhist.store.opening.history import History

LARGEST_FILE = 16 * 1024 * 1024
"""Bytes; a hundred thousand contracts take a third."""
FileArgument = Annotated[Path, typer.Argument(metavar="FILE.csv", help="A spreadsheet with a line a subscription.")]


@commands.command("import")
def import_(
    file: FileArgument, by: ByOption = None, config: ConfigOption = None, database: DatabaseOption = None
) -> None:
    """Enter a file, on many subscriptions at once: all of its lines, or none.

    The columns are those that export writes; one that is left out, like an empty cell, leaves what was there.

    Example: webexhist contract import contracts.csv
    """
    from webexhist.export.contracts_csv import entered_in
    from webexhist.store.entered.changes import Signature
    from webexhist.store.entered.entering import enter
    from webexhist.store.names.organizations import organization_called
    from webexhist.store.opening.database import open_existing
    from webexhist.store.opening.history import reading

    text = file_text(file)
    settings = load_settings({"database": database}, config)
    engine = open_existing(settings.database)
    with reading(engine) as history:
        lines = list(entered_in(text, license_finder(history), partial(organization_called, history)))
    signed = Signature(clock.now_at_webex(settings.state_dir), author(by))
    changes = enter(engine, [entry for _, entry in lines], signed, [number for number, _ in lines])
    renew_outlook(settings, config)
    print_changes(changes)
    print_line(f"{quantity(len(lines), 'line')} read, {quantity(len(changes), 'thing')} changed.")


@commands.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.csv]", help="The file (else stdout).", show_default=False)
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write what was entered as a spreadsheet, which import reads.

    Example: webexhist contract export contracts.csv
    """
    from webexhist.export.contracts_csv import contracts_csv

    text = contracts_csv(rows_entered(load_settings({"database": database}, config).database))
    if file is None:
        print_file(text)
        return
    file = named_path(file).absolute()
    with drafted(file) as target:
        target.write(marked_utf8(text))
    print_line(f"{file}: {text.count(chr(10)) - 1:,} lines.")


def license_finder(history: "History") -> "FindLicense":
    """Finds licenses by their ids, without asking the database for each; by other names as `find_license` does."""
    from webexhist.store.names.licenses import find_license, stored_licenses

    by_id: dict[str, list[StoredLicense]] = {}
    for each in stored_licenses(history):
        by_id.setdefault(each.webex_id, []).append(each)

    def called(wanted: str, organization: str | None) -> "StoredLicense":
        found = by_id.get(wanted, [])
        found = [each for each in found if len(found) == 1 or each.organization == organization]
        return found[0] if len(found) == 1 else find_license(history, wanted)

    return called


def file_text(file: Path) -> str:
    """The file's text. Raises UsageError where it cannot be read, is too large, or is not UTF-8."""
    try:
        with opened_at_once(named_path(file)) as opened:
            content = opened.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise UsageError(f"{file} is too large to be a list of contracts", "name another file")
        return utf8_text(content)
    except OSError as error:
        raise UsageError(f"cannot read {file} ({error.strerror})", "name a file that this user may read") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not written in UTF-8", "save it as CSV UTF-8") from error
