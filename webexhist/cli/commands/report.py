"""`webexhist report`: the pages of the monthly licensing review."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from webexhist.cli import clock
from webexhist.cli.app import REVIEW, ConfigOption, DatabaseOption, OnOption, app
from webexhist.cli.output import print_line, print_warning
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.quantities import quantity

if TYPE_CHECKING:
    from webexhist.config import Settings
    from webexhist.months import Month
    from webexhist.report.writer import ReportFiles

EVERY_MONTH = "all"
T = TypeVar("T")


@app.command(rich_help_panel=REVIEW)
def report(
    month: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM|all", help="The month, or every month [the last complete one with polls]."),
    ] = None,
    org: Annotated[
        str | None, typer.Option(help="Only this organization, with all of its pages.", show_default=False)
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="Another month: what changed from it.", show_default=False),
    ] = None,
    out: Annotated[str, typer.Option(help="Folder for the pages.")] = "webexhist-report",
    months: Annotated[int, typer.Option(min=1, max=240, help="Months to look back over, that one included.")] = 13,
    on: OnOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also into a folder with other files; they stay beside the report.")
    ] = False,
    single_file: Annotated[bool, typer.Option("--single-file", help="All pages of a month in one file.")] = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write the review of a month: HTML pages, a workbook, a CSV file and a calendar.

    Example: webexhist report --month 2026-10 --out review
    """
    from webexhist.report.folder import report_folder, require_report_or_nothing
    from webexhist.report.layouts import FOLDER_OF_PAGES, SINGLE_FILE
    from webexhist.report.writer import write_every_month, write_report
    from webexhist.reviewing import silent_now
    from webexhist.store.names.organizations import find_organization
    from webexhist.store.opening.history import open_history

    folder = report_folder(out)
    if not force:
        require_report_or_nothing(folder)
    asked_for, other = asked_months(month, against)
    layout = SINGLE_FILE if single_file else FOLDER_OF_PAGES
    settings = load_settings({"database": database}, config)
    require_apart_from_polls(folder, settings)
    with open_history(settings.database) as history:
        now = clock.given_or_now(on, settings.state_dir, history)
        only = None if org is None else find_organization(history, org)
        if month == EVERY_MONTH:
            files = write_every_month(history, folder, layout=layout, months=months, now=now, only=only, track=track)
        else:
            files = write_report(
                history,
                folder,
                layout=layout,
                month=asked_for,
                months=months,
                now=now,
                only=only,
                against=other,
                track=track,
            )
        silent = silent_now(history, now, only=only)
    for each in silent:
        print_warning(f"{each.name} is not polled any more since {each.last_polled_at:%Y-%m-%d %H:%M} UTC")
    print_written(files)


def require_apart_from_polls(folder: Path, settings: "Settings") -> None:
    """Raises UsageError where a report would take the place of a folder in which polls keep what they write.

    What a poll made there while the folders change places would be lost, as new tokens, or the log of a database.
    """
    from webexhist.store.engine import engine_for, file_of

    file = file_of(engine_for(settings.database))
    for kept in (settings.state_dir, *([file.parent] if file else [])):
        place = kept.resolve()
        if any(is_same(each, folder) for each in (place, *place.parents)):
            raise UsageError(
                f"{folder} is where polls keep what they write ({kept})", "name another folder with --out"
            )


def is_same(one: Path, other: Path) -> bool:
    """Whether two names are of one folder; of one that is not there, or that this user may not see, they are not."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def asked_months(month: str | None, against: str | None) -> "tuple[Month | None, Month | None]":
    """The month that is asked for (None: all, or the last one), and the one that it is compared with.

    Raises UsageError for what is no month, and for two that cannot be compared.
    """
    from webexhist.months import Month

    asked_for = None if month in (None, EVERY_MONTH) else Month.parse(month)
    other = None if against is None else Month.parse(against)
    if other and month == EVERY_MONTH:
        raise UsageError("--against is another month than one, not than all", "name one with --month too")
    if other and other == asked_for:
        raise UsageError(f"{other} cannot be held against itself", "name another month with --against")
    return asked_for, other


def print_written(files: "ReportFiles") -> None:
    """Prints the warnings, then the months, how many files there are, and which to open."""
    for warning in files.warnings:
        print_warning(warning)
    named = str(files.months[0]) if len(files.months) == 1 else f"{files.months[0]} to {files.months[-1]}"
    print_line(f"{named}: {quantity(len(files.files), 'file')}, begin with {files.index.absolute()}")


def track(items: Iterable[T], what: str, total: int, /) -> Iterable[T]:
    """The items, with a bar on stderr when that is a terminal and there is more than one."""
    from rich.console import Console
    from rich.progress import track as with_bar

    console = Console(stderr=True)
    if total == 1 or not console.is_terminal:
        return items  # a bar that is not shown starts a thread all the same
    return with_bar(items, what, total=total, console=console)
