"""The one place that prints: lines and tables for people, JSON and files for programs.

Names of others stand in all of it. None of them moves a cursor, turns what stands beside it around, or ends a line.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from webexhist.errors import UsageError
from webexhist.remarks import remarked
from webexhist.texts import json_text, on_one_line, one_line, shown, spreadsheet_text, visible
from webexhist.units import in_words

if TYPE_CHECKING:
    from _csv import Writer

    from webexhist.review.judgment.forecast import Forecast

T = TypeVar("T")
Cell = str | int | float | bool | Decimal | date | datetime | None
Rows = Sequence[Mapping[str, Cell]]


def require_one_format(context: typer.Context, is_asked: bool) -> bool:
    """The option as given. Raises UsageError where CSV and JSON are asked for at once."""
    if is_asked and {"as_csv", "as_json"} & {name for name, value in context.params.items() if value}:
        raise UsageError("--json and --csv are two forms of one table", "ask for one of them")
    return is_asked


CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV instead of a table.", callback=require_one_format)]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON instead of a table.", callback=require_one_format)
]

ROWS_BETWEEN_WORDS = 10_000
LONGEST_ON_ONE_LINE = 16
"""A column of cells that are no longer has their width: figures, days and bars are neither wrapped nor cut."""
PIECES = re.compile(r"[^\s./@:_-]+[./@:_-]*|[./@:_-]+")
"""Parts of words between which a line may end."""
LEAST_WRAPPED, ENOUGH_WRAPPED = 10, 20
"""Characters of a column of words that is still read, and of one of sentences."""
MOST_LINES = 6
"""Of a cell; one that would take more gets a wider column, as far as ENOUGH_WRAPPED."""
LONGEST_CELL = 500
"""Characters; to wrap a word takes time with the square of its length."""
LONGEST_SPARKLINE = 60
LEVELS = "▁▂▃▄▅▆▇█"
EIGHTHS = " ▏▎▍▌▋▊▉█"


def print_line(text: str = "") -> None:
    """One line for a person. What cannot be written is told beside it: it may say what is stored by now."""
    try:
        print(on_one_line(text), flush=True)  # a person may be waiting for it, and the command for the person
    except BrokenPipeError:
        raise
    except OSError:
        if text and sys.stderr:
            with suppress(OSError):
                print(on_one_line(text), file=sys.stderr)
        raise


@contextmanager
def former_told(former: Path | None) -> Iterator[None]:
    """Prints behind what is printed within where the history lies as it was before, where it is kept.

    An error says it where nothing can be printed.
    """
    if former is None:
        yield
        return
    with remarked(f"what it was before is {former}"):
        yield
        print_line(f"What it was before: {former}")


def print_paragraph(text: str = "") -> None:
    """Words for a person, in lines no longer than those of a table."""
    from rich.console import Console
    from rich.text import Text

    Console().print(Text(on_one_line(text)))


def print_warning(text: str) -> None:
    """One line for a person, beside what programs read. Where it cannot be written, the command goes on."""
    if sys.stderr:
        with suppress(OSError):
            print(f"webexhist: {on_one_line(text)}", file=sys.stderr, flush=True)


def print_file(text: str) -> None:
    """What is to become a file, or several, as it is but for what a terminal would obey."""
    print(shown(text), end="" if text.endswith("\n") else "\n")


def print_lines(lines: Iterable[str]) -> None:
    """Lines for programs, as they are; what a terminal would obey is escaped in them already."""
    for line in lines:
        print(line)


def counted_aloud(rows: Iterable[T], what: str = "rows", between: int = ROWS_BETWEEN_WORDS) -> Iterator[T]:
    """The rows as they come; a person at a terminal sees how many they are so far."""
    number = 0
    is_watched = sys.stderr is not None and sys.stderr.isatty()
    for number, row in enumerate(rows, 1):
        if is_watched and number % between == 0:
            print(f"\r{number:,} {what}", end="", file=sys.stderr, flush=True)
        yield row
    if is_watched:
        print(f"\r{number:,} {what}", file=sys.stderr)


def print_document(document: object) -> None:
    """A plugin document: one line of ASCII, which whoever reads it has at once; nothing can be printed behind it.

    A reader takes the whole output for one document: were something to fail later, a second one would spoil this.
    """
    print(json.dumps(document), flush=True)
    sys.stdout = None


def print_json(value: object) -> None:
    """Days, moments and amounts of money become text; unknown becomes null."""
    print(json_text(value))


def as_number(money: Decimal | None) -> float | None:
    """An amount of money as programs read it in JSON."""
    return None if money is None else float(money)


def print_csv(rows: Rows) -> None:
    """The same rows for a spreadsheet: unknown is an empty cell."""
    text = StringIO()
    write_csv(csv.writer(text, lineterminator="\n"), rows)
    print(text.getvalue(), end="")  # also where the output is closed, which a writer does not take


def write_csv(writer: "Writer", rows: Rows) -> None:
    """Writes rows with their heads; nothing in them is taken for a formula."""
    writer.writerow(rows[0] if rows else [])
    writer.writerows(
        [spreadsheet_text(cell) if isinstance(cell, str) else cell for cell in row.values()] for row in rows
    )


def print_table(rows: Rows, nothing: str, title: str | None = None) -> None:
    """A table as wide as the terminal (80 columns or $COLUMNS where there is none), and a line below it.

    Its heads are the names of the cells; `nothing` is said where there are no rows.
    """
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        print_line(nothing)
        return
    if title:
        print_paragraph(title)
    console = Console()
    gap = next((gap for gap in (2, 1) if widths_within(console.width, rows, gap)), 0)
    widths = widths_within(console.width, rows, gap) if gap else None
    if widths is None:
        print_one_below_another(rows)
        return
    # What is between two columns is one space of the box, and the padding.
    table = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, gap - 1, 0, 0), pad_edge=False)
    for name, width in widths.items():
        is_number = any(isinstance(row[name], int | float | Decimal) for row in rows)
        head = Text(broken_into_lines(head_of(name), width))
        table.add_column(head, justify="right" if is_number else "left", width=width, overflow="fold")
    for row in rows:
        table.add_row(*(Text(broken_into_lines(cell_text(cell), widths[name])) for name, cell in row.items()))
    console.print(table)
    print_line()


def head_of(name: str) -> str:
    """The head of a column, from its name in JSON."""
    return on_one_line(name.replace("_", " "))


def widths_within(columns: int, rows: Rows, gap: int) -> dict[str, int] | None:
    """The width of each column of a table with such gaps between them; None where there is no room for all.

    Short cells are kept whole. Others are wrapped, but no word is cut that has less than ENOUGH_WRAPPED characters.
    """
    texts = {name: [cell_text(row[name]) for row in rows] for name in rows[0]}
    longest = {name: max(map(len, column)) for name, column in texts.items()}
    least = {name: max(least_width(column), longest_piece([head_of(name)])) for name, column in texts.items()}
    left = columns - gap * len(least) - sum(least.values())
    if left < 0:
        return None
    wanted = {name: max(0, longest[name] - width) for name, width in least.items()}
    for name, width in least.items():
        if wanted[name] and least_width(texts[name]) < longest[name]:
            more = min(wanted[name], left * wanted[name] // sum(wanted.values()))
            least[name] = width + more
    return least


def least_width(texts: Sequence[str]) -> int:
    """Characters that a column of these cells needs."""
    longest = max(map(len, texts))
    if longest <= LONGEST_ON_ONE_LINE:
        return longest
    return min(ENOUGH_WRAPPED, max(LEAST_WRAPPED, longest // MOST_LINES, longest_piece(texts)))


def longest_piece(texts: Iterable[str]) -> int:
    """Characters of the longest part that is not broken."""
    return max((len(piece) for text in texts for piece in PIECES.findall(text)), default=0)


def broken_into_lines(text: str, width: int) -> str:
    """The text with line ends between words, and where a word that is longer than a line has a dot or the like."""
    lines = [""]
    for word in text.split():
        pieces = [word] if len(word) <= width else PIECES.findall(word)
        for place, piece in enumerate(pieces):
            space = " " if lines[-1] and not place else ""
            if lines[-1] and len(lines[-1] + space + piece) > width:
                lines.append(piece)
            else:
                lines[-1] += space + piece
    return "\n".join(lines)


def print_one_below_another(rows: Rows) -> None:
    """The cells of each row below one another, for a terminal that is too narrow for a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    for row in rows:
        block = Table.grid(padding=(0, 1, 0, 0), pad_edge=False)
        block.add_column(no_wrap=True)
        block.add_column(overflow="fold")
        for name, cell in row.items():
            if cell_text(cell):
                block.add_row(Text(head_of(name)), Text(cell_text(cell)))
        Console().print(block)
        print_line()


