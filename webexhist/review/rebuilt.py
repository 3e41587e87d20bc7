"""What people said of a finished month after its end, so that it is not what it was; its foot says so."""

from webexhist.quantities import quantity
from webexhist.review.lineages import histories_joined_since
from webexhist.review.reviewed_time import ReviewedTime
from webexhist.store.rows.organization_rows import OrganizationRows


def rebuilt_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """Everything of that kind, in words."""
    return (
        *zone_entered_since(rows, time),
        *contracts_entered_since(rows, time),
        *histories_joined_since(rows, time),
        *imported_since(rows, time),
    )


def zone_entered_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """Says that the days are those of another time zone."""
    known = rows.organization.known
    if known.zone_entered_at is None or known.zone_entered_at < time.ends_at:
        return ()
    return (
        f"{known.zone_entered_by} entered the time zone {known.zone.name}"
        f" on {time.zone.day_of(known.zone_entered_at)}",
    )


def imported_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """Says that snapshots were imported among those that were there, or before them."""
    return tuple(
        f"import of {quantity(span.snapshots, 'snapshot')} by {span.imported_by}"
        f" on {time.zone.day_of(span.imported_at)}"
        for span in rows.imports
        if span.imported_at >= time.ends_at > span.first_at
        if span.stored_until and span.stored_until >= time.begins_at
    )


def contracts_entered_since(rows: OrganizationRows, time: ReviewedTime) -> tuple[str, ...]:
    """Says that licenses are judged by other contracts, or by the same ones as they were changed."""
    subscriptions = {known.license.subscription_id for known in rows.licenses}
    return tuple(
        f"{contract.signed.by} entered the contract {contract.subscription} on {time.zone.day_of(contract.signed.at)}"
        for contract in rows.contracts
        if contract.signed and contract.signed.at >= time.ends_at
        if contract.subscription in subscriptions and contract.handed_from is None
    )
