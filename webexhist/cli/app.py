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


@app.callback()
def webexhist() -> None:
    """History and trend reports for Cisco Webex licensing."""
