"""Where the program starts: it loads what it consists of and runs it. What keeps it from that is one line too."""

import atexit
import logging
import os
import signal
import sys
import warnings
from contextlib import suppress

from webexhist.cli.ends import BENEATH, end_unforeseen, end_with, failure_code, leave_what_cannot_be_written

OF_OTHERS = 0o077
LEAST_COLUMNS = 20
"""Of a line; what is to be said does not fit into fewer."""


def start() -> None:
    """Runs the command line. Until its command runs, Ctrl-C ends it as the system does, without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started it wants none heard
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    let_streams_wait()
    keep_libraries_quiet()
    keep_own_rights()
    keep_room_for_words()
    sys.excepthook = end_unforeseen
    atexit.register(leave_what_cannot_be_written)
    try:
        from webexhist.cli.main import main

        main()
    except BENEATH as failure:
        end_with(failure, sys.argv[1:], failure_code(sys.argv[1:]))


def let_streams_wait() -> None:
    """Where a reader or writer is slow, waits for it: Python drops what a stream that does not wait cannot take.

    Whoever shares the streams, and wanted them so, finds them at the end as they were.
    """
    for stream in (0, 1, 2):
        with suppress(OSError):  # it is closed
            if not os.get_blocking(stream):
                os.set_blocking(stream, True)
                atexit.register(os.set_blocking, stream, False)


def keep_libraries_quiet() -> None:
    """What libraries log or warn of, tracebacks too, is for programmers, who ask for it with python -W."""
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        sys.unraisablehook = None  # type: ignore[assignment]  # as Python documents it: nothing is said


def keep_own_rights() -> None:
    """A umask says what others may not; what it kept from this user too, who makes the files, nobody could use."""
    os.umask(os.umask(OF_OTHERS) & OF_OTHERS)


def keep_room_for_words() -> None:
    """A terminal that says that its lines have no room, or less than a word takes, gets lines all the same."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) < LEAST_COLUMNS:
        del os.environ["COLUMNS"]
        if int(columns):  # none at all says that nobody knows how many there are
            os.environ["COLUMNS"] = str(LEAST_COLUMNS)
