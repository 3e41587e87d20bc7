"""Arguments that begin like an option and are none: a query that begins with a comment, a note with a dash.

No name of an option holds a blank, and a shell hands over as one argument what somebody put in quotes.
"""

import re
from collections.abc import Collection, Sequence

_PROSE = re.compile(r"-[^\s=]*\s")
"""A blank or a new line before any "=": behind that may be a path with blanks."""
END_OF_OPTIONS = "--"


def options_first(arguments: Sequence[str], with_value: Collection[str]) -> list[str]:
    """The arguments, with all that are no options behind a `--` where one of them looks like one.

    `with_value` are the names of options that take the argument behind them.
    """
    options: list[str] = []
    words: list[str] = []
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == END_OF_OPTIONS:
            words += rest
            break
        if is_prose(argument) or argument == "-" or not argument.startswith("-"):
            words.append(argument)
        else:
            options.append(argument)
            if argument in with_value and rest:
                options.append(rest.pop(0))
    return [*options, END_OF_OPTIONS, *words] if any(map(is_prose, words)) else list(arguments)


def is_prose(argument: str) -> bool:
    """Whether an argument that begins like an option can be none."""
    return bool(_PROSE.match(argument))
