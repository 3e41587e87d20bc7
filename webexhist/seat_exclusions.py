"""Who is left out wherever it is looked at how seats are used: people, and groups of them."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256

from webexhist.texts import folded, is_seen, shown

WILDCARDS = frozenset("*?")
"""For any text, and for one character. Brackets stand for themselves: names have them."""
FIELDS = ("department", "title")
"""By which a group is left out: department=Board*."""


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Whom people asked to leave out. A single person is kept as a keyed hash and cannot be read back."""

    key: bytes = b""
    hashes: frozenset[str] = frozenset()
    """Of people, by address, id or whole name."""
    patterns: tuple[str, ...] = ()
    """Of addresses, and of groups, as they were entered."""

    def __bool__(self) -> bool:
        """Whether anybody is left out."""
        return bool(self.hashes or self.patterns)

    def excludes(self, names: Iterable[str], fields: Mapping[str, Sequence[str]]) -> bool:
        """Whether a person is left out, by all that names him, and by the fields that say where he works.

        Of a field there is every way in which it may be written.
        """
        known = [comparable(name) for name in names if name]
        if self.hashes and any(self.hash_of(name) in self.hashes for name in known):
            return True
        return any(fits(pattern, known, fields) for pattern in self.patterns)

    def hash_of(self, name: str) -> str:
        """The keyed hash of a name in small letters: files hold it instead of the name."""
        return hmac.new(self.key, comparable(name).encode(errors="replace"), sha256).hexdigest()

    def names_one(self, pattern: str) -> bool:
        """Whether a pattern names a single person, so that it is kept as a hash."""
        return not is_of_group(pattern) and not WILDCARDS & set(pattern)


def is_of_group(pattern: str) -> bool:
    """Whether a pattern names a department or a title, and no person."""
    return field_of(pattern) in FIELDS


def field_of(pattern: str) -> str | None:
    """What stands before the first = of a pattern; None where there is none, or it belongs to an address."""
    field, equals, _ = pattern.partition("=")
    return field.strip().lower() if equals and (field.strip().lower() in FIELDS or "@" not in pattern) else None


def fits(pattern: str, names: Iterable[str], fields: Mapping[str, Sequence[str]]) -> bool:
    """Whether a pattern is about a person with these names and fields."""
    if is_of_group(pattern):
        wanted = pattern.partition("=")[2]
        known = map(comparable, fields.get(field_of(pattern) or "", ()))
        return any(value and is_like(value, wanted) for value in known)
    return any(is_like(name, pattern) for name in names)


def is_like(text: str, pattern: str) -> bool:
    return fnmatchcase(text, comparable(pattern).replace("[", "[[]"))


def comparable(name: str) -> str:
    """A name as it is compared: by what is seen of it where it is shown, for from there people copy or write it."""
    text = shown(name)
    return folded(text if text.isprintable() else "".join(filter(is_spelled, text)))


def is_spelled(character: str) -> bool:
    """Whether somebody who sees a character writes it too."""
    return character.isspace() or is_seen(character)
