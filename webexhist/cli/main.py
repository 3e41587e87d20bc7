"""The entry point: every command, and the one place where errors become a line and an exit code."""

import atexit
import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from io import TextIOWrapper
from pkgutil import iter_modules

import typer

from webexhist.cli import commands
from webexhist.cli.app import app
from webexhist.cli.ends import BENEATH, end_with, print_failure
from webexhist.cli.left_empty import require_no_empty_option
from webexhist.cli.output import print_warning
from webexhist.errors import StoppedError, UsageError, WebexhistError

COMMANDS = {module.name.rstrip("_"): module.name for module in iter_modules(commands.__path__)}
"""Each is a module in `commands`, which registers the command of its name when it is imported.

A word that Python keeps for itself has a line after it.
"""

NEW_VALUES = 10_000
"""After so many the program looks for garbage: of reviews it makes hundreds of thousands that are none."""
FAILED, WRONG_USAGE = 1, 2
UNKNOWN = 3
"""In the language of monitors, which `check` speaks: whatever keeps it from its answer."""
COMPLETION = "_WEBEXHIST_COMPLETE"
"""The variable by which a shell asks what a command line could go on with; typer names it."""
OF_THE_PROGRAM = frozenset({"--version", "-h", "--help", "--install-completion", "--show-completion"})
"""Options that need no command."""
WITH_A_PATH = frozenset({"--config", "--database"})
"""Options whose value may be called like a command."""


def main() -> None:
    """Runs the command line. Exits 0 when done, 1 when failed, 2 on wrong usage; `check` as monitors want it."""
    gc.set_threshold(NEW_VALUES)
    atexit.register(gc.freeze)  # to search all modules for garbage takes a tenth of a second, and all of it ends now
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # for terminals that do not know every character
    arguments = command_first(sys.argv[1:])
    try:
        sys.exit(explained_run(arguments))
    except BENEATH as error:
        end_with(error, arguments, code_of(FAILED, arguments))


def explained_run(arguments: Sequence[str]) -> int:
    """Runs the command, and says what is wrong where it fails; returns the exit code."""
    try:
        return run(arguments)
    except typer.TyperException as error:
        if is_help(error):
            with suppress(OSError):
                typer.echo(error.format_message(), err=True)
        else:
            explained = UsageError(usage_of(error))
            print_warning(str(explained))
            print_failure(explained, arguments)
        return code_of(error.exit_code, arguments)
    except typer.Abort:
        print_warning("stopped: nothing was entered")
        return FAILED
    except KeyboardInterrupt:  # while the command is put together; when it runs, typer hears it
        return StoppedError(signal.SIGINT).code
    except WebexhistError as error:
        print_warning(str(error))
        print_failure(error, arguments)
        return code_of(failure_of(error), arguments)


def failure_of(error: WebexhistError) -> int:
    """The exit code of an error."""
    if isinstance(error, StoppedError):
        return error.code
    return WRONG_USAGE if isinstance(error, UsageError) else FAILED


def code_of(failure: int, arguments: Sequence[str]) -> int:
    """The exit code of a failure; for monitors what is wrong is unknown, however the command line was meant."""
    of_another = [argument for argument in arguments[:1] if argument in COMMANDS and argument != "check"]
    return UNKNOWN if failure and "check" in arguments and not of_another else failure


def run(arguments: Sequence[str]) -> int:
    """Runs the command, and makes sure that what it printed is out; returns the exit code that it asks for."""
    require_text(arguments)
    require_no_empty_option(arguments)
    require_words_to_complete()
    register_commands(arguments)
    with flushed_output(), heard_interrupts():
        return app(arguments, standalone_mode=False) or 0


@contextmanager
def flushed_output() -> Iterator[None]:
    """Makes sure that what was printed is out; where the command failed, that is what is told, and not this too."""
    has_failed = True
    try:
        yield
        has_failed = False
    finally:
        try:
            if sys.stdout:
                sys.stdout.flush()
        except OSError:
            if not has_failed:
                raise
            sys.stdout = None  # nothing more is written there


@contextmanager
def heard_interrupts() -> Iterator[None]:
    """Lets a command put away what it began where Ctrl-C would end the process at once; it then exits 130."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def command_first(arguments: Sequence[str]) -> list[str]:
    """Returns the arguments with the options that stand before the command behind it, where it understands them."""
    place = 0
    while place < len(arguments) and arguments[place] not in COMMANDS:
        if arguments[place] in OF_THE_PROGRAM or not (place or arguments[place].startswith("-")):
            return list(arguments)
        place += 2 if arguments[place] in WITH_A_PATH else 1
    options, command = list(arguments[:place]), list(arguments[place:])
    end = command.index("--") if "--" in command else len(command)
    return command[:end] + options + command[end:]


def require_text(arguments: Sequence[str]) -> None:
    """Raises `UsageError` where an argument holds bytes that are no text: no name, database or JSON could hold it."""
    for argument in arguments:
        try:
            argument.encode()
        except UnicodeEncodeError as error:
            raise UsageError(
                f"{argument!r} is not written in the terminal's encoding", "write it anew, or rename the file"
            ) from error


def require_words_to_complete() -> None:
    """Raises `UsageError` where bash's completion is asked for without what bash hands over with it."""
    handed_over = "COMP_WORDS" in os.environ and os.environ.get("COMP_CWORD", "").isdecimal()
    if os.environ.get(COMPLETION) == "complete_bash" and not handed_over:
        raise UsageError(
            f"{COMPLETION} is set, but COMP_WORDS and COMP_CWORD are not, which bash sets with it",
            "unset it, or let webexhist --install-completion set completion up",
        )


def register_commands(arguments: Sequence[str]) -> None:
    """The command that is asked for, or all of them: putting all together takes longer than a poll's own imports."""
    asked_for = [argument for argument in arguments[:1] if argument in COMMANDS]
    for name in asked_for or COMMANDS:
        import_module(f"webexhist.cli.commands.{COMMANDS[name]}")


def is_help(error: typer.TyperException) -> bool:
    """Whether a group of commands was called without any, so that the error is its help; typer keeps the class."""
    return type(error).__name__ == "NoArgsIsHelpError"


def usage_of(error: typer.TyperException) -> str:
    """What is wrong with the arguments, and where the right ones are explained."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "webexhist"
    return f"{error.format_message().rstrip('.')}: see {command} --help"
