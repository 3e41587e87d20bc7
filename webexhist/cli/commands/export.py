"""`webexhist export`: what is stored, as a file for other programs."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import DATA, ConfigOption, DatabaseOption, app
from webexhist.cli.output import print_lines
from webexhist.cli.settings import load_settings
from webexhist.cli.typed_times import first_and_last_second
from webexhist.errors import UsageError
from webexhist.state.private_files import draft_of
from webexhist.user_folders import named_path

SNAPSHOTS = "snapshots"


class Format(StrEnum):
    """The formats that are written."""

    JSONL = "jsonl"


@app.command(rich_help_panel=DATA)
def export(
    what: Annotated[str, typer.Argument(metavar="snapshots", help="What is written.")],
    format_: Annotated[Format, typer.Option("--format", help="Of the file.")] = Format.JSONL,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file [stdout].", show_default=False)] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="The first day or time.", show_default=False)
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="TIME", help="The last one.", show_default=False)] = None,
    org: Annotated[
        str | None, typer.Option(metavar="ORG", help="Of that organization: a name or id [all].", show_default=False)
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write all snapshots as JSON Lines, which webexhist import reads. Times are UTC.

    Example: webexhist export snapshots --from 2026-01-01 --out acme-2026.jsonl
    """
    from webexhist.export.snapshot_lines import snapshot_line
    from webexhist.importing import counts_of_collectors
    from webexhist.store.carrying.carry_out import carried_out
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.history import open_history

    if what != SNAPSHOTS:
        raise UsageError(f"there is no {what!r} to export", f"webexhist export {SNAPSHOTS}")
    first = first_and_last_second(from_)[0] if from_ else None
    last = first_and_last_second(to)[1] if to else None
    with open_history(load_settings({"database": database}, config).database) as history:
        organization = find_organization(history, org) if org else None
        lines = map(snapshot_line, carried_out(history, counts_of_collectors(), organization, first, last))
        if out is None:
            print_lines(lines)
        else:
            write(named_path(out).absolute(), lines)


def write(file: Path, lines: Iterable[str]) -> None:
    """Writes the file whole, or leaves what lies in its place."""
    try:
        if file.exists() and not file.is_file():
            raise UsageError(f"{file} is no regular file", "name another file, or none to have it printed")
        with draft_of(file, mode=0o644) as draft:
            for line in lines:
                draft.file.write(f"{line}\n".encode())
            draft.take_place()
    except OSError as error:
        raise UsageError(f"cannot write {file} ({error.strerror})", "name a file that this user may write") from error
