"""Where the program starts: it loads what it consists of and runs it. What keeps it from that is one line too."""

import signal
import sys

from webexhist.cli.ends import BENEATH, end_with


def start() -> None:
    """Runs the command line. Until its command runs, Ctrl-C ends it as the system does, without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else whoever started it wants none heard
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from webexhist.cli.main import main
    except BENEATH as failure:
        end_with(failure, sys.argv[1:])
    main()
