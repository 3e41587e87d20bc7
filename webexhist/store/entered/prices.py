"""Prices: what one unit of a license costs."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Engine, delete, insert

from webexhist.errors import UsageError
from webexhist.store.entered.changes import changing
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.schema import price

HUNDREDTHS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """What one purchased unit of a license costs a month."""

    license_id: str
    """The license's id at Webex."""
    amount: Decimal
    """In units of the currency, with two decimals."""
    currency: str
    """ISO 4217 code."""


PRICES = Query(
    "Prices",
    """
SELECT license.webex_id, amount, currency FROM price
JOIN license ON license.organization_id = price.organization_id AND license.id = price.license_id
ORDER BY license.name, license.webex_id
""",
    {},
    lambda row: Price(row.webex_id, row.amount * HUNDREDTHS, row.currency),
)


def prices(history: History) -> tuple[Price, ...]:
    """Every price, by the license's name."""
    return history.read(PRICES)


def set_price(engine: Engine, license_: StoredLicense, amount: Decimal, currency: str) -> None:
    """Stores what one unit of a license costs a month, in place of the price before."""
    with changing(engine, price) as connection:
        connection.execute(delete(price).where(_price_of(license_)))
        key = {"organization_id": license_.organization_id, "license_id": license_.id}
        connection.execute(insert(price).values(**key, amount=int(amount / HUNDREDTHS), currency=currency))


def remove_price(engine: Engine, license_: StoredLicense) -> None:
    """Forgets a price. Raises UsageError where there is none."""
    with changing(engine, price) as connection:
        if not connection.execute(delete(price).where(_price_of(license_))).rowcount:
            raise UsageError(f"{license_.label} has no price", "see webexhist price list")


def _price_of(license_: StoredLicense) -> ColumnElement[bool]:
    return (price.c.organization_id == license_.organization_id) & (price.c.license_id == license_.id)
