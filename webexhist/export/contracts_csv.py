"""Contracts as a spreadsheet: written out, and read in again for hundreds of customers at once."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import TypeVar

from webexhist.contract_kinds import BilledAbove, ContractKind, Renewal
from webexhist.errors import UsageError
from webexhist.export.contract_rows import COLUMNS, ENTRIES, FOR_READERS, ContractRow
from webexhist.money import parsed_amount, parsed_currency
from webexhist.store.entered.changes import at_line
from webexhist.store.entered.contracts import Contract, CountedLicense
from webexhist.store.entered.entering import Entry
from webexhist.store.entered.orders import GivenOrder
from webexhist.store.entered.prices import GivenPrice
from webexhist.store.entered.settlements import Settlement
from webexhist.store.names.licenses import StoredLicense
from webexhist.texts import as_written, folded, spreadsheet_text

T = TypeVar("T")
Cells = Mapping[str, str]
FindLicense = Callable[[str, str | None], StoredLicense]
"""Finds a license by its id, of the organization of that name where several have such a one."""
FindOrganization = Callable[[str], str]
"""Gives the id at Webex of the organization of that name."""

WORDS = {"yes": True, "no": False}
LONGEST_TERM = 1200
LONGEST_NOTICE = 3650
MOST_PERCENT = 1000
MOST_UNITS = 10**9
SUBJECTS = frozenset({"subscription", "license_id"})
BEYOND = ""
"""Stands for the name of the columns behind the last one that has a name."""
OF_ENTRY = {
    "price": frozenset({"amount", "currency", "day"}),
    "order": frozenset({"units", "day"}),
    "settlement": frozenset({"units", "day", "amount", "currency"}),
}
OF_LICENSE = frozenset({"counted"})
OF_CONTRACT = frozenset(COLUMNS[COLUMNS.index("kind") : COLUMNS.index("license_id")])
A_DAY = "write a day like 2027-03-15"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with anything in it."""

    number: int
    cells: Cells
    """What is filled in, by the column's name."""
    license_called: FindLicense
    organization_called: FindOrganization

    def given(self, column: str, read: Callable[[str], T], next_step: str) -> T | None:
        """A cell as what it stands for; None where it is left out."""
        cell = self.cells.get(column)
        if cell is None:
            return None
        try:
            return read(cell.casefold())
        except (ValueError, KeyError, InvalidOperation) as error:
            raise UsageError(f"{cell!r} is no {column}", next_step) from error

    def required(self, column: str, read: Callable[[str], T], next_step: str) -> T:
        """The same of a cell that must be filled in."""
        value = self.given(column, read, next_step)
        if value is None:
            raise UsageError(f"there is no {column}", next_step)
        return value

    def whole(self, column: str, least: int, most: int, next_step: str) -> int | None:
        """A whole number from `least` to `most`; None for an empty cell. Raises UsageError for anything else."""
        return self.given(column, lambda typed: whole(typed, least, most), next_step)

    @property
    def day(self) -> date | None:
        """None for an empty cell. Raises UsageError for what is no day."""
        return self.given("day", date.fromisoformat, A_DAY)

    @property
    def currency(self) -> str:
        """Its ISO 4217 code. Raises UsageError where none is given."""
        return parsed_currency(self.required("currency", str, "write its ISO 4217 code, like USD"))

    @property
    def license(self) -> StoredLicense:
        """Raises UsageError where no license has that id, or several have it and no organization is named."""
        return self.license_called(as_written(self.cells["license_id"]), self.organization)

    @property
    def organization(self) -> str | None:
        """None for an empty cell."""
        named = self.cells.get("organization")
        return named and as_written(named)

    @property
    def subscription(self) -> str:
        return as_written(self.cells["subscription"])

    @property
    def entry(self) -> Entry:
        """What it says. Raises UsageError for what cannot be meant."""
        entry = self.given("entry", folded_entry, f"write one of {', '.join(ENTRIES)}, or nothing")
        if len(SUBJECTS & self.cells.keys()) != 1:
            raise not_about_one()
        is_license = "license_id" in self.cells
        fitting = OF_ENTRY[entry] if entry else OF_LICENSE if is_license else OF_CONTRACT
        if strangers := self.cells.keys() - FOR_READERS - SUBJECTS - fitting - {"entry"}:
            of = f"a {entry}" if entry else "a license" if is_license else "a subscription"
            raise UsageError(f"{of} has no {min(strangers)}", "write that on a line of its own")
        match entry, is_license:
            case "price", _:
                return self.price(self.license if is_license else self.subscription)
            case "order", True:
                units = self.required("units", lambda typed: whole(typed, 1, MOST_UNITS), "write units, like 60")
                return GivenOrder(self.license, units, self.required("day", date.fromisoformat, A_DAY))
            case "settlement", False:
                return self.settlement()
            case None, True:
                return CountedLicense(self.license, self.required("counted", WORDS.__getitem__, "write yes or no"))
            case None, False:
                return self.contract()
        subject = "license_id" if entry == "order" else "subscription"
        raise UsageError(f"there is no {subject} whose {entry} it is", f"fill in {subject} alone")

    def price(self, of: StoredLicense | str) -> GivenPrice:
        """The price of a unit of a license, or of a seat of a subscription. Raises UsageError without an amount."""
        currency = self.currency
        amount = parsed_amount(self.required("amount", str, "write it with a period, like 12.50"), currency)
        return GivenPrice(of, amount, currency, self.day)

    def settlement(self) -> Settlement:
        """How many units of a True Forward are paid. Raises UsageError without units or a day."""
        units = self.required("units", lambda typed: whole(typed, 1, MOST_UNITS), "write units, like 4")
        day = self.required("day", date.fromisoformat, A_DAY)
        of = self.organization and self.organization_called(self.organization)
        if "amount" not in self.cells:
            if "currency" in self.cells:
                raise UsageError("there is no amount", "write it with a period, like 480.00, or no currency")
            return Settlement(self.subscription, day, units, organization=of)
        currency = self.currency
        amount = parsed_amount(self.cells["amount"], currency)
        return Settlement(self.subscription, day, units, amount, currency, of)

    def contract(self) -> Contract:
        """The terms; an empty cell is None and changes nothing. Raises UsageError for what cannot be meant."""
        return Contract(
            subscription=self.subscription,
            kind=self.given("kind", ContractKind, f"write one of {', '.join(ContractKind)}"),
            starts=self.given("starts", date.fromisoformat, A_DAY),
            term=self.whole("term", 1, LONGEST_TERM, "write months, like 36"),
            renews=self.given("renews", Renewal, f"write one of {', '.join(Renewal)}"),
            notice=self.whole("notice", 0, LONGEST_NOTICE, "write days, like 30"),
            allowance=self.given("allowance", parsed_percent, "write percent, like 15"),
            minimum=self.whole("minimum", 0, MOST_UNITS, "write units, like 100"),
            judged_on=self.given("judged_on", date.fromisoformat, A_DAY),
            billed_above=self.given("billed_above", BilledAbove, f"write one of {', '.join(BilledAbove)}"),
            name=as_written(self.cells["name"]) if "name" in self.cells else None,
            apart=self.given("apart", WORDS.__getitem__, "write yes or no"),
            handed_from=as_written(self.cells["handed_from"]) if "handed_from" in self.cells else None,
        )


