"""docs/commands.md and the man page, out of the help of the commands; run as a program it writes them anew."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from webexhist import __version__
from webexhist.cli.app import app
from webexhist.cli.main import register_commands

ROOT = Path(__file__).parents[2]
EXAMPLE = "Example: "
DATE = "2026-11-26"
"""Of the man page, which has to bear one: the day of its last change that is more than an option."""


@dataclass(frozen=True)
class Command:
    """What the help says of a command."""

    words: str
    """As it is typed: `webexhist note add`."""
    group: str
    usage: str
    paragraphs: tuple[str, ...]
    example: str
    options: tuple[tuple[str, str], ...]
    """Names of options and arguments, and what each is for."""


def every_command() -> Iterator[Command]:
    """Every command in the order of the help."""
    register_commands(())
    program = typer.main.get_command(app)
    above = typer.Context(program, info_name="webexhist")
    for name in program.list_commands(above):
        yield from commands_in(program.commands[name], name, above, program.commands[name].rich_help_panel)


def commands_in(command: Any, name: str, above: typer.Context, group: str) -> Iterator[Command]:
    """The command, or those that are called by its name and another one."""
    context = typer.Context(command, info_name=name, parent=above)
    inner_names = command.list_commands(context) if hasattr(command, "commands") else ()
    if not inner_names or command.invoke_without_command:
        yield described(command, context, group)
    for inner in inner_names:
        yield from commands_in(command.commands[inner], inner, context, group)


def described(command: Any, context: typer.Context, group: str) -> Command:
    """A command that is called by its own name."""
    *paragraphs, last = (" ".join(paragraph.split()) for paragraph in command.help.split("\n\n"))
    records = [parameter.get_help_record(context) for parameter in command.params]
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    return Command(
        context.command_path,
        group,
        " ".join((context.command_path, "[OPTIONS]", *map(in_usage, arguments))),
        tuple(paragraphs),
        last.removeprefix(EXAMPLE),
        tuple(
            (name_of(parameter), meaning_of(parameter, record[1]))
            for parameter, record in zip(command.params, records, strict=True)
            if record
        ),
    )


def meaning_of(parameter: Any, shown: str) -> str:
    """What an option is for, and its default where the help shows one."""
    default = re.search(r"\[default: ([^;\]]*)", shown)
    words = " ".join((parameter.help or "").split())
    if default:
        return f"{words} Default: {default[1]}."
    return f"{words} Required." if parameter.required and parameter.param_type_name == "option" else words


def in_usage(argument: Any) -> str:
    """An argument as the usage shows it."""
    return name_of(argument) if argument.required else f"[{name_of(argument)}]"


def name_of(parameter: Any) -> str:
    """An option or argument as it is typed."""
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper())
    names = ", ".join((*parameter.opts, *parameter.secondary_opts))
    choices = "|".join(getattr(parameter.type, "choices", ()))
    return (
        names if parameter.is_flag else f"{names} {parameter.metavar or choices or parameter.name.strip('_').upper()}"
    )


def markdown() -> str:
    """The page of the documentation."""
    opening = "Every command with its options, as its help shows them. Options may stand before or after it."
    lines = ["# Commands", "", opening, ""]
    group = None
    for command in every_command():
        if command.group != group:
            group = command.group
            lines += [f"## {group}", ""]
        lines += [f"### {command.words}", "", *(line for text in command.paragraphs for line in (text, ""))]
        lines += ["```sh", command.example, "```", ""]
        if command.options:
            lines += ["| option | what it does |", "|---|---|"]
            lines += [f"| {code_in_a_cell(name)} | {in_a_cell(meaning)} |" for name, meaning in command.options]
            lines.append("")
    return "\n".join(lines)


def code_in_a_cell(text: str) -> str:
    """What is typed: in backticks some read a bar as the end of the cell, others a backslash before it as typed."""
    return f"<code>{text.replace('<', '&lt;').replace('|', '&#124;')}</code>" if "|" in text else f"`{text}`"


def in_a_cell(text: str) -> str:
    """A text in which nothing is read as a tag or as the end of a cell."""
    return text.replace("<", "&lt;").replace("|", "\\|")


def manual() -> str:
    """The man page."""
    lines = [
        f'.TH WEBEXHIST 1 {DATE} "webexhist {__version__}" "User Commands"',
        ".SH NAME",
        "webexhist \\- history and trend reports for Cisco Webex licensing",
        ".SH SYNOPSIS",
        ".B webexhist",
        "[\\-\\-version] [\\-h] COMMAND [OPTIONS] [ARGUMENTS]",
    ]
    group = None
    for command in every_command():
        if command.group != group:
            group = command.group
            lines.append(f".SH {group.upper()}")
        lines.append(f'.SS "{roff(command.usage)}"')
        # A heading is followed by its first paragraph without a macro of its own.
        lines += [line for text in command.paragraphs for line in (".PP", roff(text))][1:]
        for name, meaning in command.options:
            lines += [".TP", f".B {roff(name)}", roff(meaning) or "\\&"]
        lines += [".PP", "Example:", ".B " + roff(command.example)]
    lines += [
        ".SH EXIT STATUS",
        ".TP",
        ".B 0",
        "done",
        ".TP",
        ".B 1",
        "failed; one line on standard error says what, why, and what to do next",
        ".TP",
        ".B 2",
        "wrong usage",
        ".PP",
        "check speaks the language of monitors instead: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
        ".SH FILES",
        ".TP",
        ".I ./webexhist.cfg",
        "where it is yours alone, else ~/.config/webexhist/webexhist.cfg or /etc/xdg/webexhist/webexhist.cfg",
        ".TP",
        ".I /var/lib/webexhist",
        "tokens, logs and database of root, else ~/.local/share/webexhist",
        ".SH ENVIRONMENT",
        "Every setting is a variable WEBEXHIST_<KEY> too; WEBEXHIST_CONFIG names the configuration file.",
    ]
    return "\n".join(lines) + "\n"


def roff(text: str) -> str:
    """A text in which nothing is read as a request or as a hyphen.

    Three dots for one sign: man recodes a page that is not ASCII in pieces, and was seen to break a line between two.
    """
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = escaped.replace("…", "...")
    return f"\\&{escaped}" if escaped[:1] in (".", "'") else escaped


PAGES = {ROOT / "docs" / "commands.md": markdown, ROOT / "docs" / "webexhist.1": manual}

if __name__ == "__main__":
    for page, make in PAGES.items():
        page.write_text(make())
