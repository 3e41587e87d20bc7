"""The group that the commands of this folder belong to, and what they share."""

from datetime import datetime

from webexhist.cli.app import DATA, app
from webexhist.cli.readable_help import Commands

commands = Commands(
    help="Back up, check and mend the history.\n\nExample: webexhist db check",
    no_args_is_help=True,
)
app.add_typer(commands, name="db", rich_help_panel=DATA)


def to_the_minute(moment: datetime) -> str:
    """A moment as the commands print it."""
    return f"{moment:%Y-%m-%d %H:%M}"
