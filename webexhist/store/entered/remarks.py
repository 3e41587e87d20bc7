"""What people write in words: notes, reasons, names. They stand on pages and in tables, and are read."""

from webexhist.errors import UsageError
from webexhist.texts import folded, on_one_line, shown

LONGEST_REMARK = 1000
"""Characters, as of the names that Webex or an import tells."""


def require_remark(remark: str, problem: str, next_step: str) -> str:
    """Returns the remark without the white space around it.

    Raises UsageError with the problem where nothing of it is to be seen, and where nobody would read it to its end.
    """
    if not folded(shown(remark)):
        raise UsageError(problem, next_step)
    return require_readable(remark.strip())


def require_readable(remark: str) -> str:
    """Returns the remark. Raises UsageError where it is longer than anybody reads."""
    if len(remark) > LONGEST_REMARK:
        beginning = f"{on_one_line(remark[:30])}…"
        raise UsageError(f"{beginning!r} has more than {LONGEST_REMARK:,} characters", "shorten it")
    return remark
