"""The command line's one typer application; each command module beside this one adds its own."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="webexhist",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Configuration file (INI).", show_default=False)]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help="Snapshot database: a path or an SQLAlchemy URL.", show_default=False),
]
MaxAgeOption = Annotated[
    int,
    typer.Option("--max-age", metavar="SECONDS", min=1, max=31_536_000, help="From when on a snapshot is too old."),
]
MAX_AGE_SECONDS = 900
"""So that two polls in a row may fail, at one every five minutes."""


@app.callback()
def webexhist() -> None:
    """History and trend reports for Cisco Webex licensing."""
