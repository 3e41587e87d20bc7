"""The entry point: every command, and the one place where errors become a line and an exit code."""

import sys
from importlib import import_module
from io import TextIOWrapper
from pkgutil import iter_modules

from webexhist.cli import commands
from webexhist.cli.app import app
from webexhist.errors import UsageError, WebexhistError

COMMANDS = tuple(module.name for module in iter_modules(commands.__path__))
"""Each is a module in `commands`, which registers the command of its name when it is imported."""


def main() -> None:
    """Runs the command line. Exits 0 when done, 1 when failed, 2 on wrong usage."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for terminals that do not know every character
    try:
        run()
    except UsageError as error:
        print(f"webexhist: {error}", file=sys.stderr)
        sys.exit(2)
    except WebexhistError as error:
        print(f"webexhist: {error}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if not isinstance(error, BrokenPipeError):  # nobody wants to read any more
            place = error.filename or "the output"
            print(f"webexhist: cannot read or write {place} ({error.strerror})", file=sys.stderr)
        sys.stdout = None  # what is left to be written there would end in the interpreter's own complaint
        sys.exit(1)


def run() -> None:
    """Runs the command, and makes sure that what it printed is out."""
    register_commands(sys.argv[1:])
    try:
        app()
    finally:
        if sys.stdout:
            sys.stdout.flush()


def register_commands(arguments: list[str]) -> None:
    """The command that is asked for, or all of them: putting all together takes longer than a poll's own imports."""
    asked_for = [argument for argument in arguments[:1] if argument in COMMANDS]
    for name in asked_for or COMMANDS:
        import_module(f"webexhist.cli.commands.{name}")
