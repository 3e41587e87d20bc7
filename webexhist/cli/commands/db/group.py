"""The group that the commands of this folder belong to, and what they share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from webexhist.cli.app import DATA, app
from webexhist.cli.readable_help import Commands

commands = Commands(help="Back up, check and mend the history.", no_args_is_help=True)
app.add_typer(commands, name="db", rich_help_panel=DATA)

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def to_the_minute(moment: datetime) -> str:
    """A moment as the commands print it."""
    return f"{moment:%Y-%m-%d %H:%M}"
