"""The contracts, prices and notes of an organization, by the license that they concern."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from webexhist.review.judgment.prices import Prices
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import Note
from webexhist.store.entered.orders import Order
from webexhist.store.entered.prices import Price
from webexhist.store.entered.settlements import Settlement
from webexhist.store.rows.organization_rows import OrganizationRows


@dataclass(frozen=True, slots=True)
class EnteredFacts:
    """What people entered for one organization. It has no time of entry: a review shows what is entered today."""

    contracts: dict[str, Contract]
    """By subscription."""
    prices: Prices
    orders: tuple[Order, ...]
    settlements: tuple[Settlement, ...]
    notes: tuple[Note, ...]
    """Oldest first, none later than the last day of the review."""
    as_of: date
    """The last day of the review."""

    def contract_of(self, license_: License) -> Contract | None:
        """What was entered for its subscription."""
        return self.contracts.get(license_.subscription_id or "")

    def price_of(self, license_: License) -> Price | None:
        """What one unit of it costs on the last day of the review, where it has a price of its own."""
        return self.prices.of_license(license_.webex_id, self.as_of)

    def seat_price_of(self, subscription: str | None) -> Price | None:
        """What a seat of all that a subscription holds costs on that day."""
        return self.prices.of_seat(subscription, self.as_of)

    def notes_of(self, webex_ids: Collection[str], since: date) -> tuple[Note, ...]:
        """The notes from a day on that concern one of the licenses with these ids, or all licenses."""
        return tuple(note for note in self.notes if note.day >= since and _concerns(note, webex_ids))

    def steps_of(self, webex_ids: Collection[str]) -> tuple[date, ...]:
        """The days that are noted as steps of one of them."""
        return tuple(note.day for note in self.notes if note.step and _concerns(note, webex_ids))


def _concerns(note: Note, webex_ids: Collection[str]) -> bool:
    return note.license_id is None or note.license_id in webex_ids


def entered_facts(rows: OrganizationRows, as_of: date) -> EnteredFacts:
    """What people entered for the organization that the rows are of."""
    webex_id = rows.organization.webex_id
    return EnteredFacts(
        contracts={contract.subscription: contract for contract in rows.contracts},
        prices=Prices.of_organization(webex_id, rows.prices),
        orders=tuple(order for order in rows.orders if order.organization == webex_id),
        settlements=rows.settlements,
        notes=tuple(note for note in rows.notes if note.day <= as_of and note.organization in (None, webex_id)),
        as_of=as_of,
    )