def cell_text(cell: Cell) -> str:
    """As a person reads it; unknown is a dash."""
    match cell:
        case None:
            return "–"
        case bool():
            return "yes" if cell else ""
        case int():
            return f"{cell:,}"
        case float():
            return f"{cell:,.1f}"
        case Decimal():
            return f"{cell:,}"
        case str():
            text = one_line(visible(cell))
            return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"
    return str(cell)


def assigned_of_purchased(assigned: int | None, purchased: int | None) -> str | None:
    """As a person reads the two figures; None where neither is known."""
    if assigned is None and purchased is None:
        return None
    return f"{cell_text(assigned)} of {cell_text(in_words(purchased))}"


def running_out(ahead: "Forecast | None") -> dict[str, Cell]:
    """What a program reads of the time when all purchased units are assigned; a share is that of the chance."""
    return {
        "chance_90_days": ahead.chance if ahead else None,
        "runs_out_10_percent": ahead.earliest if ahead else None,
        "runs_out_50_percent": ahead.likely if ahead else None,
        "runs_out_90_percent": ahead.latest if ahead else None,
    }


def bar(percent: float | None, width: int = 12) -> str:
    """A bar that is full at 100 percent; what is beyond shows as an arrow."""
    if percent is None:
        return ""
    if percent > 100:
        return "█" * (width - 1) + "▶"
    eighths = round(percent * width * 8 / 100)
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()).ljust(width, "·")


def print_sparkline(values: Sequence[int | None], words: str) -> None:
    """A sparkline that leaves room for the words behind it, on a terminal of any width."""
    from rich.console import Console

    room = Console().width - len(words) - 2
    print_line(f"{sparkline(values, min(LONGEST_SPARKLINE, max(1, room)))}  {words}")


def sparkline(values: Sequence[int | None], width: int = LONGEST_SPARKLINE) -> str:
    """Values from zero up, the last known one of each column; a blank where none is known."""
    columns = min(width, len(values))
    edges = [round(index * len(values) / columns) for index in range(columns + 1)] if columns else []
    known = [
        next((value for value in reversed(values[start:end]) if value is not None), None)
        for start, end in pairwise(edges)
    ]
    top = max((value for value in known if value is not None), default=0) or 1
    return "".join(" " if value is None else LEVELS[min(7, max(0, value) * 8 // top)] for value in known)
