"""Contracts as a spreadsheet: written out, and read in again for hundreds of customers at once."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import TypeVar

from webexhist.errors import UsageError
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.store.entered.contracts import Contract, CountedLicense
from webexhist.texts import FORMULA_STARTS, folded, spreadsheet_text

T = TypeVar("T")

COLUMNS = (
    "subscription",
    "kind",
    "starts",
    "term",
    "allowance",
    "name",
    "apart",
    "license_id",
    "license",
    "organization",
    "counted",
)
"""A row is about a subscription, or, where that is empty, about whether a license is counted."""
FOR_READERS = frozenset({"license", "organization"})
"""Columns that are written for people, and passed over when they come back."""
WORDS = {"yes": True, "no": False}
LONGEST_TERM = 1200
MOST_PERCENT = 1000


@dataclass(frozen=True, slots=True)
class ContractLine:
    """What one line of the file tells: of a subscription, or of a license."""

    number: int
    """Of the line in the file."""
    contract: Contract | None
    license_id: str | None
    counted: bool | None


def contract_row(contract: Contract) -> dict[str, str | int | None]:
    """A contract as it is typed; None is not told."""
    return dict.fromkeys(COLUMNS) | {
        "subscription": contract.subscription,
        "kind": contract.kind,
        "starts": contract.starts.isoformat() if contract.starts else None,
        "term": contract.term,
        "allowance": contract.allowance,
        "name": contract.name,
        "apart": word_of(contract.apart),
    }


def counted_row(by_person: CountedLicense) -> dict[str, str | int | None]:
    """What was said of a license."""
    return dict.fromkeys(COLUMNS) | {
        "license_id": by_person.license.webex_id,
        "license": by_person.license.label,
        "organization": by_person.license.organization,
        "counted": word_of(by_person.counted),
    }


def word_of(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


def contracts_csv(contracts: Sequence[Contract], counted: Sequence[CountedLicense]) -> str:
    """The file's text, which `contract_lines` reads."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in [*map(contract_row, contracts), *map(counted_row, counted)]:
        writer.writerow({name: spreadsheet_text("" if cell is None else str(cell)) for name, cell in row.items()})
    return text.getvalue()


def contract_lines(text: str) -> Iterator[ContractLine]:
    """What the lines of a file tell; an empty cell, like a column that is left out, tells nothing.

    Raises UsageError, with the line's number, for what cannot be meant.
    """
    header = text.partition("\n")[0]
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in header else ",")
    names = [folded(name or "") for name in reader.fieldnames or ()]
    reader.fieldnames = names
    odd = next((name for name in names if name not in COLUMNS), None)
    if odd is not None or not {"subscription", "license_id"} & set(names):
        problem = f"there is no column {odd!r}" if odd is not None else "the first line names no columns"
        raise UsageError(f"line 1: {problem}", f"name some of {', '.join(COLUMNS)}")
    met: set[str] = set()
    for row in reader:
        cells = {name: cell.strip() for name, cell in row.items() if name in COLUMNS and cell and cell.strip()}
        if not cells.keys() - FOR_READERS:
            continue
        line = contract_line(reader.line_num, cells, is_too_long=None in row)
        about = folded(line.contract.subscription if line.contract else line.license_id or "")
        if about in met:
            raise wrong(line.number, f"{about} is told of twice", "tell everything of it on one line")
        met.add(about)
        yield line


def contract_line(number: int, cells: Mapping[str, str], *, is_too_long: bool) -> ContractLine:
    """One line with anything in it."""
    about = {"subscription", "license_id"} & cells.keys()
    if is_too_long or len(about) != 1:
        raise wrong(number, "it is not about one subscription or one license", "fill in subscription or license_id")
    kind, starts, term = cells.get("kind"), cells.get("starts"), cells.get("term")
    allowance, apart = cells.get("allowance"), cells.get("apart")
    if about == {"license_id"}:
        if strangers := cells.keys() - FOR_READERS - {"license_id", "counted"}:
            raise wrong(number, f"a license has no {min(strangers)}", "tell that of its subscription")
        counted = parsed(number, "counted", cells.get("counted", ""), WORDS.__getitem__, "write yes or no")
        return ContractLine(number, None, as_written(cells["license_id"]), counted)
    if "counted" in cells:
        raise wrong(number, "a subscription is not counted", "tell that of its licenses")
    return ContractLine(
        number,
        Contract(
            subscription=as_written(cells["subscription"]),
            kind=parsed(number, "kind", kind, ContractKind, f"write one of {', '.join(ContractKind)}"),
            starts=parsed(number, "starts", starts, date.fromisoformat, "write a day like 2027-03-15"),
            term=parsed(number, "term", term, lambda typed: whole(typed, 1, LONGEST_TERM), "write months, like 36"),
            allowance=parsed(
                number, "allowance", allowance, lambda typed: whole(typed, 0, MOST_PERCENT), "write percent, like 15"
            ),
            name=as_written(cells["name"]) if "name" in cells else None,
            apart=parsed(number, "apart", apart, WORDS.__getitem__, "write yes or no"),
        ),
        None,
        None,
    )


def parsed(number: int, column: str, cell: str | None, read: Callable[[str], T], next_step: str) -> T | None:
    """A cell as what it stands for; None where it is left out."""
    if cell is None:
        return None
    try:
        return read(cell.casefold())
    except (ValueError, KeyError) as error:
        raise wrong(number, f"{cell!r} is no {column}", next_step) from error


def whole(typed: str, least: int, most: int) -> int:
    if not typed.isascii() or not typed.isdecimal() or not least <= int(typed[:9]) <= most:
        raise ValueError(typed)
    return int(typed)


def as_written(cell: str) -> str:
    """The cell without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_STARTS else cell


def wrong(number: int, problem: str, next_step: str) -> UsageError:
    return UsageError(f"line {number}: {problem}", next_step)
