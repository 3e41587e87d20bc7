"""Contracts: what Webex does not say of a subscription, and of what is a seat."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, text, update

from webexhist.contract_kinds import BilledAbove, ContractKind, Renewal
from webexhist.store.entered.changes import Change, Signature, in_words
from webexhist.store.entered.subscriptions import OF_ORGANIZATION
from webexhist.store.entered.typed_texts import require_readable
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.opening.history import History
from webexhist.store.products import forget_product_days, renew_all_products
from webexhist.store.query import Query
from webexhist.store.schema import contract, license_
from webexhist.store.seals.writing import changing
from webexhist.store.times import moment_of
from webexhist.texts import folded


@dataclass(frozen=True, slots=True)
class Contract:
    """A subscription as its contract has it; what was not entered is None."""

    subscription: str
    """Its id, as Webex lists it with every license ("Sub1000001"), in every organization that has it."""
    kind: ContractKind | None = None
    starts: date | None = None
    """The first day of the term; a subscription year begins on that day of every year."""
    term: int | None = None
    """Months until it renews or ends."""
    allowance: Decimal | None = None
    """The growth allowance in percent, with two decimals at most; None for the kind's own."""
    name: str | None = None
    apart: bool | None = None
    """Whether its licenses are judged by themselves."""
    renews: Renewal | None = None
    """Whether the term is followed by another one where nobody does anything."""
    notice: int | None = None
    """How many days before the end of the term a change of it must be announced at the latest."""
    minimum: int | None = None
    """The fewest units of a product that can be bought."""
    judged_on: date | None = None
    """A day that is measured for True Forward, and so is the same day of every year; None for the kind's own."""
    billed_above: BilledAbove | None = None
    """Above what a True Forward bills, where the contract says so."""
    handed_from: str | None = None
    """The subscription whose contract it took over, where nobody entered anything of it yet."""
    signed: Signature | None = field(default=None, compare=False)
    """Who changed anything of it last; None for one that is about to be entered."""
    organizations: int = field(default=1, compare=False)
    """Of an agreement: how many have the subscription."""

    @property
    def facts(self) -> dict[str, Any]:
        """What is entered, by the names of the facts."""
        return {fact: value for fact in FACTS if (value := getattr(self, fact)) is not None}


FACTS = tuple(each.name for each in fields(Contract))[1:-3]
"""What is entered for a subscription; a `Contract` that is entered anew leaves out, as None, what stays."""


@dataclass(frozen=True, slots=True)
class CountedLicense:
    """A person's word on whether the units of a license are seats that were bought."""

    license: StoredLicense
    counted: bool


def _contract(row: Row[Any]) -> Contract:
    return Contract(
        subscription=row.subscription,
        kind=ContractKind(row.kind) if row.kind else None,
        starts=_day(row.starts),
        term=row.term,
        renews=Renewal(row.renews) if row.renews else None,
        notice=row.notice,
        allowance=None if row.allowance is None else percent_of(row.allowance),
        minimum=row.minimum,
        judged_on=_day(row.judged_on),
        billed_above=BilledAbove(row.billed_above) if row.billed_above else None,
        name=row.name,
        apart=None if row.apart is None else bool(row.apart),
        handed_from=row.handed_from,
        signed=Signature(moment_of(row.entered_at), row.entered_by),
        organizations=row.organizations,
    )


_CONTRACTS = """
SELECT subscription, kind, starts, term, renews, notice, allowance, minimum, judged_on, billed_above, name, apart,
  handed_from, entered_at, entered_by, CASE WHEN kind IN ('ea', 'suite-ea')
    THEN (SELECT COUNT(DISTINCT v.organization_id) FROM license_version v
      WHERE v.subscription_id = contract.subscription)
    ELSE 1 END AS organizations
FROM contract"""
CONTRACTS = Query("Contracts", f"{_CONTRACTS} ORDER BY subscription", {}, _contract)

LICENSES_COUNTED_BY_PERSON = text(
    "SELECT organization_id, id, counted_by_person FROM license WHERE counted_by_person IS NOT NULL"
)


