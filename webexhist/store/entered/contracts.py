"""Contracts: what Webex does not tell of a subscription."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, delete, insert, text

from webexhist.errors import UsageError
from webexhist.store.entered.changes import changing
from webexhist.store.opening.history import History
from webexhist.store.query import Query
from webexhist.store.schema import contract


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


def contracts(history: History) -> tuple[Contract, ...]:
    """Every contract, by the id of its subscription."""
    return history.read(CONTRACTS)


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


def _no_such_subscription(webex_id: str, known: Iterable[str]) -> UsageError:
    names = ", ".join(known)
    return UsageError(
        f"there is no subscription {webex_id}", f"choose one of {names}" if names else "none is known yet"
    )
