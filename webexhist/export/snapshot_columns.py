"""Snapshots as a spreadsheet: a row for each license and time, turned into the lines that an import reads.

Rows of one organization and time that follow each other are one snapshot.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from webexhist.carried import RefusedLineError
from webexhist.export.line_values import shortened
from webexhist.export.snapshot_lines import COUNTERS, GAUGES, UNITS
from webexhist.texts import as_written, folded

OF_SNAPSHOT = {"taken_at": "taken_at", "organization_id": "id", "organization": "name", "source": "source"}
OF_LICENSE = {
    "license_id": "id",
    "license": "name",
    "code": "code",
    "subscription": "subscription",
    "site": "site",
}
"""Columns of texts, and what they are called in a line."""
OF_ALL = ("organization", "source")
"""Those of them that each row of a snapshot may repeat, besides those by which it is one."""
COLUMNS = (*OF_SNAPSHOT, *OF_LICENSE, *UNITS)
NAMED_BY = ("code", "subscription", "site", "license")
"""What makes the id of a license that has none."""
HINT = f"name some of {', '.join(COLUMNS)}, and counts like people"


def lines_of_rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The lines of a spreadsheet as those of a history, each with the number of its first row.

    A time may be a day alone: it is the end of that day. Raises RefusedLineError for what cannot be meant.
    """
    rows = _rows(lines)
    for _, group in groupby(rows, key=lambda row: (row[1].get("taken_at"), _owner(row[1]))):
        members = list(group)
        yield members[0][0], json.dumps(_line(members))


def _rows(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its number: the cells that hold anything, by their columns."""
    numbered = iter(lines)
    number, header = next(numbered, (1, ""))
    delimiter = next((mark for mark in (";", "\t") if mark in header), ",")
    columns = [folded(name).replace(" ", "_") for name in _cells(number, header, delimiter)]
    known = {*COLUMNS, *GAUGES, *COUNTERS}
    odd = next((name for name in columns if name not in known), None)
    if odd is not None:
        raise RefusedLineError(number, f"there is no column {shortened(odd)!r}", HINT)
    if not columns or "taken_at" not in columns or len(set(columns)) != len(columns):
        raise RefusedLineError(number, "it does not name the columns, taken_at among them, each once", HINT)
    for number, line in numbered:
        cells = _cells(number, line, delimiter)
        if len(cells) > len(columns):
            raise RefusedLineError(number, f"it has {len(cells)} cells for {len(columns)} columns", "correct the row")
        filled = {name: as_written(cell.strip()) for name, cell in zip(columns, cells, strict=False) if cell.strip()}
        if filled:
            yield number, filled


def _cells(number: int, line: str, delimiter: str) -> list[str]:
    """The cells of a line up to the last one that holds anything. Raises RefusedLineError for one that is no row."""
    try:
        (cells,) = csv.reader([line], delimiter=delimiter, strict=True) if line.strip() else ([],)
    except (csv.Error, ValueError) as error:
        raise RefusedLineError(
            number, f"it is no row ({error})", "write each row on one line, with closed quotes"
        ) from error
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _owner(row: Mapping[str, str]) -> str:
    return row.get("organization_id") or folded(row.get("organization", ""))


def _line(rows: list[tuple[int, dict[str, str]]]) -> dict[str, Any]:
    """A snapshot as a line holds it. Raises RefusedLineError where two of its rows differ in what is said of all."""
    _, first = rows[0]
    told: dict[str, Any] = {}
    licenses: list[dict[str, Any]] = []
    for number, row in rows:
        said: dict[str, Any] = {column: row[column] for column in OF_ALL if column in row}
        said |= {name: _number(number, name, row[name]) for name in (GAUGES | COUNTERS) & row.keys()}
        for column, value in said.items():
            if told.setdefault(column, value) != value:
                raise RefusedLineError(number, f"{column} is another than in the rows before", "write it once")
        if license_ := _license(number, row):
            licenses.append(license_)
    return {
        "taken_at": _time(first["taken_at"]) if "taken_at" in first else None,
        "organization": {"id": _owner(first), "name": told.get("organization")},
        "source": told.get("source"),
        "counts": {name: told[name] for name in GAUGES & told.keys()},
        "activity": {name: told[name] for name in COUNTERS & told.keys()},
        "licenses": licenses or None,
    }


def _license(number: int, row: Mapping[str, str]) -> dict[str, Any] | None:
    if not row.keys() & {*OF_LICENSE, *UNITS}:
        return None
    described: dict[str, Any] = {key: row[column] for column, key in OF_LICENSE.items() if column in row}
    made_up = " ".join(row[column] for column in NAMED_BY if column in row)
    described.setdefault("id", made_up.encode("ascii", "backslashreplace").decode())  # no two names have one id
    return described | {name: _number(number, name, row[name]) for name in UNITS if name in row}


def _number(number: int, column: str, cell: str) -> int:
    """A whole number, also one that a spreadsheet wrote with marks for thousands or as 430.0."""
    plain = cell.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    whole, point, rest = plain.partition(".")
    if point and not rest.strip("0"):
        plain = whole
    if not plain.removeprefix("-").isdecimal() or not plain.isascii() or len(plain) > 15:
        raise RefusedLineError(number, f"{column} {shortened(cell)!r} is no whole number", "write it like 430")
    return int(plain)


def _time(cell: str) -> str:
    """A day alone is its end: the figures of a day are those with which it ended."""
    if len(cell) == len("2026-01-31") and cell.count("-") == 2:
        return f"{cell}T23:59:59Z"
    return cell
