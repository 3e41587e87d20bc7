"""Who is left out wherever it is looked at how seats are used: people, and groups of them."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import sha256

from webexhist.texts import folded

WILDCARDS = frozenset("*?[")
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

    def excludes(self, names: Iterable[str], fields: Mapping[str, str]) -> bool:
        """Whether a person is left out, by all that names him, and by the fields that say where he works."""
        if not self.hashes and not self.patterns:
            return False
        known = [folded(name) for name in names if name]
        if self.hashes and any(self.hash_of(name) in self.hashes for name in known):
            return True
        return any(fits(pattern, known, fields) for pattern in self.patterns)

    def hash_of(self, name: str) -> str:
        """The keyed hash of a name in small letters: files hold it instead of the name."""
        return hmac.new(self.key, folded(name).encode(errors="replace"), sha256).hexdigest()

    def names_one(self, pattern: str) -> bool:
        """Whether a pattern names a single person, so that it is kept as a hash."""
        return not is_of_group(pattern) and not WILDCARDS & set(pattern)


def is_of_group(pattern: str) -> bool:
    """Whether a pattern names a department or a title, and no person."""
    return pattern.partition("=")[0].strip().lower() in FIELDS and "=" in pattern


def fits(pattern: str, names: Iterable[str], fields: Mapping[str, str]) -> bool:
    """Whether a pattern is about a person with these names and fields."""
    if is_of_group(pattern):
        field, _, wanted = pattern.partition("=")
        value = folded(fields.get(field.strip().lower(), ""))
        return bool(value) and fnmatchcase(value, folded(wanted))
    return any(fnmatchcase(name, folded(pattern)) for name in names)
