"""What values of a line may be: texts, ids, times and numbers, and how one is refused that cannot be meant."""

from collections.abc import Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any, NoReturn

from webexhist.redact import with_shown_addresses
from webexhist.texts import storable

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""What is dated outside is dated wrongly: by a clock that began at zero, or a typing error."""
LONGEST_TEXT = 1000
"""Characters of a name or a reason."""
SHAPE = "see docs/import.md for what a line holds"


class CannotBeMeantError(Exception):
    """What a line says that cannot be meant, before its number is known."""

    def __init__(self, problem: str, next_step: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.next_step = next_step


def refuse(problem: str, next_step: str = SHAPE) -> NoReturn:
    """Raises CannotBeMeantError."""
    raise CannotBeMeantError(problem, next_step)


def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object of these pairs, in which no name may stand twice; a hook of the JSON library."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        refuse(f"{shortened(repeated)} stands in it twice", "write each thing once")
    return found


def number_of(written: str) -> int | float:
    """Spreadsheets write whole numbers as 430.0."""
    number = float(written)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def no_constant(written: str) -> NoReturn:
    """Refuses NaN and the infinities, which the JSON library would read."""
    refuse(f"{written} is no number", "leave out what is not known, or write null")


def object_of(given: object, what: str, keys: Mapping[str, None]) -> dict[str, Any]:
    """An object with none but these keys."""
    if not isinstance(given, dict):
        problem = f"{what} is missing" if given is None else f"{what} is no object"
        refuse(problem, "write {...}" if given is not None else SHAPE)
    if given.keys() <= keys.keys():
        return given
    odd = next(key for key in given if key not in keys)
    near = get_close_matches(odd, keys, 1)
    did_you_mean = f"did you mean {near[0]}?" if near else f"write some of {', '.join(keys)}"
    refuse(f"{what} has no {shortened(odd)!r}", did_you_mean)


def text_of(given: object, what: str) -> str:
    """A text, made fit for a database."""
    if not isinstance(given, str):
        refuse(f"{what} is no text", 'write it in quotes, like "…"')
    if len(given) > LONGEST_TEXT:
        refuse(f"{what} has more than {LONGEST_TEXT:,} characters", "shorten it")
    return storable(given) if not given.isprintable() else given


def identifier(given: object, what: str) -> str:
    """An id that a database can carry."""
    if given is None or (isinstance(given, str) and not given.strip()):
        refuse(f"{what} is missing", "write what it is about")
    if not isinstance(given, str) or not given.isascii() or not given.isprintable() or len(given) > LONGEST_TEXT:
        refuse(f"{what} is no id", "write the id as Webex has it, or any text of ASCII letters and digits")
    return given


def time_of(given: object, what: str) -> datetime:
    """A moment in whole seconds; of UTC where it names no other zone. A day alone is none."""
    if given is None:
        refuse(f"{what} is missing", "write it like 2026-01-01T06:00:00Z")
    try:
        if not isinstance(given, str):
            raise ValueError
        moment = datetime.fromisoformat(given.strip())
        if "T" not in given and " " not in given.strip():
            raise ValueError  # a day alone
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        refuse(f"{what} {shortened(str(given))!r} is no time", "write it like 2026-01-01T06:00:00Z")
    if not EARLIEST <= moment < LATEST:
        refuse(f"{what} {given} lies outside the years 2000 to 2099", "correct it")
    return moment.replace(microsecond=0)


def written(moment: datetime) -> str:
    """A time as lines write it: UTC, ISO 8601, to the second."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def refuse_number(what: str) -> NoReturn:
    """Raises the error for a value that is no whole number."""
    refuse(f"{what} is no whole number", "write it like 430, without quotes, or null where it is unknown")


def shortened(text: str) -> str:
    """The text as a message repeats it: 60 characters at most, and no password, which a cut address would show."""
    text = with_shown_addresses(text)
    return text if len(text) <= 60 else f"{text[:60]}…"
