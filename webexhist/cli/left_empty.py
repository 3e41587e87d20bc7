"""Options that hold no word: what is left empty, as by a variable that is not set, is not what is left out."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from webexhist.cli.prose import is_prose
from webexhist.config import SETTINGS
from webexhist.errors import UsageError

POLL = "poll"


def require_no_empty_option(arguments: Sequence[str]) -> None:
    """Raises `UsageError` where an option has an empty value.

    The settings of a poll may: the monitor's agent hands over what its own configuration leaves empty.
    """
    for name in options_left_empty(arguments):
        if arguments[0] == POLL and name.removeprefix("--").replace("-", "_") in SETTINGS:
            continue
        raise UsageError(f"{name} is empty", "leave it out, or see that the variable in its place is set")


def options_left_empty(arguments: Sequence[str]) -> Iterator[str]:
    """Yields the names of the options with an empty value, as they are typed."""
    for argument, following in pairwise([*arguments, "."]):
        name, is_given, value = argument.partition("=")
        is_option = argument.startswith("--") and not is_prose(argument)
        if is_option and not (value if is_given else following).strip():
            yield name
