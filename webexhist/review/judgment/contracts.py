"""The contracts, prices and notes of an organization, by the license that they concern."""

from dataclasses import dataclass
from datetime import date

from webexhist.review.judgment.judgment import LicenseRemarks
from webexhist.review.judgment.prices import Prices
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import Note
from webexhist.store.entered.orders import Order
from webexhist.store.entered.settlements import Settlement
from webexhist.store.rows.organization_rows import OrganizationRows


@dataclass(frozen=True, slots=True)
class OrganizationRemarks:
    """What concerns one organization. It has no time of entry: a review shows what is told today."""

    contracts: dict[str, Contract]
    """By subscription."""
    prices: Prices
    orders: tuple[Order, ...]
    settlements: tuple[Settlement, ...]
    notes: tuple[Note, ...]
    """Oldest first, none later than the last day of the review."""
    as_of: date
    """The last day of the review."""

    def of_license(self, license_: License) -> LicenseRemarks:
        """What concerns one license."""
        return LicenseRemarks(
            contract=self.contracts.get(license_.subscription_id or ""),
            price=self.prices.of_license(license_.webex_id, self.as_of),
            notes=tuple(note for note in self.notes if note.license_id in (None, license_.webex_id)),
        )


def organization_remarks(rows: OrganizationRows, as_of: date) -> OrganizationRemarks:
    """What people entered of the organization that the rows are of."""
    webex_id = rows.organization.webex_id
    return OrganizationRemarks(
        contracts={contract.subscription: contract for contract in rows.contracts},
        prices=Prices.of_organization(webex_id, rows.prices),
        orders=tuple(order for order in rows.orders if order.organization == webex_id),
        settlements=rows.settlements,
        notes=tuple(note for note in rows.notes if note.day <= as_of and note.organization in (None, webex_id)),
        as_of=as_of,
    )
