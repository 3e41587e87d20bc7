"""`webexhist config check|show|init`: what the settings are, where each comes from, and what is wrong with them."""

import os
import shlex
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from webexhist.cli.app import OPERATE, ConfigOption, app
from webexhist.cli.output import Cell, CsvOption, JsonOption, print_csv, print_json, print_line, print_table
from webexhist.cli.readable_help import Commands
from webexhist.config import SETTINGS, Given, Settings, given_settings, settings_of
from webexhist.config_file import FILE_NAME, SECTION, find_config_file
from webexhist.errors import ConfigError
from webexhist.redact import shown_address

commands = Commands(
    help="Show, check or begin the configuration.\n\nExample: webexhist config init",
    no_args_is_help=True,
)
app.add_typer(commands, name="config", rich_help_panel=OPERATE)

TO_FILL_IN = ("access_token", "refresh_token", "client_id", "client_secret")
"""What a configuration needs before anything can be polled; `webexhist login` gives the first two."""

ON_OR_OFF = ("off", "on")


@commands.command()
def show(as_json: JsonOption = False, as_csv: CsvOption = False, config: ConfigOption = None) -> None:
    """Show every setting with its value and where that comes from. Secrets are not shown.

    Example: webexhist config show --config webexhist.cfg
    """
    given = given_settings({}, config)
    rows = list(rows_of(settings_of(given), given))
    if as_json:
        print_json(rows)
    elif as_csv:
        print_csv(rows)
    else:
        print_table(rows, "")


def rows_of(settings: Settings, given: Given) -> Iterator[Mapping[str, Cell]]:
    """A row a setting: its value, and where that comes from. Secrets are shown as set or not."""
    for key, row in SETTINGS.items():
        value = getattr(settings, key)
        is_given = bool(given.texts.get(key, "").strip())
        shown = ("set" if value else None) if row.is_secret else in_words(value, row.default)
        yield {"setting": key, "value": shown, "from": given.sources[key] if is_given else "default"}


def in_words(value: Any, default: str) -> str | None:
    """The value of a setting as it would be written, in the words of its default; None where it is empty."""
    if isinstance(value, bool) and default in ON_OR_OFF:
        return ON_OR_OFF[value]
    if isinstance(value, tuple):
        return ",".join(value) or None
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{amount:g}" for key, amount in value.items()) or None
    return f"{value:g}" if isinstance(value, float) else shown_address(str(value)) or None


@commands.command()
def check(config: ConfigOption = None) -> None:
    """Say what is wrong with the settings; exit 1 when something is. Nothing is asked or changed.

    Example: webexhist config check --config webexhist.cfg
    """
    given = given_settings({}, config)
    settings_of(given)
    problems = [*given.passed_over, *given.unknown, *readable_by_others(given.file)]
    for problem in problems:
        print_line(problem)
    if problems:
        raise typer.Exit(1)
    where = str(given.file) if given.file else "no configuration file; the environment and defaults"
    print_line(f"Nothing is wrong with the settings ({where}).")


def readable_by_others(file: Path | None) -> Iterator[str]:
    """A warning where others than the owner may read the configuration file."""
    if file and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield f"{file} may be read by others, and it is where secrets stand: chmod 600 {file}"


@commands.command()
def init(
    out: Annotated[Path, typer.Option(metavar="FILE", help="The file to write.")] = Path(FILE_NAME),
) -> None:
    """Write a configuration file with every setting and its meaning, for this user's eyes.

    Example: webexhist config init --out webexhist.cfg
    """
    from webexhist.state.private_files import write_new

    try:
        write_new(out, new_configuration().encode())
    except FileExistsError as error:
        raise ConfigError(f"{out} is there already", "choose another name with --out") from error
    except OSError as error:
        raise ConfigError(f"cannot write {out} ({error.strerror})", "choose another place with --out") from error
    found = find_config_file(None, os.environ).path
    named = "" if found and found.absolute() == out.absolute() else f" --config {shlex.quote(str(out))}"
    print_line(f"{out.absolute()} is written: fill in client_id and client_secret, then run webexhist login{named}.")


def new_configuration() -> str:
    """Returns the text of a configuration file in which everything still has its default."""
    lines = [f"[{SECTION}]"]
    for key, row in SETTINGS.items():
        lines += [f"# {row.meaning}", f"{key} =" if key in TO_FILL_IN else f"#{key} ="]
    return "\n".join(lines) + "\n"
