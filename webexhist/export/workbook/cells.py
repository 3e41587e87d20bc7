"""What stands in a cell of a workbook, and how each kind of it is written: figures and days are none of them text."""

import encodings.utf_16_le  # noqa: F401  (else it is loaded when first used, and unknown where it cannot be)
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from webexhist.money import decimals_of
from webexhist.texts import shown

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_CHARACTERS = 32_767
"""A cell of Excel holds no more, counted as UTF-16 counts them."""
FIRST_YEAR = 1901
"""Excel's calendar begins in 1900, which it takes for a leap year: days before are written as text."""
MOST_ROWS = 1_048_576
"""Of a sheet, the head included."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of its currency."""

    amount: Decimal
    currency: str


Cell = str | int | float | date | datetime | Money | None
Row = tuple[Cell, ...]


class Kind(Enum):
    """What the cells of a column hold: how Excel shows it, and whether it takes as many lines as it needs."""

    TEXT = "@", False
    NAME = "@", True
    SENTENCE = "General", True
    """Excel shows no longer text than 255 characters as "@"."""
    UNITS = "#,##0", False
    CHANGE = "+#,##0;-#,##0;0", False
    NUMBER = "#,##0.0", False
    SHARE = "0.0%", False
    DAY = "yyyy-mm-dd", False
    MONTH = "mmm yyyy", False
    MOMENT = "yyyy-mm-dd hh:mm", False
    MONEY = "#,##0.00", False

    def __init__(self, number_format: str, wraps: bool) -> None:
        self.number_format = number_format
        self.wraps = wraps


TEXTS = (Kind.TEXT, Kind.NAME, Kind.SENTENCE)
AT_THE_LEFT = (*TEXTS, Kind.MONTH)
LINE = 15
"""Points: the height of a line."""
LINES_OF_HEAD, MOST_LINES = 3, 27
"""A row of Excel is no higher than 409 points."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet."""

    head: str
    kind: Kind = Kind.TEXT
    width: float = 12
    """In characters."""


ORGANIZATION = Column("Organization", Kind.NAME, 24)
ORGANIZATION_ID = Column("Organization id", width=14)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a head, as a sheet of its own."""

    name: str
    """31 characters at most."""
    columns: tuple[Column, ...]
    frozen: int = 1
    """So many columns stay where they are, besides the head."""
    printed: int = 0
    """So many columns are printed, those of ids are not; 0: all."""


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    """An amount with its currency; None where either is unknown."""
    return Money(amount, currency) if amount is not None and currency else None


def share(percent: float | None) -> float | None:
    """What a spreadsheet shows as so many percent."""
    return None if percent is None else percent / 100


def text_of(value: str) -> str:
    """Text as a cell holds it: without what turns it around, and no longer than Excel takes."""
    text = shown(value)
    if 2 * len(text) > MOST_CHARACTERS and len(text.encode("utf-16-le")) > 2 * MOST_CHARACTERS:
        cut = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - 1)]
        text = f"{cut.decode('utf-16-le', 'ignore')}…"
    return text


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Format] = {}
        head = {"bold": True, "bottom": 1, "bg_color": "#EEF1F4", "valign": "top", "text_wrap": True}
        self._head = {
            align: workbook.add_format(head | {"align": align, "indent": indent})
            for align, indent in (("left", 1), ("right", 0))
        }
        self.title = workbook.add_format({"bold": True, "font_size": 14})

    def head_of(self, kind: Kind) -> "Format":
        """How the head of a column is shown: it stands where its figures do."""
        return self._head["left" if kind in AT_THE_LEFT else "right"]

    def of(self, kind: Kind, currency: str | None = None) -> "Format":
        """How a cell of a kind is shown; money with its currency and the decimals of it."""
        shown_as = kind.number_format
        if currency:
            decimals = decimals_of(currency)
            shown_as = f'#,##0{"." if decimals else ""}{"0" * decimals}\\ "{currency}"'
        if (shown_as, kind.wraps) not in self._made:
            align: dict[str, Any] = {"align": "left", "indent": 1} if kind in AT_THE_LEFT else {}
            wrap = {"text_wrap": kind.wraps}
            self._made[shown_as, kind.wraps] = self._workbook.add_format(
                {"num_format": shown_as, "valign": "top"} | align | wrap
            )
        return self._made[shown_as, kind.wraps]


def write_cell(sheet: "Worksheet", row: int, column: int, value: Cell, kind: Kind, styles: Styles) -> None:
    """Writes one cell; nothing for what is not known. No text becomes a formula, a link or a number."""
    match value:
        case None | "":
            return
        case str():
            sheet.write_string(row, column, text_of(value), styles.of(text_kind(kind)))
        case Money(amount, currency):
            sheet.write_number(row, column, float(amount), styles.of(Kind.MONEY, currency))
        case datetime():
            moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
            _write_day(sheet, row, column, moment, kind, styles)
        case date():
            _write_day(sheet, row, column, value, kind, styles)
        case _:
            sheet.write_number(row, column, value, styles.of(kind))


def text_kind(kind: Kind) -> Kind:
    """How a text is shown: where a figure belongs, such as "unlimited", like any other."""
    return kind if kind in TEXTS else Kind.TEXT


def _write_day(sheet: "Worksheet", row: int, column: int, day: date, kind: Kind, styles: Styles) -> None:
    if day.year < FIRST_YEAR:
        sheet.write_string(row, column, day.isoformat(), styles.of(Kind.TEXT))
    else:
        sheet.write_datetime(row, column, day, styles.of(kind))


def write_sheet(workbook: "Workbook", sheet: Sheet, rows: Iterable[Row], styles: Styles) -> None:
    """Adds a sheet: a head that stays while its rows are moved, and a filter on each column."""
    added = workbook.add_worksheet(sheet.name)
    last = 0
    kinds = [column.kind for column in sheet.columns]
    for place, column in enumerate(sheet.columns):
        added.write_string(0, place, column.head, styles.head_of(column.kind))
        added.set_column(place, place, column.width)
    for number, cells in enumerate(rows, start=1):
        if number >= MOST_ROWS:
            break
        for place, value in enumerate(cells):
            write_cell(added, number, place, value, kinds[place], styles)
        if (lines := lines_of(sheet.columns, cells)) > 1:
            added.set_row(number, lines * LINE)
        last = number
    added.set_row(0, LINES_OF_HEAD * LINE)
    added.freeze_panes(1, sheet.frozen)
    added.autofilter(0, 0, last, len(sheet.columns) - 1)
    as_printed(added)
    added.repeat_rows(0)
    if sheet.printed:
        added.print_area(0, 0, last, sheet.printed - 1)


def lines_of(columns: Sequence[Column], cells: Row) -> int:
    """How many lines the longest name or sentence of a row takes; spreadsheets do not make room by themselves."""
    lines = max(
        (
            math.ceil(len(text_of(cell)) / column.width)
            for column, cell in zip(columns, cells, strict=True)
            if column.kind.wraps and isinstance(cell, str) and len(cell) > column.width
        ),
        default=1,
    )
    return min(MOST_LINES, lines)


def as_printed(sheet: "Worksheet") -> None:
    """Landscape on A4, as wide as the paper."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
