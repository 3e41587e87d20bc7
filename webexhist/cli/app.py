"""The command line's one typer application; each command module beside this one adds its own."""

from collections.abc import Callable, Iterable
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from webexhist.config import SETTINGS

Command = TypeVar("Command", bound=Callable[..., Any])

app = typer.Typer(
    name="webexhist",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Configuration file (INI).", show_default=False)]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", help=SETTINGS["database"].help, show_default=False),
]
MaxAgeOption = Annotated[
    int,
    typer.Option("--max-age", metavar="SECONDS", min=1, max=31_536_000, help="From when on a snapshot is too old."),
]
LARGEST_NUMBER = 2**63 - 1
"""The largest that a database holds."""
MAX_AGE_SECONDS = 900
"""So that two polls in a row may fail, at one every five minutes."""


def with_options(options: Iterable[Parameter]) -> Callable[[Command], Command]:
    """Gives a command further options, which reach it as keyword arguments: a table elsewhere lists them."""

    def decorated(command: Command) -> Command:
        whole = signature(command)
        own = [one for one in whole.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
        command.__signature__ = whole.replace(parameters=[*own, *options])  # type: ignore[attr-defined]
        return command

    return decorated


def option(name: str, kind: object, default: object) -> Parameter:
    """An option for `with_options`; its kind is annotated as typer wants it."""
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=kind)


@app.callback()
def webexhist() -> None:
    """History and trend reports for Cisco Webex licensing."""
