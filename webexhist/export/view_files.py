"""Rows of a view as files: CSV, JSON Lines, Parquet. Each is written row by row."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from itertools import chain, islice
from typing import IO, Any

from webexhist.store.dictionary import Column, Kind
from webexhist.store.times import read_written, written
from webexhist.texts import json_text, spreadsheet_text

ROWS_A_GROUP = 50_000
"""Of a Parquet file; so many are in memory at once."""

Row = tuple[Any, ...]


def csv_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """A line of the columns' names, then a line a row; unknown is an empty cell."""
    line = StringIO()
    # The writer quotes a cell that holds what ends its lines: without an end it would let a line feed end them.
    writer = csv.writer(line, lineterminator="\n")
    for row in chain([names], rows):
        line.seek(0)
        line.truncate()
        writer.writerow([spreadsheet_text(cell) if isinstance(cell, str) else cell for cell in map(plain, row)])
        yield line.getvalue().removesuffix("\n")


def json_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """An object a row; unknown is null."""
    for row in rows:
        yield json_text(dict(zip(names, map(plain, row), strict=True)), indent=None)


def write_parquet(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """A Parquet file, with times in UTC and days as such, and with what the dictionary says of each column.

    Raises ModuleNotFoundError without pyarrow.
    """
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    types = {
        Kind.TEXT: pyarrow.string(),
        Kind.WHOLE: pyarrow.int64(),
        Kind.FRACTION: pyarrow.float64(),
        Kind.TIME: pyarrow.timestamp("s", tz="UTC"),
        Kind.DAY: pyarrow.date32(),
    }
    fields = [
        pyarrow.field(column.name, types[column.kind], metadata={"meaning": column.meaning, "unit": column.unit})
        for column in columns
    ]
    schema = pyarrow.schema(fields)
    with ParquetWriter(file, schema, compression="zstd") as writer:
        remaining = iter(rows)
        while group := list(islice(remaining, ROWS_A_GROUP)):
            values = [
                pyarrow.array([_typed(cell, column.kind) for cell in cells], type=types[column.kind])
                for column, cells in zip(columns, zip(*group, strict=True), strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(values, schema=schema))


def plain(cell: object) -> object:
    """A time and a day as they are written everywhere: both kinds of database give the same file."""
    if isinstance(cell, datetime):
        return written(cell)
    return str(cell) if isinstance(cell, date) else cell


def _typed(cell: Any, kind: Kind) -> Any:
    if isinstance(cell, str) and kind is Kind.TIME:
        return read_written(cell)
    return date.fromisoformat(cell) if isinstance(cell, str) and kind is Kind.DAY else cell
