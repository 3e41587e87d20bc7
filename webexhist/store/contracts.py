"""What people enter, for the review and the API does not have it: contracts, prices and notes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, insert, text

from webexhist.errors import UsageError
from webexhist.store.damage import damage_explained
from webexhist.store.engine import place_of, writing
from webexhist.store.errors import driver_errors_explained
from webexhist.store.history import History
from webexhist.store.license_names import StoredLicense
from webexhist.store.query import Query
from webexhist.store.schema import contract, note, price
from webexhist.store.seals import resealed

HUNDREDTHS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Contract:
    """A subscription of an organization, as its contract tells."""

    webex_id: str
    """As Webex lists it with every license ("Sub1000001")."""
    organization: str
    """The organization's id at Webex."""
    name: str | None
    anniversary: date
    """Any day on which a subscription year begins: the year does not matter."""
    allowance: int | None
    """The growth allowance in percent; None for the rule's own."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one purchased unit of a license costs a month."""

    license_id: str
    """The license's id at Webex."""
    amount: Decimal
    """In units of the currency, with two decimals."""
    currency: str
    """ISO 4217 code."""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark on a day, to be drawn on the charts."""

    id: int
    day: date
    text: str
    license_id: str | None
    """The id at Webex of the license it is about; None for all of them."""
    step: bool
    """Whether the trend before that day says nothing about the trend after it."""
    organization: str | None
    """The id at Webex of the organization it is about; None for all of them."""


CONTRACTS = Query(
    "Contracts",
    """
SELECT contract.id, organization.webex_id, contract.name, anniversary, allowance
FROM contract JOIN organization ON organization.id = contract.organization_id
ORDER BY contract.id, organization.webex_id
""",
    {},
    lambda row: Contract(
        webex_id=row.id,
        organization=row.webex_id,
        name=row.name,
        anniversary=date.fromisoformat(row.anniversary),
        allowance=None if row.allowance is None else int(row.allowance),
    ),
)

HOLDERS = "SELECT DISTINCT organization_id FROM license WHERE subscription_id = :webex_id ORDER BY organization_id"
KNOWN_SUBSCRIPTIONS = (
    "SELECT DISTINCT subscription_id FROM license WHERE subscription_id IS NOT NULL ORDER BY subscription_id"
)

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

NOTES = Query(
    "Notes",
    """
SELECT note.id, day, text, license.webex_id AS license_id, step, organization.webex_id AS organization
FROM note
LEFT JOIN license ON license.organization_id = note.organization_id AND license.id = note.license_id
LEFT JOIN organization ON organization.id = note.organization_id
ORDER BY day, note.id
""",
    {},
    lambda row: Note(row.id, date.fromisoformat(row.day), row.text, row.license_id, bool(row.step), row.organization),
)


def contracts(history: History) -> tuple[Contract, ...]:
    """Every contract, by the id of its subscription."""
    return history.read(CONTRACTS)


def prices(history: History) -> tuple[Price, ...]:
    """Every price, by the license's name."""
    return history.read(PRICES)


def notes(history: History) -> tuple[Note, ...]:
    """Every note, oldest day first."""
    return history.read(NOTES)


def set_contract(
    engine: Engine, webex_id: str, anniversary: date, allowance: int | None = None, name: str | None = None
) -> None:
    """Stores the contract of a subscription, in place of the one before.

    Raises UsageError where no license that was ever polled belongs to it.
    """
    with changing(engine, contract) as connection:
        holders = connection.scalars(text(HOLDERS), {"webex_id": webex_id}).all()
        if not holders:
            raise _no_such_subscription(webex_id, connection.scalars(text(KNOWN_SUBSCRIPTIONS)))
        values = {"id": webex_id, "name": name, "anniversary": anniversary.isoformat(), "allowance": allowance}
        connection.execute(delete(contract).where(contract.c.id == webex_id))
        connection.execute(insert(contract), [{"organization_id": holder, **values} for holder in holders])


def remove_contract(engine: Engine, webex_id: str) -> None:
    """Removes the contract of a subscription. Raises UsageError where there is none."""
    with changing(engine, contract) as connection:
        if not connection.execute(delete(contract).where(contract.c.id == webex_id)).rowcount:
            raise _no_such_subscription(webex_id, (stored.webex_id for stored in contracts(History(connection))))


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


def add_note(engine: Engine, day: date, remark: str, license_: StoredLicense | None = None) -> int:
    """Stores a note; returns its number."""
    return _add_note(engine, day, remark, license_, step=0)


def add_step(engine: Engine, day: date, remark: str, license_: StoredLicense | None = None) -> int:
    """Stores a note on a day that breaks the trend; returns its number."""
    return _add_note(engine, day, remark, license_, step=1)


def remove_note(engine: Engine, number: int) -> None:
    """Forgets a note. Raises UsageError where there is none of that number."""
    with changing(engine, note) as connection:
        if not connection.execute(delete(note).where(note.c.id == number)).rowcount:
            raise UsageError(f"there is no note {number}", "see webexhist note list")


@contextmanager
def changing(engine: Engine, table: Table) -> Iterator[Connection]:
    """A transaction that changes one of these tables, and its checksums with it."""
    with (
        damage_explained(engine),
        driver_errors_explained(place_of(engine)),
        writing(engine) as connection,
        resealed(connection, None, table),
    ):
        yield connection


def _add_note(engine: Engine, day: date, remark: str, license_: StoredLicense | None, step: int) -> int:
    about = {
        "organization_id": license_.organization_id if license_ else None,
        "license_id": license_.id if license_ else None,
    }
    values = {"day": day.isoformat(), "text": remark, "step": step, **about}
    with changing(engine, note) as connection:
        return int(connection.scalars(insert(note).values(**values).returning(note.c.id)).one())


def _price_of(license_: StoredLicense) -> ColumnElement[bool]:
    return (price.c.organization_id == license_.organization_id) & (price.c.license_id == license_.id)


def _no_such_subscription(webex_id: str, known: Iterable[str]) -> UsageError:
    names = ", ".join(known)
    return UsageError(
        f"there is no subscription {webex_id}", f"choose one of {names}" if names else "none is known yet"
    )
