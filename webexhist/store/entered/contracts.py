"""Contracts: what Webex does not tell of a subscription, and of what is a seat."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, text, update

from webexhist.errors import UsageError
from webexhist.store.entered.changes import changing
from webexhist.store.entered.contract_kinds import ContractKind
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.names.suggestions import did_you_mean
from webexhist.store.opening.history import History
from webexhist.store.products import renew_all_products
from webexhist.store.query import Query
from webexhist.store.schema import contract, license_
from webexhist.texts import folded


@dataclass(frozen=True, slots=True)
class Contract:
    """A subscription as its contract has it; what was not told is None."""

    subscription: str
    """Its id, as Webex lists it with every license ("Sub1000001"), in every organization that has it."""
    kind: ContractKind | None = None
    starts: date | None = None
    """The first day of the term; a subscription year begins on that day of every year."""
    term: int | None = None
    """Months until it renews or ends."""
    allowance: int | None = None
    """The growth allowance in percent; None for the rule's own."""
    name: str | None = None
    apart: bool | None = None
    """Whether its licenses are judged by themselves."""
    handed_from: str | None = None
    """The subscription whose contract it took over, where nobody told anything of it yet."""


MOST_NAMED = 10
FACTS = tuple(field.name for field in fields(Contract))[1:-1]
"""What is told of a subscription; a `Contract` that is told anew leaves out, as None, what stays."""


@dataclass(frozen=True, slots=True)
class CountedLicense:
    """A person's word on whether the units of a license are seats that were bought."""

    license: StoredLicense
    counted: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What is told now of a subscription or license, and what was told before; None is nothing."""

    of: str
    fact: str
    before: str | None
    after: str | None


def _contract(row: Row[Any]) -> Contract:
    return Contract(
        subscription=row.subscription,
        kind=ContractKind(row.kind) if row.kind else None,
        starts=date.fromisoformat(row.starts) if row.starts else None,
        term=row.term,
        allowance=None if row.allowance is None else int(row.allowance),
        name=row.name,
        apart=None if row.apart is None else bool(row.apart),
        handed_from=row.handed_from,
    )


CONTRACTS = Query(
    "Contracts",
    """
SELECT subscription, kind, starts, term, allowance, name, apart, handed_from FROM contract ORDER BY subscription
""",
    {},
    _contract,
)

KNOWN_SUBSCRIPTIONS = text("""
SELECT subscription_id FROM license_version WHERE subscription_id IS NOT NULL
UNION SELECT subscription_id FROM license WHERE subscription_id IS NOT NULL ORDER BY 1
""")
LICENSES_COUNTED_BY_PERSON = text(
    "SELECT organization_id, id, counted_by_person FROM license WHERE counted_by_person IS NOT NULL"
)


def contracts(history: History) -> tuple[Contract, ...]:
    """Every contract, by the id of its subscription."""
    return history.read(CONTRACTS)


def licenses_counted_by_person(history: History, licenses: Iterable[StoredLicense]) -> tuple[CountedLicense, ...]:
    """Those of which a person said whether they are counted."""
    by_person = {
        (row.organization_id, row.id): bool(row.counted_by_person)
        for row in history.connection.execute(LICENSES_COUNTED_BY_PERSON)
    }
    return tuple(
        CountedLicense(each, by_person[each.organization_id, each.id])
        for each in licenses
        if (each.organization_id, each.id) in by_person
    )


def tell(engine: Engine, given: Sequence[Contract], counted: Sequence[CountedLicense] = ()) -> tuple[Change, ...]:
    """Stores what is told of subscriptions and licenses, all or nothing; what is not told again stays.

    Returns what has changed by it. Raises UsageError where no license that was ever polled belongs to a subscription.
    """
    with changing(engine, contract, license_) as connection:
        known = connection.scalars(KNOWN_SUBSCRIPTIONS).all()
        stored = {each.subscription: each for each in contracts(History(connection))}
        changes: list[Change] = []
        for each in given:
            subscription = _known(each.subscription, known)
            before = stored.get(subscription, Contract(subscription))
            after = Contract(subscription, *(_given_or_kept(each, before, fact) for fact in FACTS))
            changes += _changes(before, after)
            _store(connection, after)
            stored[subscription] = after
        for by_person in counted:
            changes += _count(connection, by_person.license, by_person.counted)
        renew_all_products(connection)
        return tuple(changes)


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
        return tuple(_count(connection, chosen, None))


def _known(subscription: str, known: Iterable[str]) -> str:
    """The subscription as Webex writes it."""
    written = {folded(each): each for each in known}
    found = written.get(folded(subscription))
    if found is None:
        named = f"choose one of {', '.join(written.values())}" if 0 < len(written) <= MOST_NAMED else ""
        raise UsageError(
            f"there is no subscription {subscription}",
            did_you_mean(subscription, written.values(), named or "webexhist history lists those that were polled"),
        )
    return found


def _given_or_kept(given: Contract, before: Contract, fact: str) -> Any:
    value = getattr(given, fact)
    return getattr(before, fact) if value is None else value


def _changes(before: Contract, after: Contract) -> Iterator[Change]:
    for fact in FACTS:
        old, new = getattr(before, fact), getattr(after, fact)
        if old != new:
            yield Change(after.subscription, fact, in_words(old), in_words(new))
    if before.handed_from:
        yield Change(after.subscription, "handed on by", before.handed_from, None)


def in_words(value: object) -> str | None:
    """A fact as it is typed; None where nothing is told."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _store(connection: Connection, after: Contract) -> None:
    values = {fact: getattr(after, fact) for fact in FACTS}
    values["starts"] = after.starts.isoformat() if after.starts else None
    values["apart"] = None if after.apart is None else int(after.apart)
    connection.execute(delete(contract).where(contract.c.subscription == after.subscription))
    connection.execute(insert(contract).values(subscription=after.subscription, **values))


def _count(connection: Connection, chosen: StoredLicense, counted: bool | None) -> Iterator[Change]:
    row = (license_.c.organization_id == chosen.organization_id) & (license_.c.id == chosen.id)
    stored = connection.scalar(select(license_.c.counted_by_person).where(row))
    before = None if stored is None else bool(stored)
    if before != counted:
        value = None if counted is None else int(counted)
        connection.execute(update(license_).where(row).values(counted_by_person=value))
        yield Change(chosen.label, "counted", in_words(before), in_words(counted))
