"""Settlements: what a True Forward came to, once it was dealt with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, text, update

from webexhist.money import amount_in_words, minor_units, of_minor_units
from webexhist.store.entered.changes import Change, Signature, counted
from webexhist.store.entered.subscriptions import OF_ORGANIZATION
from webexhist.store.entry_numbers import next_number
from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.schema import settlement
from webexhist.store.times import moment_of


@dataclass(frozen=True, slots=True)
class Settlement:
    """The latest judgment of a subscription on or before a day is dealt with, for so many units."""

    subscription: str
    """As Webex writes it."""
    on: date
    units: int
    amount: Decimal | None = None
    """What was invoiced, where that was entered."""
    currency: str | None = None
    organizations: int = field(default=1, compare=False)
    """How many have or had the subscription: it counts in each of them."""
    number: int = field(default=0, compare=False)
    """By which it is removed; 0 for one that is about to be entered."""
    signed: Signature | None = field(default=None, compare=False)

    @property
    def in_words(self) -> str:
        """ "4 units, 480.00 EUR"."""
        if self.amount is None or self.currency is None:
            return counted(self.units)
        return f"{counted(self.units)}, {amount_in_words(self.amount, self.currency)}"


def _settlement(row: Row[Any]) -> Settlement:
    return Settlement(
        subscription=row.subscription,
        on=date.fromisoformat(row.settled_on),
        units=row.units,
        amount=None if row.amount is None else of_minor_units(row.amount, row.currency),
        currency=row.currency,
        organizations=row.organizations,
        number=row.number,
        signed=Signature(moment_of(row.entered_at), row.entered_by),
    )


_SETTLEMENTS = """
SELECT number, subscription, settled_on, units, amount, currency, entered_at, entered_by,
  (SELECT COUNT(DISTINCT organization_id) FROM license_version
    WHERE subscription_id = settlement.subscription) AS organizations
FROM settlement"""
SETTLEMENTS = Query("Settlements", f"{_SETTLEMENTS} ORDER BY settled_on, number", {}, _settlement)


def settlements(history: History) -> tuple[Settlement, ...]:
    """Every settlement, oldest day first."""
    return history.read(SETTLEMENTS)


def settlements_of(organization: int) -> Query[Settlement]:
    """Those of the subscriptions that an organization has or had."""
    own = f"{_SETTLEMENTS} WHERE subscription IN ({OF_ORGANIZATION}) ORDER BY settled_on, number"
    return Query("Settlements", own, {"organization": organization}, _settlement)


def store_settlement(connection: Connection, given: Settlement, signed: Signature) -> Iterator[Change]:
    """Stores a settlement, in place of one of the same subscription and day; gives what has changed by it."""
    key = {"subscription": given.subscription, "settled_on": given.on.isoformat()}
    of_day = text(f"{_SETTLEMENTS} WHERE subscription = :subscription AND settled_on = :settled_on")
    stored = connection.execute(of_day, key).one_or_none()
    before = _settlement(stored) if stored else None
    if before == given:
        return
    amount = None if given.amount is None or given.currency is None else minor_units(given.amount, given.currency)
    values = {"units": given.units, "amount": amount, "currency": given.currency} | signed.columns
    if before is None:
        connection.execute(insert(settlement).values(**key, **values, number=next_number(connection)))
    else:
        chosen = settlement.c.number == before.number
        connection.execute(update(settlement).where(chosen).values(**values))
    stored = connection.execute(of_day, key).one()
    shared = f", in each of {stored.organizations} organizations" if stored.organizations > 1 else ""
    fact = f"settlement on {given.on}{shared}"
    yield Change(given.subscription, fact, before.in_words if before else None, given.in_words)
