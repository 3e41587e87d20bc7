"""Where the program starts: it loads what it consists of and runs it. What keeps it from that is one line too."""

import os
import signal
import sys

from webexhist.cli.ends import BENEATH, end_with

OF_OTHERS = 0o077


def start() -> None:
    """Runs the command line. Until its command runs, Ctrl-C ends it as the system does, without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started it wants none heard
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    keep_own_rights()
    try:
        from webexhist.cli.main import main
    except BENEATH as failure:
        end_with(failure, sys.argv[1:])
    main()


def keep_own_rights() -> None:
    """A umask says what others may not; what it kept from this user too, who makes the files, nobody could use."""
    os.umask(os.umask(OF_OTHERS) & OF_OTHERS)
