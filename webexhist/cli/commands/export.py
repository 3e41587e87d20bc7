"""`webexhist export`: what is stored, as a file for other programs."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from webexhist.cli.app import DATA, ConfigOption, DatabaseOption, OrgOption, app
from webexhist.cli.changed_rows import warn_of_changed_last_values, warn_of_changed_rows
from webexhist.cli.named_files import drafted, written_into
from webexhist.cli.output import counted_aloud, print_lines
from webexhist.cli.settings import load_settings
from webexhist.cli.typed_times import first_and_last_second
from webexhist.errors import UsageError
from webexhist.files import current_umask
from webexhist.state.private_files import make_folder
from webexhist.user_folders import named_path

if TYPE_CHECKING:
    from webexhist.export.view_files import Row
    from webexhist.store.dictionary import Column
    from webexhist.store.opening.history import History
    from webexhist.store.rows.view_rows import Asked

SNAPSHOTS = "snapshots"


class Format(StrEnum):
    """The formats that are written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class Partition(StrEnum):
    """What distinguishes one data set from another."""

    ORG_AND_MONTH = "org,month"


@app.command(rich_help_panel=DATA)
def export(
    what: Annotated[str, typer.Argument(metavar="VIEW|snapshots", help="What is written.")],
    format_: Annotated[
        Format | None,
        typer.Option("--format", help="Of the file [csv; jsonl of snapshots].", show_default=False),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The file [stdout].", show_default=False)] = None,
    from_: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="The first day or time.", show_default=False)
    ] = None,
    to: Annotated[str | None, typer.Option(metavar="TIME", help="The last one.", show_default=False)] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="What came later than that.", show_default=False)
    ] = None,
    org: OrgOption = None,
    partition: Annotated[
        Partition | None,
        typer.Option(help="A data set of Parquet files in a folder [one file].", show_default=False),
    ] = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write a view, or all snapshots as JSON Lines, which webexhist import reads. Times are UTC.

    In CSV or Parquet, snapshots is the view of that name. Parquet needs pip install 'webexhist[parquet]'.
    Of a data set (--partition) whole months are written anew.

    Example: webexhist export daily_licenses --from 2026-01-01 --out acme-2026.csv
    """
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.view_rows import Asked, is_of_times
    from webexhist.store.seals.shown import KEPT_FOR, PARTS_OF

    form = format_ or (Format.JSONL if what == SNAPSHOTS else Format.CSV)
    require_known(what)
    file = named_path(out).absolute() if out else None
    first = None if from_ is None else first_and_last_second(from_)[0]
    last, after = (None if typed is None else first_and_last_second(typed)[1] for typed in (to, since))
    if first and last and first > last:
        raise UsageError(f"{from_} is later than {to}", "give the earlier time to --from")
    with open_history(load_settings({"database": database}, config).database) as history:
        asked = Asked(None if org is None else find_organization(history, org), first, last, after)
        if partition:
            write_partitioned(history, what, asked, form, file)
        elif what == SNAPSHOTS and form is Format.JSONL:
            write(file, snapshot_lines(history, asked))
        else:
            write_view(history, what, asked, form, file)
        if is_of_times(what):
            begins = max(filter(None, (asked.first, asked.since)), default=None)
            parts, kept = PARTS_OF[what], KEPT_FOR.get(what, ())
            warn_of_changed_rows(history, asked.organization, begins, asked.last, parts, kept)
        else:  # which licenses are listed now
            warn_of_changed_last_values(history)


def require_known(what: str) -> None:
    """Raises UsageError for what is no view, with the names that are."""
    from webexhist.store.dictionary import DICTIONARY
    from webexhist.store.names.suggestions import did_you_mean

    if what not in DICTIONARY:
        known = list(DICTIONARY)
        raise UsageError(f"there is no view {what!r}", did_you_mean(what, known, f"name one of {', '.join(known)}"))


def snapshot_lines(history: "History", asked: "Asked") -> "Iterator[str]":
    """Returns the snapshots as lines that webexhist import reads."""
    from webexhist.export.snapshot_lines import snapshot_line
    from webexhist.importing import counts_of_collectors
    from webexhist.store.carrying.carry_out import carried_out

    begins = [moment for moment in (asked.first, asked.since and asked.since + timedelta(seconds=1)) if moment]
    first = max(begins, default=None)
    return map(snapshot_line, carried_out(history, counts_of_collectors(), asked.organization, first, asked.last))


def write_view(history: "History", view: str, asked: "Asked", form: Format, file: Path | None) -> None:
    """Writes the rows that are asked for as they come."""
    from webexhist.export.view_files import csv_lines, json_lines
    from webexhist.store.dictionary import DICTIONARY
    from webexhist.store.rows.view_rows import view_rows

    columns = DICTIONARY[view].columns
    rows = counted_aloud(view_rows(history, view, asked))
    if form is Format.PARQUET:
        write_parquet(columns, rows, file)
        return
    lines = csv_lines if form is Format.CSV else json_lines
    write(file, lines([column.name for column in columns], rows))


def write_parquet(columns: "Sequence[Column]", rows: "Iterable[Row]", file: Path | None) -> None:
    """Writes a Parquet file. Raises UsageError without a file to write, or without pyarrow."""
    from webexhist.export.view_files import write_parquet as write_rows

    if file is None:
        raise UsageError("a Parquet file is not for a terminal or a pipe", "name a file (--out)")
    with pyarrow_wanted(), drafted(file) as target:
        write_rows(target, columns, rows)


def write_partitioned(history: "History", view: str, asked: "Asked", form: Format, folder: Path | None) -> None:
    """Writes a file for each organization and month that is asked for."""
    from webexhist.export.data_set import write_data_set
    from webexhist.store.rows.view_parts import AskedMonths, view_parts

    if form is not Format.PARQUET or folder is None:
        raise UsageError(
            "a data set consists of Parquet files in a folder", "name both: --format parquet --out FOLDER"
        )
    months = AskedMonths.of(history, asked)
    parts = counted_aloud(view_parts(history, view, months), "files", between=1)
    with pyarrow_wanted(), written_into(folder):
        write_data_set(folder, view, parts, months.has, drafted_in_its_folder)


@contextmanager
def pyarrow_wanted() -> Iterator[None]:
    """Raises UsageError, which says what to install, where pyarrow is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError("pyarrow is not installed", "pip install 'webexhist[parquet]'") from error


def write(file: Path | None, lines: Iterable[str]) -> None:
    """Writes the lines to stdout, or the file whole."""
    if file is None:
        print_lines(lines)
        return
    with drafted(file) as target:
        for line in lines:
            target.write(f"{line}\n".encode())


@contextmanager
def drafted_in_its_folder(file: Path) -> "Iterator[IO[bytes]]":
    """The same, where the folder may not be there yet."""
    make_folder(file.parent, 0o755 & ~current_umask())
    with drafted(file) as target:
        yield target