def not_about_one() -> UsageError:
    return UsageError("it is not about one subscription or one license", "fill in subscription or license_id")


def contracts_csv(rows: Iterable[ContractRow]) -> str:
    """The file's text, which `entered_in` reads."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: spreadsheet_text("" if cell is None else str(cell)) for name, cell in row.items()})
    return text.getvalue()


def entered_in(
    text: str, license_called: FindLicense, organization_called: FindOrganization
) -> Iterator[tuple[int, Entry]]:
    """What the lines of a file say, with their numbers; an empty cell, like a column left out, says nothing.

    Raises UsageError, with the line's number, for what cannot be meant.
    """
    names, rows = read_rows(text)
    odd = next((name for name in names if name not in COLUMNS), None)
    if odd is not None or not SUBJECTS & set(names):
        problem = f"there is no column {odd!r}" if odd is not None else "the first line names no columns"
        raise UsageError(f"line 1: {problem}", f"name some of {', '.join(COLUMNS)}")
    if repeated := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"line 1: the column {repeated} stands in it twice", "name each column once")
    met: set[tuple[object, ...]] = set()
    for number, row in rows:
        cells = {name: cell.strip() for name, cell in row.items() if name in COLUMNS and cell and cell.strip()}
        goes_beyond = any(cell.strip() for cell in row.get(BEYOND, ()))
        if not (cells.keys() - FOR_READERS or goes_beyond):
            continue
        with at_line(number):
            if goes_beyond:
                raise not_about_one()
            entered = Line(number, cells, license_called, organization_called).entry
            key = fact_of(entered)
            if key in met:
                of = folded(cells.get("subscription") or cells["license_id"])
                raise UsageError(f"{of} stands in it twice", "write everything of it on one line")
            met.add(key)
        yield number, entered


def fact_of(entry: Entry) -> tuple[object, ...]:
    """What an entry tells, however it is written: another one of it would take its place."""
    match entry:
        case Contract():
            return Contract, folded(entry.subscription)
        case CountedLicense():
            return CountedLicense, entry.license
        case GivenPrice():
            return GivenPrice, folded(entry.of) if isinstance(entry.of, str) else entry.of, entry.since
        case GivenOrder():
            return GivenOrder, entry.of, entry.since
        case Settlement():
            return Settlement, folded(entry.subscription), entry.on, entry.organization


def read_rows(text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The names of the columns, and the rows by them with the numbers of their lines.

    Raises UsageError where a line is no row: one that a quote leaves open would swallow all that follow.
    """
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")), restkey=BEYOND, delimiter=delimiter, strict=True)
    try:
        names = reader.fieldnames = [folded(name or "") for name in reader.fieldnames or ()]
        return names, [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        problem = f"line {reader.reader.line_num}: it is no row ({error})"  # where it stands, not the last whole row
        raise UsageError(problem, "close each quote, and end each line with a line feed") from error


def folded_entry(typed: str) -> str:
    """One of the kinds of lines. Raises ValueError for anything else."""
    if typed not in ENTRIES:
        raise ValueError(typed)
    return typed


def whole(typed: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`. Raises ValueError for anything else."""
    if not typed.isascii() or not typed.isdecimal() or not least <= int(typed[:12]) <= most:
        raise ValueError(typed)
    return int(typed)


def parsed_percent(typed: str) -> Decimal:
    """Percent with two decimals at most. Raises ValueError for anything else."""
    value = Decimal(typed)
    if not value.is_finite() or not 0 <= value <= MOST_PERCENT or value != round(value, 2):
        raise ValueError(typed)
    return value
