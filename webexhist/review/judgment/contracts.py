"""The contracts, prices and notes of an organization, by the license that they concern."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from webexhist.review.judgment.judgment import LicenseRemarks
from webexhist.snapshot import License
from webexhist.store.entered.contracts import Contract
from webexhist.store.entered.notes import Note
from webexhist.store.entered.prices import Price


@dataclass(frozen=True, slots=True)
class OrganizationRemarks:
    """What concerns one organization. It has no time of entry: a review shows what is told today."""

    contracts: dict[str, Contract]
    prices: dict[str, Price]
    notes: tuple[Note, ...]
    """Oldest first, none later than the last day of the review."""

    def of_license(self, license_: License) -> LicenseRemarks:
        """What concerns one license."""
        return LicenseRemarks(
            contract=self.contracts.get(license_.subscription_id or ""),
            price=self.prices.get(license_.webex_id),
            notes=tuple(note for note in self.notes if note.license_id in (None, license_.webex_id)),
        )


def organization_remarks(
    webex_id: str, contracts: Iterable[Contract], prices: Iterable[Price], notes: Iterable[Note], as_of: date
) -> OrganizationRemarks:
    """Those of all contracts, prices and notes that concern the organization with that id at Webex."""
    return OrganizationRemarks(
        contracts={contract.subscription: contract for contract in contracts},
        prices={price.license_id: price for price in prices},
        notes=tuple(note for note in notes if note.day <= as_of and note.organization in (None, webex_id)),
    )
