"""What an answer looks like, without anything that it says of anybody.

A text is never kept: only whether it is a time, an id of which kind, one of Webex's own words, or something else.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from webexhist.webex.probe.words import FIELDS, PARTS_OF_NAMES, SITES, TYPES, VALUES
from webexhist.webex_ids import UUID, decoded_id

DEEPEST = 8
"""Levels of objects and lists that are looked into."""
MOST_FIELDS = 300
MOST_VALUES = 100_000
"""Values of an answer that are looked at: a page of a thousand people has some sixty thousand."""
LONGEST_NAME = 40
PART_OF_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|_")
TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?")
COUNTS = frozenset({"totalResults", "itemsPerPage", "startIndex"})
"""Places whose number is kept: how many there are, and how long a page is."""
LARGEST_COUNT = 9_999_999
"""A larger number may be somebody's: a telephone's has more digits."""
UNKNOWN_FIELD = "an unknown field"

Shape = dict[str, dict[str, int]]
"""By the place in the answer ("items[].id"), how often each kind of value stands there."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value and its place."""

    place: str
    kind: str


def shape_of(answer: Any) -> Shape:
    """Returns the shape of an answer: at most 300 places, each with its kinds of values.

    The name of a field is kept where Webex documents it, or where it is made of words of documented names: any other
    may be somebody's name.
    """
    kinds: dict[str, Counter[str]] = {}
    for found in islice(values(answer, "", 0), MOST_VALUES):
        if found.place in kinds or len(kinds) < MOST_FIELDS:
            kinds.setdefault(found.place, Counter())[found.kind] += 1
    return {place: dict(sorted(counted.items())) for place, counted in sorted(kinds.items())}


@lru_cache(maxsize=4_096)
def is_webex_s(name: str) -> bool:
    """Whether a field's name is one of Webex's documents, or is made of words of such names alone."""
    if name in FIELDS:
        return True
    parts = PART_OF_NAME.findall(name) if len(name) <= LONGEST_NAME else []
    return bool(parts) and "".join(parts) == name and all(part.lower() in PARTS_OF_NAMES for part in parts)


def values(value: Any, place: str, depth: int) -> Iterator[Found]:
    """Yields what stands in an answer, each value after what holds it."""
    if isinstance(value, dict):
        yield Found(place, "object" if value else "empty object")
        if depth < DEEPEST:
            for name, inner in value.items():
                shown = name if is_webex_s(name) else UNKNOWN_FIELD
                yield from values(inner, f"{place}.{shown}" if place else shown, depth + 1)
    elif isinstance(value, list):
        yield Found(place, "list" if value else "empty list")
        if depth < DEEPEST:
            for inner in value:
                yield from values(inner, f"{place}[]", depth + 1)
    else:
        is_count = place in COUNTS and type(value) is int and 0 <= value <= LARGEST_COUNT
        yield Found(place, str(value) if is_count else kind_of(value))


def kind_of(value: Any) -> str:
    """Returns what a value is, in words that hold nothing of it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        digits = len(str(abs(value)))
        return "0" if not value else f"{'negative ' if value < 0 else ''}number of {digits} digit{'s' * (digits > 1)}"
    if isinstance(value, float):
        return "fraction"
    return kind_of_text(str(value))


def kind_of_text(text: str) -> str:
    """What a text is, without saying what it says; a few harmless values are kept."""
    if not text:
        return "empty text"
    if text in VALUES or text in SITES:
        return f'"{text}"'
    if TIME.fullmatch(text):
        return "time " + re.sub(r"\d", "0", text)
    if re.fullmatch(r"-?\d+", text):
        return "number as text"
    if UUID.fullmatch(text):
        return "UUID"
    if "," in text and all(decoded_id(part) != part for part in text.split(",")):
        return "several ids in one text"
    return kind_of_id(text) or ("address" if re.match(r"[a-z]+:/|[^ ]+@", text) else "text")


def kind_of_id(text: str) -> str | None:
    """Of which kind an id of Webex is, and how it is written; None for what is no id."""
    decoded = decoded_id(text)
    if decoded == text:
        return None
    padded = ", padded" if text.endswith("=") else ""
    if "://" not in decoded:
        return f"id of a bare UUID{padded}"
    cluster, _, rest = decoded.partition("://")[2].partition("/")
    kind = rest.partition("/")[0]
    urn = " in a urn" if cluster.startswith("urn:") else ""
    return f"id of {kind if kind in TYPES else 'another type'}{urn}{padded}"
