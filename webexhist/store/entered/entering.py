"""What people enter of contracts is stored: all of it or nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from sqlalchemy import Connection, Engine

from webexhist.store.entered.changes import Change, Signature, at_line
from webexhist.store.entered.contracts import (
    Contract,
    CountedLicense,
    contracts,
    entered_again,
    store_contract,
    store_counted,
)
from webexhist.store.entered.numbered import NUMBERED
from webexhist.store.entered.orders import GivenOrder, store_order
from webexhist.store.entered.prices import GivenPrice, store_price
from webexhist.store.entered.settlements import Settlement, store_settlement
from webexhist.store.entered.subscriptions import KnownSubscriptions
from webexhist.store.handed_contracts import hand_on_entered
from webexhist.store.opening.history import History
from webexhist.store.products import renew_all_products
from webexhist.store.schema import contract, license_
from webexhist.store.seals.writing import changing

Entry = Contract | CountedLicense | GivenPrice | GivenOrder | Settlement


def enter(
    engine: Engine, entries: Sequence[Entry], signed: Signature, lines: Sequence[int] = ()
) -> tuple[Change, ...]:
    """Stores what people enter, all or nothing; what is not entered again stays. Returns what has changed by it.

    `lines` are the numbers of the lines of a file that each of it comes from.

    Raises:
        UsageError: no license that was ever polled belongs to a subscription, or a price lacks its day.
    """
    with changing(engine, contract, license_, *NUMBERED) as connection:
        book = _Book(connection, signed)
        changes: list[Change] = []
        for each, line in zip_longest(entries, lines):
            with at_line(line):
                changes += book.stored(each)
        for subscription in sorted(book.handed):
            hand_on_entered(connection, subscription)
        if any(isinstance(each, Contract | CountedLicense) for each in entries):
            renew_all_products(connection)
        return tuple(changes)


class _Book:
    """What is stored already, while more is entered."""

    def __init__(self, connection: Connection, signed: Signature) -> None:
        self.connection = connection
        self.signed = signed
        self.subscriptions = KnownSubscriptions(connection)
        self.contracts = {each.subscription: each for each in contracts(History(connection))}
        self.handed: set[str] = set()
        """Subscriptions whose contract or price was entered."""

    def stored(self, entry: Entry) -> Iterator[Change]:
        match entry:
            case Contract():
                subscription = self.subscriptions.required(entry.subscription)
                before = self.contracts.get(subscription, Contract(subscription))
                self.contracts[subscription] = after = entered_again(before, entry)
                self.handed.add(subscription)
                yield from store_contract(self.connection, before, after, self.signed)
            case CountedLicense():
                yield from store_counted(self.connection, entry.license, entry.counted)
            case GivenPrice():
                of = self.subscriptions.required(entry.of) if isinstance(entry.of, str) else entry.of
                self.handed |= {of} if isinstance(of, str) else set()
                yield from store_price(self.connection, replace(entry, of=of), self.signed)
            case GivenOrder():
                yield from store_order(self.connection, entry, self.signed)
            case Settlement():
                subscription = self.subscriptions.required(entry.subscription)
                yield from store_settlement(self.connection, replace(entry, subscription=subscription), self.signed)
