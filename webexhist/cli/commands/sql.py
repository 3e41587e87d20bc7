"""`webexhist sql`: a query of one's own."""

import sys
from decimal import Decimal
from math import isfinite
from typing import Annotated, Any, cast

import typer

from webexhist.cli.app import DATA, LARGEST_NUMBER, ConfigOption, DatabaseOption, app
from webexhist.cli.changed_rows import warn_of_changed_rows_behind
from webexhist.cli.output import Cell, CsvOption, JsonOption, print_json, print_lines, print_table, print_warning
from webexhist.cli.settings import load_settings
from webexhist.errors import UsageError
from webexhist.quantities import quantity
from webexhist.utf8 import utf8_text

MOST_ROWS = 1000
MOST_SECONDS = 60


@app.command(rich_help_panel=DATA)
def sql(
    query: Annotated[str, typer.Argument(metavar="QUERY|-", help="One SELECT; - reads it from stdin.")],
    most_rows: Annotated[
        int, typer.Option("--max-rows", metavar="ROWS", min=1, max=LARGEST_NUMBER - 1, help="Print no more rows.")
    ] = MOST_ROWS,
    most_seconds: Annotated[
        int, typer.Option("--max-seconds", metavar="SECONDS", min=1, max=86_400, help="Stop the query after that.")
    ] = MOST_SECONDS,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    database: DatabaseOption = None,
) -> None:
    """Ask the history a query; the database lets it read, and nothing else. docs/sql.md has the views.

    Example: webexhist sql "SELECT license, available FROM latest_licenses"
    """
    from webexhist.export.view_files import csv_lines
    from webexhist.store.opening.history import open_history
    from webexhist.store.rows.any_query import answer

    asked = query_from_stdin() if query == "-" else query
    if not asked.strip():
        raise UsageError("there is no query", 'write one: webexhist sql "SELECT * FROM latest_licenses"')
    with open_history(load_settings({"database": database}, config).database) as history:
        found = answer(history, asked, most_rows, most_seconds)
        warn_of_changed_rows_behind(history, found.reads, asked)
    rows = [{name: shown_cell(cell) for name, cell in zip(found.columns, row, strict=True)} for row in found.rows]
    if as_json:
        print_json(rows)
    elif as_csv:
        print_lines(csv_lines(found.columns, [tuple(map(shown_cell, row)) for row in found.rows]))
    else:
        print_table(rows, "No rows.")
    if found.is_cut:
        shown = quantity(most_rows, "row is", "rows are")
        print_warning(f"only the first {shown} here: --max-rows gives more, webexhist export all")


def query_from_stdin() -> str:
    """Raises UsageError where it is not written in UTF-8."""
    if sys.stdin is None:
        raise UsageError("there is no stdin", "write the query behind the command")
    try:
        return utf8_text(sys.stdin.buffer.read())
    except UnicodeDecodeError as error:
        raise UsageError("the query is not written in UTF-8", "save it as UTF-8") from error


def shown_cell(cell: Any) -> Cell:
    """What the printers know; bytes as SQL writes them, arrays and what is beyond every number as text."""
    if isinstance(cell, bytes):
        return f"X'{cell.hex().upper()}'"
    if isinstance(cell, Decimal):  # what PostgreSQL makes of sums and means; SQLite has the same as numbers
        cell = int(cell) if cell.is_finite() and cell == cell.to_integral_value() else float(cell)
    is_plain = cell is None or isinstance(cell, str | int) or (isinstance(cell, float) and isfinite(cell))
    return cast("Cell", cell) if is_plain else str(cell)
