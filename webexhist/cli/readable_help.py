"""The help of every command: readable at 40 columns as at 200, with every word of it.

A table of options cuts their names, or what they are for, wherever a terminal is narrower than its columns. Here a
name that is longer than its column has a line of its own.
"""

import re
import shutil
import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from webexhist.cli.prose import options_first

Record = tuple[str, str]
"""A name, and what it is for."""

WIDEST = 100
"""Columns of a line of words: longer ones are hard to read."""
NARROW = 60
"""Columns up to which every name has a line of its own."""
LONGEST_NAME = 26
"""Of those that stand beside what they are for."""
MARGIN = 2
KIND = re.compile(r"<([^<>]+)>")
KINDS = {"str": "TEXT", "int": "NUMBER", "float": "NUMBER", "int range": "NUMBER", "float range": "NUMBER"}
"""What typer calls what an option takes, and what a manual calls it."""
BOUND = r"[^;\[\]]*x[<>]=?[^;\[\]]*"
BOUNDS = re.compile(rf"; {BOUND}(?=\])|(?<=\[){BOUND}; | ?\[{BOUND}\]")
EXAMPLE = "Example: "


class ReadableCommand(TyperCommand):
    """A command whose help is written here, and whose arguments may begin with a dash where they are sentences."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Takes no such argument for an option."""
        options = [each for each in self.get_params(ctx) if isinstance(each, TyperOption)]
        with_value = {name for each in options if not each.is_flag for name in each.opts}
        return super().parse_args(ctx, options_first(args, with_value))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the help."""
        formatter.write(help_text(self, ctx))


class ReadableGroup(TyperGroup):
    """A group of commands, likewise."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Writes the help."""
        formatter.write(help_text(self, ctx))


class Commands(typer.Typer):
    """Commands that belong together, all of them with a readable help."""

    def __init__(self, *, cls: type[TyperGroup] = ReadableGroup, **options: Any) -> None:
        super().__init__(cls=cls, **options)

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = ReadableCommand, **options: Any
    ) -> Callable[[Any], Any]:
        """As typer's."""
        return super().command(name, cls=cls, **options)


def help_text(command: Any, context: Any) -> str:
    """The help of a command, in lines no longer than the terminal's."""
    width = min(WIDEST, shutil.get_terminal_size().columns - 1)
    return "\n".join(lines_of(command, context, width)) + "\n"


def lines_of(command: Any, context: Any, width: int) -> Iterator[str]:
    """Yields usage, purpose and example, then arguments, options and the commands by their groups."""
    usage = " ".join(command.collect_usage_pieces(context))
    yield from wrapped(f"Usage: {context.command_path} {usage}", width, hanging="  ")
    for paragraph in (command.help or "").split("\n\n"):
        yield ""
        if paragraph.startswith(EXAMPLE):  # on a line of its own, whatever its length: it is there to be copied
            yield from (EXAMPLE.strip(), f"{MARGIN * ' '}{' '.join(paragraph.removeprefix(EXAMPLE).split())}")
        else:
            yield from wrapped(paragraph, width)
    for title, records in sections(command, context):
        yield ""
        yield f"{title}:"
        yield from listed(records, width)


def sections(command: Any, context: Any) -> Iterator[tuple[str, list[Record]]]:
    """Yields the lists below the words, with their titles."""
    parameters = command.get_params(context)
    for title, kind in (("Arguments", "argument"), ("Options", "option")):
        records = [each.get_help_record(context) for each in parameters if each.param_type_name == kind]
        if shown := [as_in_manuals(record) for record in records if record]:
            yield title, shown
    if isinstance(command, TyperGroup):
        inner = [command.commands[name] for name in command.list_commands(context)]
        for group, commands in groupby(inner, key=lambda each: getattr(each, "rich_help_panel", None)):
            named = isinstance(group, str)
            yield str(group) if named else "Commands", [(each.name or "", purpose(each)) for each in commands]


def as_in_manuals(record: Record) -> Record:
    """A parameter with the kind of its value in capitals, and without the bounds of a number."""
    name, words = record
    return KIND.sub(lambda kind: kind_in_words(kind[1]), name), BOUNDS.sub("", words)


def kind_in_words(kind: str) -> str:
    """The kind of a value as manuals call it; values to choose from as they are typed."""
    return kind if "|" in kind else KINDS.get(kind, kind.upper())


def purpose(command: Any) -> str:
    """The first paragraph of a command's help."""
    return str(command.help or "").partition("\n\n")[0]


def listed(records: Iterable[Record], width: int) -> Iterator[str]:
    """Yields names with what they are for beside them, or below those that are too long."""
    rows = list(records)
    column = max((len(name) for name, _ in rows if len(name) <= LONGEST_NAME), default=LONGEST_NAME) + 2 * MARGIN
    for name, words in rows:
        if width < NARROW or len(name) > column - 2 * MARGIN:
            yield from wrapped(name, width, MARGIN * " ", 2 * MARGIN * " ")
            indent = (3 * MARGIN if width < NARROW else column) * " "
            yield from wrapped(words, width, indent, indent)
        else:
            yield from wrapped(words, width, f"{MARGIN * ' '}{name}".ljust(column), column * " ")


def wrapped(words: str, width: int, first: str = "", hanging: str = "") -> list[str]:
    """Lines of words; a word that is longer than a line goes on in the next one."""
    text = " ".join(words.split())
    if not text:
        return [first.rstrip()] if first.strip() else []
    return textwrap.wrap(
        text, max(width, 20), initial_indent=first, subsequent_indent=hanging, break_on_hyphens=False
    )
