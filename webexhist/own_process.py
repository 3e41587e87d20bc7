"""How this program starts a part of itself in a process of its own."""

import sys


def of_module(module: str, *words: str) -> list[str]:
    """A module of the program as a command, by this interpreter, isolated where this process is.

    Never what lies in the current folder.
    """
    isolated = "-I" if sys.flags.isolated else "-P"
    return [sys.executable, isolated, "-m", module, *words]
