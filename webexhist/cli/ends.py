"""How a run ends that failed before or beneath its command: one line, and for a poll its document all the same.

Nothing is imported here that could be what fails.
"""

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from errno import ENOENT
from pathlib import Path
from typing import NoReturn

from webexhist.agent.failure import failure_document
from webexhist.errors import WebexhistError
from webexhist.shortages import what_helps

BENEATH = (OSError, ImportError, SyntaxError, MemoryError, SystemError)
"""What the system and the interpreter raise: a disk, a broken installation, no memory; the last is how parts of the
interpreter say that they had none."""
RESERVE = [bytes(2 * 1024 * 1024)]
"""What an end without memory has left for its words: two of the pieces in which the interpreter takes it. Nothing is
ever written there, so that until then it takes addresses and no memory."""


def end_with(error: Exception, arguments: Sequence[str], code: int = 1) -> NoReturn:
    """Says what is wrong and exits; says nothing where nobody wants to read any more."""
    RESERVE.clear()
    let_go(error)
    if not isinstance(error, BrokenPipeError):
        explained = explanation(error)
        if sys.stderr:  # print() takes none for the standard output, where a document belongs alone
            with suppress(OSError):
                print(f"webexhist: {explained}", file=sys.stderr)
        print_failure(explained, arguments)
    sys.stdout = None  # what is left to be written there would end in the interpreter's own complaint
    sys.exit(code)


def let_go(error: BaseException | None) -> None:
    """Frees what the functions still hold in which an error came up, and those that it came from."""
    while error:
        error.__traceback__ = None
        error = error.__context__


def print_failure(error: WebexhistError, arguments: Sequence[str]) -> None:
    """The document of a poll that got no further, the line of a check; nothing for other commands."""
    command = next((argument for argument in arguments if not argument.startswith("-")), "")
    if not sys.stdout or {"--quiet", "--help", "-h"} & set(arguments):
        return
    printed = ""
    if list(arguments[:1]) == ["poll"]:
        printed = json.dumps(failure_document(error))
    elif command == "check" and "--json" not in arguments:
        # A monitor shows what stands on standard output; what follows a | is drawn.
        printed = f"WEBEXHIST UNKNOWN - {error}.".replace("|", "/")
    try:
        print(printed, end="\n" if printed else "", flush=True)
    except OSError:
        sys.stdout = None  # as above


def explanation(error: Exception) -> WebexhistError:
    """The error in words."""
    if isinstance(error, OSError) and error.errno == ENOENT and not error.filename and is_nowhere():
        return WebexhistError("the current folder is gone", "change into another one")
    if isinstance(error, OSError):
        problem = f"cannot read or write {error.filename or 'the output'} ({error.strerror or error})"
        hint = "name another place, or see that this user may use it" if error.filename else ""
        return WebexhistError(problem, what_helps(error, hint))
    if isinstance(error, ImportError | SyntaxError):
        return WebexhistError(
            f"a part of webexhist cannot be loaded ({error})",
            "install webexhist again, where there is memory for it and files may be opened and run",
        )
    return WebexhistError("there is not enough memory", "free memory, or set fewer workers")


def is_nowhere() -> bool:
    """Whether the current folder is gone."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False
