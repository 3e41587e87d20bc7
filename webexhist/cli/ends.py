"""How a run ends that failed before or beneath its command: one line, and for a poll its document all the same.

Nothing is imported here that could be what fails.
"""

import json
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from errno import EAGAIN, EMFILE, ENFILE, ENOENT, ENOMEM
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import NoReturn

from webexhist.agent.failure import failure_document
from webexhist.errors import WebexhistError, remarks_on
from webexhist.shortages import MORE_THREADS, what_helps

BENEATH = (OSError, ImportError, SyntaxError, MemoryError, SystemError)
"""What the system and the interpreter raise: a disk, a broken installation, no memory; the last is how parts of the
interpreter say that they had none."""
RESERVE = [bytes(2 * 1024 * 1024)]
"""What an end without memory has left for its words: two of the pieces in which the interpreter takes it. Nothing is
ever written there, so that until then it takes addresses and no memory."""
OF_NO_FILE = (EAGAIN, EMFILE, ENFILE, ENOMEM)
"""What the system says where it has no process, no open file or no memory to give, whatever they would be for."""
PACKAGE = str(Path(__file__).parent.parent)
BEGAN = time.time()
"""When this program was loaded, by the clock that stamps its files."""


def end_with(error: Exception, arguments: Sequence[str], code: int = 1) -> NoReturn:
    """Says what is wrong and exits; says nothing where nobody wants to read any more."""
    RESERVE.clear()
    let_go(error)
    if not isinstance(error, BrokenPipeError):
        explained = explanation(error)
        for remark in remarks_on(error):
            explained.add_note(remark)
        if sys.stderr:  # print() takes none for the standard output, where a document belongs alone
            with suppress(OSError):
                print(f"webexhist: {explained}", file=sys.stderr)
        print_failure(explained, arguments)
    sys.exit(code)


def leave_what_cannot_be_written() -> None:
    """What is left to be written there would end in the interpreter's own complaint, and by a code of its own."""
    for stream in ("stdout", "stderr"):
        try:
            getattr(sys, stream).flush()
        except (OSError, AttributeError):  # there is none, perhaps in a wrapper of the library of the command line
            setattr(sys, stream, None)


def end_unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """For `sys.excepthook`: the end by an error that nobody foresaw; who reads documents gets one all the same.

    Parts of two versions may not fit together where one takes the other's place meanwhile: that is one line. All else
    is a fault of the program, and its traceback what has to be reported.
    """
    if not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    arguments = sys.argv[1:]
    last = next((step for step in reversed(extract_tb(trace)) if step.filename.startswith(PACKAGE)), None)
    place = f"{kind.__name__} in {Path(last.filename).name}, line {last.lineno}" if last else kind.__name__
    if has_changed():
        explained = not_of_one_version(place)
        with suppress(OSError):
            print(f"webexhist: {explained}", file=sys.stderr)
    else:
        explained = WebexhistError(f"webexhist has a fault ({place})", "report it with what it prints to stderr")
        sys.__excepthook__(kind, error, trace)
    print_failure(explained, arguments)
    sys.exit(failure_code(arguments))


def failure_code(arguments: Sequence[str]) -> int:
    """The exit code of a run that got to no other: for a check, in the language of monitors, its state is unknown."""
    return 3 if list(arguments[:1]) == ["check"] else 1


def has_changed() -> bool:
    """Whether a file of the program was put in its place, or taken away, since it was loaded."""
    loaded = [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "webexhist"]
    files = [file for module in loaded if (file := getattr(module, "__file__", None))]
    try:
        return any(Path(file).stat().st_ctime > BEGAN for file in files)
    except OSError:
        return True


def not_of_one_version(what: str) -> WebexhistError:
    return WebexhistError(f"webexhist was replaced while this ran, and its parts do not fit ({what})", "run it again")


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
        sys.stdout = None  # nothing more is written there


def explanation(error: Exception) -> WebexhistError:
    """The error in words."""
    if isinstance(error, OSError) and error.errno == ENOENT and not error.filename and is_nowhere():
        return WebexhistError("the current folder is gone", "change into another one")
    if isinstance(error, OSError) and error.errno in OF_NO_FILE and not error.filename:
        return WebexhistError(f"this cannot go on ({error.strerror})", what_helps(error, MORE_THREADS))
    if isinstance(error, OSError):
        problem = f"cannot read or write {error.filename or 'the output'} ({error.strerror or error})"
        hint = "name another place, or see that this user may use it" if error.filename else ""
        return WebexhistError(problem, what_helps(error, hint))
    if isinstance(error, ImportError | SyntaxError) and has_changed():
        return not_of_one_version(str(error))
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
