"""What was told of an organization's subscriptions, prices and notes, sorted by the license it concerns."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from webexhist.review.judgment.outlook import LicenseRemarks
from webexhist.snapshot import License
from webexhist.store.contracts import Note, Price, Subscription, notes, prices, subscriptions


@dataclass(frozen=True, slots=True)
class OrganizationRemarks:
    """What was told of one organization. None of it has a time of entry: a review shows what is told now."""

    subscriptions: dict[str, Subscription]
    prices: dict[str, Price]
    notes: tuple[Note, ...]
    """Oldest first, none later than the last day of the review."""

    def of_license(self, license_: License) -> LicenseRemarks:
        """What concerns one license."""
        return LicenseRemarks(
            subscription=self.subscriptions.get(license_.subscription_id or ""),
            price=self.prices.get(license_.webex_id),
            notes=tuple(note for note in self.notes if note.license_id in (None, license_.webex_id)),
        )


def organization_remarks(connection: Connection, webex_id: str, as_of: date) -> OrganizationRemarks:
    """The remarks that concern the organization with that id at Webex."""
    return OrganizationRemarks(
        subscriptions={told.webex_id: told for told in subscriptions(connection) if told.organization == webex_id},
        prices={price.license_id: price for price in prices(connection)},
        notes=tuple(
            note for note in notes(connection) if note.day <= as_of and note.organization in (None, webex_id)
        ),
    )
