"""`webexhist import`: a history that was made elsewhere becomes a history here."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Annotated, TypeVar

import typer

from webexhist.cli import clock
from webexhist.cli.app import DATA, ConfigOption, DatabaseOption, app
from webexhist.cli.authors import ByOption, author
from webexhist.cli.beside import renew_outlook
from webexhist.cli.output import print_line, print_warning
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.files import opened_at_once
from webexhist.quantities import quantity
from webexhist.user_folders import named_path

if TYPE_CHECKING:
    from webexhist.store.carrying.bring import Brought

T = TypeVar("T")
STDIN = "-"


@app.command("import", rich_help_panel=DATA)
def import_(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON Lines, a snapshot a line; - is stdin.")],
    as_csv: Annotated[bool, typer.Option("--csv", help="A spreadsheet: a row for each license and time.")] = False,
    by: ByOption = None,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Bring in a history from elsewhere: before, between and after what is stored; all lines or none.

    Lines that are stored already are passed over. docs/import.md says what a line holds.

    Example: webexhist import old-plugin.jsonl
    """
    from webexhist.export.snapshot_columns import lines_of_rows
    from webexhist.export.snapshot_lines import read_lines
    from webexhist.export.text_lines import numbered_lines
    from webexhist.importing import bring_history_in
    from webexhist.store.carrying.bring import Importer
    from webexhist.store.errors import DROP_THE_FUTURE, later_than

    settings = load_settings({"database": database}, config)
    with opened_file(file) as (content, size), progress("Reading", size) as advance:
        lines = numbered_lines(content, advance)
        snapshots = read_lines(lines_of_rows(lines) if as_csv else lines)
        signed = Importer(author(by), clock.now_at_webex(settings.state_dir))
        brought = bring_history_in(settings.database, snapshots, signed, storing)
    for each in brought:
        print_line(in_words(each))
    newest = max(each.newest_at for each in brought)
    now = clock.now_at_webex(settings.state_dir)
    if newest > now:
        print_warning(f"{later_than(now, newest)}; {DROP_THE_FUTURE}")
    if any(each.new for each in brought):
        renew_outlook(settings, config)


def in_words(brought: "Brought") -> str:
    """What became of an organization's lines."""
    there_already = f"{brought.there_already:,} stored already"
    if brought.first_at is None or brought.last_at is None:
        return f"{brought.organization}: nothing new, {there_already}."
    span = f"{brought.first_at:%Y-%m-%d %H:%M} to {brought.last_at:%Y-%m-%d %H:%M} UTC"
    return f"{brought.organization}: {quantity(brought.new, 'snapshot')} imported, {span}; {there_already}."


@contextmanager
def opened_file(file: str) -> Iterator[tuple[IO[bytes], int]]:
    """The file, and how many bytes it has; 0 where that is not known."""
    if file == STDIN:
        if sys.stdin is None:
            raise UsageError("there is no stdin", "name a file")
        yield sys.stdin.buffer, 0
        return
    path = named_path(file)
    try:
        with opened_at_once(path) as opened:
            yield opened, os.fstat(opened.fileno()).st_size
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder", "name a file") from error
    except (FileNotFoundError, PermissionError, NotADirectoryError) as error:
        if error.filename != str(path):
            raise
        raise UsageError(f"cannot read {path} ({error.strerror})", "name a file that this user may read") from error


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal and the length is known."""
    if not length or not sys.stderr or not sys.stderr.isatty():
        yield lambda _: None
        return
    with typer.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


def storing(lines: Iterator[T], length: int) -> Iterable[T]:
    """The lines, with a bar that shows how far the work is."""
    with progress("Storing", length) as advance:
        for number, line in enumerate(lines, 1):
            if number % 1_000 == 0:
                advance(1_000)
            yield line
