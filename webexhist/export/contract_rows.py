"""Everything that was entered for contracts, as rows of one table: a spreadsheet's, or a program's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webexhist.store.entered.changes import Signature
from webexhist.store.entered.contracts import Contract, CountedLicense
from webexhist.store.entered.orders import Order
from webexhist.store.entered.prices import Price
from webexhist.store.entered.settlements import Settlement
from webexhist.store.names.licenses import StoredLicense

Cell = str | int | float | None
ContractRow = dict[str, Cell]

COLUMNS = (
    "subscription",
    "kind",
    "starts",
    "term",
    "renews",
    "notice",
    "allowance",
    "minimum",
    "judged_on",
    "billed_above",
    "name",
    "apart",
    "license_id",
    "license",
    "organization",
    "counted",
    "entry",
    "day",
    "units",
    "amount",
    "currency",
    "handed_from",
    "number",
    "entered_at",
    "entered_by",
)
"""A row is about a subscription, about whether a license is counted, or an entry: a price, an order, a settlement."""
FOR_READERS = frozenset({"license", "organization", "handed_from", "number", "entered_at", "entered_by"})
"""Columns that are written for people, and passed over when they come back; but the organization says which license
is meant where several have one id, and in which one a settlement counts."""
ENTRIES = ("price", "order", "settlement")


@dataclass(frozen=True, slots=True, kw_only=True)
class EverythingEntered:
    """All that people entered for contracts."""

    contracts: Sequence[Contract]
    counted: Sequence[CountedLicense]
    prices: Sequence[Price]
    orders: Sequence[Order]
    settlements: Sequence[Settlement]
    licenses: Mapping[tuple[str | None, str], StoredLicense]
    """By the organization's id at Webex and their own: those that prices and orders are of."""
    organizations: Mapping[str, str]
    """What organizations are called, by their ids at Webex."""


def rows_of(entered: EverythingEntered) -> Iterator[ContractRow]:
    """A row for each thing that was entered."""
    yield from map(contract_row, entered.contracts)
    yield from map(counted_row, entered.counted)
    for price in sorted(entered.prices, key=lambda each: (str(each.since or ""), each.number)):
        yield price_row(price, entered.licenses)
    for order in entered.orders:
        yield order_row(order, entered.licenses)
    for settlement in entered.settlements:
        yield settlement_row(settlement, entered.organizations)


def contract_row(contract: Contract) -> ContractRow:
    """A contract as it is typed; None is not entered."""
    return empty() | {
        "subscription": contract.subscription,
        "kind": contract.kind,
        "starts": contract.starts.isoformat() if contract.starts else None,
        "term": contract.term,
        "renews": contract.renews,
        "notice": contract.notice,
        "allowance": None if contract.allowance is None else percent(contract.allowance),
        "minimum": contract.minimum,
        "judged_on": contract.judged_on.isoformat() if contract.judged_on else None,
        "billed_above": contract.billed_above,
        "name": contract.name,
        "apart": word_of(contract.apart),
        "handed_from": contract.handed_from,
        **signature(contract.signed),
    }


def counted_row(by_person: CountedLicense) -> ContractRow:
    """What was said of a license."""
    return empty() | described(by_person.license) | {"counted": word_of(by_person.counted)}


def price_row(price: Price, licenses: Mapping[tuple[str | None, str], StoredLicense]) -> ContractRow:
    """A price as a row."""
    of: ContractRow = (
        {"subscription": price.subscription}
        if price.license_id is None
        else described(licenses[price.organization, price.license_id])
    )
    return (
        empty()
        | of
        | {
            "entry": "price",
            "day": price.since.isoformat() if price.since else None,
            "amount": f"{price.amount:f}",
            "currency": price.currency,
            "number": price.number,
            **signature(price.signed),
        }
    )


def order_row(order: Order, licenses: Mapping[tuple[str | None, str], StoredLicense]) -> ContractRow:
    """An order as a row."""
    return (
        empty()
        | described(licenses[order.organization, order.license_id])
        | {
            "entry": "order",
            "day": order.since.isoformat(),
            "units": order.units,
            "number": order.number,
            **signature(order.signed),
        }
    )


def settlement_row(settlement: Settlement, organizations: Mapping[str, str]) -> ContractRow:
    """A settlement as a row."""
    return empty() | {
        "subscription": settlement.subscription,
        "organization": None if settlement.organization is None else organizations[settlement.organization],
        "entry": "settlement",
        "day": settlement.on.isoformat(),
        "units": settlement.units,
        "amount": None if settlement.amount is None else f"{settlement.amount:f}",
        "currency": settlement.currency,
        "number": settlement.number,
        **signature(settlement.signed),
    }


def empty() -> ContractRow:
    """A row in which nothing is known."""
    return dict.fromkeys(COLUMNS)


def described(license_: StoredLicense) -> ContractRow:
    """The cells that name a license."""
    return {"license_id": license_.webex_id, "license": license_.label, "organization": license_.organization}


def signature(signed: Signature | None) -> ContractRow:
    """The cells that say who entered it, and when."""
    if signed is None:
        return {}
    return {"entered_at": f"{signed.at:%Y-%m-%d %H:%M:%S}", "entered_by": signed.by}


def percent(value: Decimal) -> int | float:
    """15 or 12.5."""
    return int(value) if value == int(value) else float(value)


def word_of(value: bool | None) -> str | None:
    """yes or no; None where neither was entered."""
    return None if value is None else "yes" if value else "no"
