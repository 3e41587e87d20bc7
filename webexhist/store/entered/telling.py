"""What people tell of contracts is stored: all of it or nothing."""

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

Told = Contract | CountedLicense | GivenPrice | GivenOrder | Settlement


def tell(engine: Engine, told: Sequence[Told], signed: Signature, lines: Sequence[int] = ()) -> tuple[Change, ...]:
    """Stores what is told, all or nothing; what is not told again stays. Returns what has changed by it.

    `lines` are the numbers of the lines of a file that each of it comes from.

    Raises:
        UsageError: no license that was ever polled belongs to a subscription, or a price lacks its day.
    """
    with changing(engine, contract, license_, *NUMBERED) as connection:
        book = _Book(connection, signed)
        changes: list[Change] = []
        for each, line in zip_longest(told, lines):
            with at_line(line):
                changes += book.stored(each)
        for subscription in sorted(book.told_of):
            hand_on_entered(connection, subscription)
        if any(isinstance(each, Contract | CountedLicense) for each in told):
            renew_all_products(connection)
        return tuple(changes)


class _Book:
    """What is stored already, while more is told."""

    def __init__(self, connection: Connection, signed: Signature) -> None:
        self.connection = connection
        self.signed = signed
        self.subscriptions = KnownSubscriptions(connection)
        self.contracts = {each.subscription: each for each in contracts(History(connection))}
        self.told_of: set[str] = set()
        """Subscriptions whose contract or price was told."""

    def stored(self, told: Told) -> Iterator[Change]:
        match told:
            case Contract():
                subscription = self.subscriptions.required(told.subscription)
                before = self.contracts.get(subscription, Contract(subscription))
                self.contracts[subscription] = after = entered_again(before, told)
                self.told_of.add(subscription)
                yield from store_contract(self.connection, before, after, self.signed)
            case CountedLicense():
                yield from store_counted(self.connection, told.license, told.counted)
            case GivenPrice():
                of = self.subscriptions.required(told.of) if isinstance(told.of, str) else told.of
                self.told_of |= {of} if isinstance(of, str) else set()
                yield from store_price(self.connection, replace(told, of=of), self.signed)
            case GivenOrder():
                yield from store_order(self.connection, told, self.signed)
            case Settlement():
                subscription = self.subscriptions.required(told.subscription)
                yield from store_settlement(self.connection, replace(told, subscription=subscription), self.signed)
