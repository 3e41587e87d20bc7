"""`webexhist backfill messages`: counts what was before the first poll."""

from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import COLLECT, ConfigOption, DatabaseOption, app
from webexhist.cli.output import print_line
from webexhist.cli.readable_help import Commands
from webexhist.cli.settings import load_settings

backfill = Commands(
    help="Count what was before the first poll.\n\nExample: webexhist backfill messages",
    no_args_is_help=True,
)
app.add_typer(backfill, name="backfill", rich_help_panel=COLLECT)


@backfill.callback()
def group() -> None:
    """Count what was before the first poll."""


@backfill.command()
def messages(
    days: Annotated[int, typer.Option(min=1, max=89, help="Days of events to count.")] = 89,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Count the messages of the past: thirteen months where analytics is permitted, else the events of some days.

    May be interrupted at any time; the same command goes on where it stopped.

    Example: webexhist backfill messages --days 30
    """
    from rich.console import Console
    from rich.progress import Progress as ProgressBar

    from webexhist.backfill import backfill_messages

    settings = load_settings({"database": database}, config)
    console = Console(stderr=True)
    with ProgressBar(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("Counting the past", total=None)
        for progress in backfill_messages(settings, clock.now, days):
            bar.update(task, description=f"Days by {progress.source}", completed=progress.done, total=progress.days)
    print_line(f"{progress.done} of {progress.days} days counted by {progress.source}.")
