"""Orders: units that were bought for a day on, whether Webex lists them or not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from webexhist.quantities import quantity
from webexhist.store.entered.changes import Change, Signature
from webexhist.store.entry_numbers import next_number
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.schema import purchase_order
from webexhist.store.times import moment_of


@dataclass(frozen=True, slots=True)
class Order:
    """Units that were ordered beside those that were purchased before: they raise what True Forward lets pass."""

    organization: str
    """The id at Webex of the license's organization."""
    license_id: str
    """The license's id at Webex."""
    units: int
    since: date
    """The first day on which they count."""
    number: int = field(default=0, compare=False)
    """By which it is removed."""
    signed: Signature | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class GivenOrder:
    """An order that is about to be entered."""

    of: StoredLicense
    units: int
    since: date


def _order(row: Row[Any]) -> Order:
    return Order(
        organization=row.organization,
        license_id=row.license_id,
        units=row.units,
        since=date.fromisoformat(row.since),
        number=row.number,
        signed=Signature(moment_of(row.entered_at), row.entered_by),
    )


_ORDERS = """
SELECT o.number, organization.webex_id AS organization, license.webex_id AS license_id, o.units, o.since,
  o.entered_at, o.entered_by
FROM purchase_order o
JOIN license ON license.organization_id = o.organization_id AND license.id = o.license_id
JOIN organization ON organization.id = o.organization_id"""
ORDERS = Query("Orders", f"{_ORDERS} ORDER BY o.since, o.number", {}, _order)


def orders(history: History) -> tuple[Order, ...]:
    """Every order, the first to count first."""
    return history.read(ORDERS)


def orders_of(organization: int) -> Query[Order]:
    """The orders for an organization's licenses."""
    own = f"{_ORDERS} WHERE o.organization_id = :organization ORDER BY o.since, o.number"
    return Query("Orders", own, {"organization": organization}, _order)


def store_order(connection: Connection, given: GivenOrder, signed: Signature) -> Iterator[Change]:
    """Stores an order, in place of one of the same license and day; gives what has changed by it."""
    since = given.since.isoformat()
    key = {"organization_id": given.of.organization_id, "license_id": given.of.id, "since": since}
    stored = connection.execute(
        select(purchase_order.c.number, purchase_order.c.units).filter_by(**key)
    ).one_or_none()
    if stored is None:
        values = key | {"number": next_number(connection), "units": given.units} | signed.columns
        connection.execute(insert(purchase_order).values(**values))
    elif stored.units != given.units:
        chosen = purchase_order.c.number == stored.number
        connection.execute(update(purchase_order).where(chosen).values(units=given.units, **signed.columns))
    else:
        return
    before = quantity(stored.units, "unit") if stored else None
    yield Change(given.of.label, f"order from {since}", before, quantity(given.units, "unit"))
