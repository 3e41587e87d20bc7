"""The contracts, prices and notes of an organization, by the license that they concern."""

from dataclasses import dataclass
from datetime import date

from webexhist.review.judgment.outlook import LicenseRemarks
from webexhist.snapshot import License
from webexhist.store.contracts import Contract, Note, Price, contracts, notes, prices
from webexhist.store.history import History


@dataclass(frozen=True, slots=True)
class OrganizationRemarks:
    """The contracts, prices and notes of one organization. They have no time of entry: a review shows today's."""

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


def organization_remarks(history: History, webex_id: str, as_of: date) -> OrganizationRemarks:
    """The remarks that concern the organization with that id at Webex."""
    return OrganizationRemarks(
        contracts={
            contract.webex_id: contract for contract in contracts(history) if contract.organization == webex_id
        },
        prices={price.license_id: price for price in prices(history)},
        notes=tuple(note for note in notes(history) if note.day <= as_of and note.organization in (None, webex_id)),
    )
