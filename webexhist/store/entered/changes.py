"""What people enter, on its way into the database: who says it, what it changes, from which line of a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from webexhist.errors import UsageError
from webexhist.store.times import seconds_of


@dataclass(frozen=True, slots=True)
class Signature:
    """Who says something, and when."""

    at: datetime
    by: str

    @property
    def columns(self) -> dict[str, int | str]:
        """As tables keep it."""
        return {"entered_at": seconds_of(self.at), "entered_by": self.by}


@dataclass(frozen=True, slots=True)
class Change:
    """What is entered now of a subscription or license, and what was entered before; None is nothing."""

    of: str
    fact: str
    before: str | None
    after: str | None


@contextmanager
def at_line(number: int | None) -> Iterator[None]:
    """Puts the number of a file's line before what a UsageError says of it; None where there is no file."""
    try:
        yield
    except UsageError as error:
        if number is None:
            raise
        raise UsageError(f"line {number}: {error.problem}", error.next_step) from error


def in_words(value: object) -> str | None:
    """A fact as it is typed; None where nothing is entered."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
