"""Settlements: what a True Forward came to, once it was dealt with."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, text, update

from webexhist.errors import UsageError
from webexhist.money import amount_in_words, minor_units, of_minor_units
from webexhist.quantities import quantity
from webexhist.store.entered.changes import Change, Signature
from webexhist.store.entered.subscriptions import OF_ORGANIZATION
from webexhist.store.entry_numbers import next_number
from webexhist.store.opening.history import History
from webexhist.store.organization_labels import labels_by_id
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
    organization: str | None = None
    """The id at Webex of the one organization in which it counts; None: in each that has the subscription."""
    organizations: int = field(default=1, compare=False)
    """In how many it counts."""
    number: int = field(default=0, compare=False)
    """By which it is removed; 0 for one that is about to be entered."""
    signed: Signature | None = field(default=None, compare=False)

    @property
    def in_words(self) -> str:
        """ "4 units, 480.00 EUR"."""
        if self.amount is None or self.currency is None:
            return quantity(self.units, "unit")
        return f"{quantity(self.units, 'unit')}, {amount_in_words(self.amount, self.currency)}"


def _settlement(row: Row[Any]) -> Settlement:
    return Settlement(
        subscription=row.subscription,
        on=date.fromisoformat(row.settled_on),
        units=row.units,
        amount=None if row.amount is None else of_minor_units(row.amount, row.currency),
        currency=row.currency,
        organization=row.organization,
        organizations=row.organizations,
        number=row.number,
        signed=Signature(moment_of(row.entered_at), row.entered_by),
    )


_SETTLEMENTS = """
SELECT s.number, s.subscription, s.settled_on, s.units, s.amount, s.currency, s.entered_at, s.entered_by,
  organization.webex_id AS organization, CASE WHEN s.organization_id IS NULL
    THEN (SELECT COUNT(DISTINCT v.organization_id) FROM license_version v WHERE v.subscription_id = s.subscription)
    ELSE 1 END AS organizations
FROM settlement s LEFT JOIN organization ON organization.id = s.organization_id"""
SETTLEMENTS = Query("Settlements", f"{_SETTLEMENTS} ORDER BY s.settled_on, s.number", {}, _settlement)
_OF_DAY = text(
    f"{_SETTLEMENTS} WHERE s.subscription = :subscription AND s.settled_on = :settled_on ORDER BY s.number"
)
_BEARER = text("""
SELECT o.id FROM organization o WHERE o.webex_id = :organization AND EXISTS (
  SELECT 1 FROM license_version v WHERE v.organization_id = o.id AND v.subscription_id = :subscription)
""")


def settlements(history: History) -> tuple[Settlement, ...]:
    """Every settlement, oldest day first."""
    return history.read(SETTLEMENTS)


def settlements_of(organization: int) -> Query[Settlement]:
    """The settlements of subscriptions that an organization has or had, but for those of another one alone."""
    own = f"""{_SETTLEMENTS}
WHERE s.subscription IN ({OF_ORGANIZATION}) AND (s.organization_id IS NULL OR s.organization_id = :organization)
ORDER BY s.settled_on, s.number"""
    return Query("Settlements", own, {"organization": organization}, _settlement)


def store_settlement(connection: Connection, given: Settlement, signed: Signature) -> Iterator[Change]:
    """Stores a settlement, in place of one of the same subscription, day and organization; gives what has changed.

    Of one day it counts in each organization or in some that are named, and what was entered last says which.
    Raises UsageError where the organization never had the subscription.
    """
    bearer = None if given.organization is None else _bearer(connection, given)
    key = {"subscription": given.subscription, "settled_on": given.on.isoformat()}
    stored = [_settlement(row) for row in connection.execute(_OF_DAY, key)]
    before = next((each for each in stored if each.organization == given.organization), None)
    if before == given:
        return
    for each in stored:
        if (each.organization is None) != (given.organization is None):
            connection.execute(delete(settlement).where(settlement.c.number == each.number))
            yield Change(given.subscription, _fact(connection, each), each.in_words, None)
    amount = None if given.amount is None or given.currency is None else minor_units(given.amount, given.currency)
    values = {"units": given.units, "amount": amount, "currency": given.currency} | signed.columns
    if before is None:
        own = key | {"organization_id": bearer, "number": next_number(connection)}
        connection.execute(insert(settlement).values(**own, **values))
    else:
        chosen = settlement.c.number == before.number
        connection.execute(update(settlement).where(chosen).values(**values))
    after = next(each for each in map(_settlement, connection.execute(_OF_DAY, key)) if each == given)
    yield Change(given.subscription, _fact(connection, after), before.in_words if before else None, given.in_words)


def _bearer(connection: Connection, given: Settlement) -> int:
    """The row of the organization in which it counts."""
    key = {"organization": given.organization, "subscription": given.subscription}
    row: int | None = connection.scalar(_BEARER, key)
    if row is None:
        name = labels_by_id(connection).get(given.organization or "", given.organization)
        raise UsageError(f"{name} has no licenses of {given.subscription}", "name an organization that has")
    return row


def _fact(connection: Connection, stored: Settlement) -> str:
    """ "settlement on 2026-11-10", and of which organizations where the subscription has several or one is named."""
    if stored.organization is not None:
        return f"settlement on {stored.on}, of {labels_by_id(connection)[stored.organization]}"
    shared = f", in each of {stored.organizations} organizations" if stored.organizations > 1 else ""
    return f"settlement on {stored.on}{shared}"
