"""The data dictionary: what every view is, and of every column what it says and in which unit.

docs/sql.md, the comments on PostgreSQL and what datasette shows are made of it; an export takes its types from it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from webexhist.store.dictionary_entries import COMMON, VIEWS


class Kind(StrEnum):
    """What kind of value a column holds."""

    TEXT = "text"
    WHOLE = "whole"
    FRACTION = "fraction"
    TIME = "time"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a view."""

    name: str
    kind: Kind
    unit: str
    """Empty where it has none."""
    meaning: str


@dataclass(frozen=True, slots=True)
class View:
    """A view, with its columns in their order."""

    meaning: str
    columns: tuple[Column, ...]


def _lines(text: str) -> Iterator[str]:
    """The lines, with those that are indented at the end of the one before."""
    yield from (line.strip() for line in text.replace("\n    ", " ").splitlines() if line.strip())


def _column(line: str) -> Column:
    name, kind, unit, meaning = (part.strip() for part in line.split("|", 3))
    return Column(name, Kind(kind), unit, meaning)


def _columns(line: str, common: Mapping[str, Column]) -> list[Column]:
    if "|" in line:
        return [_column(line)]
    return [common[name.strip()] for name in line.split(",") if name.strip()]


def _dictionary() -> dict[str, View]:
    common = {column.name: column for column in map(_column, _lines(COMMON))}
    views: dict[str, View] = {}
    for part in VIEWS.split("\n# ")[1:]:
        head, *lines = _lines(part)
        name, meaning = head.split(": ", 1)
        columns = [column for line in lines for column in _columns(line, common)]
        views[name] = View(meaning, tuple(columns))
    return views


DICTIONARY: Mapping[str, View] = MappingProxyType(_dictionary())
"""By the view's name."""