def percent_of(stored: float) -> Decimal:
    """Percent with the decimals that a person gave: 15, 12.5."""
    hundredths = round(100 * stored)
    return Decimal(hundredths // 100) if hundredths % 100 == 0 else Decimal(hundredths).scaleb(-2).normalize()


def contracts(history: History) -> tuple[Contract, ...]:
    """Every contract, by the id of its subscription."""
    return history.read(CONTRACTS)


def contracts_of(organization: int) -> Query[Contract]:
    """The contracts of the subscriptions that an organization has or had."""
    own = f"{_CONTRACTS} WHERE subscription IN ({OF_ORGANIZATION}) ORDER BY subscription"
    return Query("Contracts", own, {"organization": organization}, _contract)


def licenses_counted_by_person(history: History, licenses: Iterable[StoredLicense]) -> tuple[CountedLicense, ...]:
    """The licenses of which a person said whether they are counted."""
    by_person = {
        (row.organization_id, row.id): bool(row.counted_by_person)
        for row in history.connection.execute(LICENSES_COUNTED_BY_PERSON)
    }
    return tuple(
        CountedLicense(each, by_person[each.organization_id, each.id])
        for each in licenses
        if (each.organization_id, each.id) in by_person
    )


def entered_again(before: Contract, given: Contract) -> Contract:
    """What is known after a contract was entered anew: what is not given again stays.

    One that was handed on becomes a person's own, unless it is given as it was handed on.

    Raises UsageError for a name that nobody would read to its end.
    """
    if given.name is not None:
        require_readable(given.name)
    after = replace(before, **given.facts, handed_from=given.handed_from)
    return before if after == before else replace(after, handed_from=None)


def store_contract(connection: Connection, before: Contract, after: Contract, signed: Signature) -> list[Change]:
    """Stores a contract in place of what was entered before; returns what has changed by it."""
    changes = list(_changes(before, after))
    if changes:
        values = {fact: _stored(getattr(after, fact)) for fact in FACTS}
        connection.execute(delete(contract).where(contract.c.subscription == after.subscription))
        connection.execute(insert(contract).values(subscription=after.subscription, **values, **signed.columns))
    return changes


def store_counted(connection: Connection, chosen: StoredLicense, counted: bool | None) -> Iterator[Change]:
    """Stores whether a license is counted, or (None) forgets what was said of it; gives what has changed by it."""
    row = (license_.c.organization_id == chosen.organization_id) & (license_.c.id == chosen.id)
    stored = connection.scalar(select(license_.c.counted_by_person).where(row))
    before = None if stored is None else bool(stored)
    if before != counted:
        value = None if counted is None else int(counted)
        connection.execute(update(license_).where(row).values(counted_by_person=value))
        forget_product_days(connection, [chosen.organization_id])
        yield Change(chosen.label, "counted", in_words(before), in_words(counted))


def remove_contract(engine: Engine, subscription: str) -> bool:
    """Forgets the contract of a subscription, whatever letters it is given in; returns whether there was one."""
    with changing(engine, contract, license_) as connection:
        stored = {folded(each.subscription): each.subscription for each in contracts(History(connection))}
        found = stored.get(folded(subscription))
        connection.execute(delete(contract).where(contract.c.subscription == found))
        renew_all_products(connection)
        return found is not None


def remove_counted(engine: Engine, chosen: StoredLicense) -> tuple[Change, ...]:
    """Forgets what was said of a license; returns what has changed by it."""
    with changing(engine, license_) as connection:
        return tuple(store_counted(connection, chosen, None))


def _changes(before: Contract, after: Contract) -> Iterator[Change]:
    for fact in FACTS:
        old, new = getattr(before, fact), getattr(after, fact)
        if old != new:
            yield Change(after.subscription, fact.replace("_", " "), in_words(old), in_words(new))
    if before.handed_from and not after.handed_from:
        yield Change(after.subscription, "handed on by", before.handed_from, None)


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None


def _stored(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case bool():
            return int(value)
        case Decimal():
            return float(value)
    return value
