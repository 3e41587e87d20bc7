"""The command line's one typer application; each command module beside this one adds its own."""

from collections.abc import Callable, Iterable
from inspect import Parameter, signature
from pathlib import Path
from platform import python_version
from typing import Annotated, Any, TypeVar

import typer

from webexhist import __version__
from webexhist.cli.output import print_line
from webexhist.cli.readable_help import Commands, ReadableGroup
from webexhist.config import SETTINGS

Command = TypeVar("Command", bound=Callable[..., Any])

COLLECT, REVIEW, TELL, DATA, OPERATE = GROUPS = ("Collect", "Review", "Tell", "Data", "Operate")
"""The groups of the help, in its order; each command names one."""


class CommandsByGroup(ReadableGroup):
    """Lists the commands by their group, and by name within it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the names in the order in which the help shows them."""
        return sorted(self.commands, key=lambda name: (self.place_of_group(name), name))

    def place_of_group(self, name: str) -> int:
        """Returns the place of a command's group; a command that names none stands behind all."""
        group = getattr(self.commands[name], "rich_help_panel", None)
        return GROUPS.index(group) if group in GROUPS else len(GROUPS)


app = Commands(
    name="webexhist",
    cls=CommandsByGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
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
OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DATE|TIME",
        help="What stands for now: a day's end there, or a time of UTC.",
        show_default=False,
    ),
]
OrgOption = Annotated[
    str | None,
    typer.Option("--org", metavar="ORG", help="Only that organization: a name or id [all].", show_default=False),
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


def print_version(asked_for: bool) -> None:
    """Prints the version, with what else matters to whoever hears of a fault."""
    if asked_for:
        from webexhist.store.schema import REVISION

        print_line(f"webexhist {__version__}, database schema {REVISION}, Python {python_version()}")
        raise typer.Exit


@app.callback()
def webexhist(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """History and trend reports for Cisco Webex licensing.

    Options may stand before or after the command.

    Example: webexhist demo
    """
