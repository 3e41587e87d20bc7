"""`webexhist demo`: the whole program at work on a simulated organization."""

from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from webexhist.cli import clock
from webexhist.cli.app import OPERATE, app
from webexhist.cli.output import print_json, print_line


@app.command(rich_help_panel=OPERATE)
def demo(
    out: Annotated[Path, typer.Option(help="Folder for database and report.")] = Path("webexhist-demo"),
    months: Annotated[int, typer.Option(min=1, max=13, help="How many months to poll.")] = 13,
    like: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Answer as the organization did of which webexhist probe wrote FILE."),
    ] = None,
    document: Annotated[
        bool, typer.Option("--document", help="Print the last poll's plugin document as well.")
    ] = False,
) -> None:
    """Poll a simulated organization over months of its story, and write its report.

    Nothing leaves this machine: the organization is served on loopback. All months take about fifteen seconds.

    Example: webexhist demo --out my-demo
    """
    from rich.console import Console
    from rich.progress import track

    from webexhist.agent.document import plugin_document
    from webexhist.demo import story
    from webexhist.demo.run import likeness_in, poll_likeness, poll_story
    from webexhist.report.writer import write_report
    from webexhist.store.opening.history import open_history

    started = monotonic()
    now = clock.now().replace(second=0, microsecond=0)
    polls = poll_likeness(out, months, now, likeness_in(like)) if like else poll_story(out, months, now)
    count = len(story.poll_times(months, now))
    console = Console(stderr=True)
    for last in track(
        polls, f"Polling {months} months", total=count, console=console, disable=not console.is_terminal
    ):
        stored = last
    database = out / "webexhist.db"
    with open_history(database) as history:
        report = write_report(history, out / "report", now=now)
    if document:
        print_json(plugin_document(stored))
        print_line()
    print_line(f"{count} polls and the report took {monotonic() - started:.0f} seconds.")
    print_line(f"Report of {report.months[0]}:  {report.index.absolute()}")
    print_line(f"Database:           {database.absolute()}")
