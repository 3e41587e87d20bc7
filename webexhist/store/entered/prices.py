"""Prices: what one unit of a license costs a month, or one seat of all that a subscription holds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, text, update

from webexhist.errors import UsageError
from webexhist.money import amount_in_words, decimals_of, minor_units, of_minor_units
from webexhist.store.entered.changes import Change, Signature
from webexhist.store.entered.subscriptions import OF_ORGANIZATION
from webexhist.store.entry_numbers import next_number
from webexhist.store.names.licenses import StoredLicense
from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.schema import price
from webexhist.store.times import moment_of


@dataclass(frozen=True, slots=True)
class Price:
    """What one purchased unit costs a month, from a day on until the next price of the same holds."""

    organization: str | None
    """The id at Webex of the license's organization; None for the price of a subscription's seat."""
    license_id: str | None
    """The license's id at Webex; None for the price of a subscription's seat."""
    subscription: str | None
    """Of all whose licenses one seat has one; None for the price of a license."""
    amount: Decimal
    """In units of the currency, with that currency's decimals."""
    currency: str
    """ISO 4217 code."""
    since: date | None = None
    """The first day on which it holds; None, as for what was entered first, from the beginning."""
    number: int = field(default=0, compare=False)
    """By which it is removed."""
    signed: Signature | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class GivenPrice:
    """A price that is about to be entered."""

    of: StoredLicense | str
    """A license, or a subscription as Webex writes it."""
    amount: Decimal
    currency: str
    since: date | None = None

    @property
    def label(self) -> str:
        """What it is a price of, for people."""
        return self.of if isinstance(self.of, str) else self.of.label


def _price(row: Row[Any]) -> Price:
    return Price(
        organization=row.organization,
        license_id=row.license_id,
        subscription=row.subscription,
        amount=of_minor_units(row.amount, row.currency),
        currency=row.currency,
        since=date.fromisoformat(row.since) if row.since else None,
        number=row.number,
        signed=Signature(moment_of(row.entered_at), row.entered_by),
    )


_PRICES = """
SELECT price.number, organization.webex_id AS organization, license.webex_id AS license_id, price.subscription,
  price.amount, price.currency, price.since, price.entered_at, price.entered_by
FROM price
LEFT JOIN license ON license.organization_id = price.organization_id AND license.id = price.license_id
LEFT JOIN organization ON organization.id = price.organization_id"""
PRICES = Query("Prices", f"{_PRICES} ORDER BY price.number", {}, _price)

_OF_LINEAGE = text("""
SELECT entered.number, entered.license_id, entered.amount, entered.currency, entered.since FROM price entered
JOIN license priced ON priced.organization_id = entered.organization_id AND priced.id = entered.license_id
WHERE entered.organization_id = :organization_id AND priced.lineage_id = (
  SELECT lineage_id FROM license WHERE organization_id = :organization_id AND id = :license_id)
ORDER BY coalesce(entered.since, ''), entered.number
""")
_OF_SUBSCRIPTION = text("""
SELECT number, license_id, amount, currency, since FROM price WHERE subscription = :subscription
ORDER BY coalesce(since, ''), number
""")


def prices(history: History) -> tuple[Price, ...]:
    """Every price, by its number."""
    return history.read(PRICES)


def prices_of(organization: int) -> Query[Price]:
    """The prices of an organization's licenses, and of subscriptions that it has or had."""
    own = f"""{_PRICES}
WHERE price.organization_id = :organization OR price.subscription IN ({OF_ORGANIZATION})
ORDER BY price.number"""
    return Query("Prices", own, {"organization": organization}, _price)


def last_currency(history: History, of: StoredLicense | str) -> str | None:
    """The currency of the price that was entered to hold last; None where no price was entered."""
    stored = _stored_prices(history.connection, of)
    return str(stored[-1].currency) if stored else None


def store_price(connection: Connection, given: GivenPrice, signed: Signature) -> Iterator[Change]:
    """Stores a price, in place of one of the same day; gives what has changed by it.

    Raises UsageError where another price holds from the beginning already and no day is given.
    """
    stored = _stored_prices(connection, given.of)
    since = given.since.isoformat() if given.since else None
    same_day = next((row for row in stored if row.since == since), None)
    if same_day is None:
        if since is None and stored:
            raise _has_price(given, stored[0].number)
        of = (
            {"subscription": given.of}
            if isinstance(given.of, str)
            else {"organization_id": given.of.organization_id, "license_id": given.of.id}
        )
        values = of | _values(given) | {"number": next_number(connection), "since": since}
        connection.execute(insert(price).values(**values, **signed.columns))
        yield Change(given.label, _fact(given), None, amount_in_words(given.amount, given.currency))
        return
    before = of_minor_units(same_day.amount, same_day.currency)
    if (before, same_day.currency) == (given.amount, given.currency):
        return
    if since is None:
        raise _has_price(given, same_day.number)
    changed = update(price).where(price.c.number == same_day.number).values(**_values(given), **signed.columns)
    connection.execute(changed)
    now = amount_in_words(given.amount, given.currency)
    yield Change(given.label, _fact(given), amount_in_words(before, same_day.currency), now)


def _stored_prices(connection: Connection, of: StoredLicense | str) -> list[Row[Any]]:
    """What was entered for a license and those that it continues, or of a subscription; the first to hold first."""
    if isinstance(of, str):
        return list(connection.execute(_OF_SUBSCRIPTION, {"subscription": of}).all())
    own = {"organization_id": of.organization_id, "license_id": of.id}
    return list(connection.execute(_OF_LINEAGE, own).all())


def _has_price(given: GivenPrice, number: int) -> UsageError:
    return UsageError(
        f"{given.label} has a price already",
        f"say from which day on this one holds (--from), or forget that one: webexhist contract remove {number}",
    )


def _values(given: GivenPrice) -> dict[str, int | str]:
    return {
        "amount": minor_units(given.amount, given.currency),
        "currency": given.currency,
        "decimals": decimals_of(given.currency),
    }


def _fact(given: GivenPrice) -> str:
    return f"price from {given.since}" if given.since else "price"
