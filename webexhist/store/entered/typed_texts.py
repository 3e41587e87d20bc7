"""What people write in words: notes, reasons, names. They stand on pages and in tables, and are read."""

from webexhist.errors import UsageError
from webexhist.redact import with_shown_addresses
from webexhist.texts import folded, on_one_line, shown

LONGEST_TEXT = 1000
"""Characters, as of the names that Webex or an import gives."""


def require_text(typed: str, problem: str, next_step: str) -> str:
    """Returns the text without the white space around it.

    Raises UsageError with the problem where nothing of it is to be seen, and where nobody would read it to its end.
    """
    if not folded(shown(typed)):
        raise UsageError(problem, next_step)
    return require_readable(typed.strip())


def require_readable(typed: str) -> str:
    """Returns the text. Raises UsageError where it is longer than anybody reads."""
    if len(typed) > LONGEST_TEXT:
        beginning = f"{on_one_line(with_shown_addresses(typed)[:30])}…"
        raise UsageError(f"{beginning!r} has more than {LONGEST_TEXT:,} characters", "shorten it")
    return typed
